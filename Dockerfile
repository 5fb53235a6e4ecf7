# Two stages: the first needs pip and the network, the second only what runs.
FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
RUN /opt/venv/bin/pip install --require-hashes --requirement /tmp/requirements.txt
WORKDIR /app
COPY . .
# Hashed and compressed once, here, and not at every start; no secret is needed for it.
RUN SOP_VAR_DIR=/tmp/build SOP_STATIC_DIR=/app/static-collected \
    /opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf tests benchmarks

FROM python:3.11-slim-bookworm
# LightGBM's OpenMP runtime is the one system library that the wheels do not bring.
RUN apt-get update && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /home/sop sop \
    && install --directory --owner sop --mode 0700 /var/lib/sop
COPY --from=build /opt/venv /opt/venv
COPY --from=build --chown=root:root /app /app
WORKDIR /app
ENV SOP_ENV=production SOP_BIN=/opt/venv/bin SOP_VAR_DIR=/var/lib/sop SOP_STATIC_DIR=/app/static-collected \
    BIND=0.0.0.0:8000 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER sop
VOLUME /var/lib/sop
EXPOSE 8000
ENTRYPOINT ["/app/deploy/entry"]
CMD ["web"]
