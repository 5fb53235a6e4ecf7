"""One JSON object per line on standard output, with request and user ids; plain text for people."""

import logging

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from sop.settings.environment import PRODUCTION, one_of

LOG_FORMAT = one_of("SOP_LOG_FORMAT", {"json", "text"}, default="json" if PRODUCTION else "text")
LOG_LEVEL = one_of(
    "SOP_LOG_LEVEL", {"DEBUG", "INFO", "WARNING", "ERROR"}, default="INFO" if PRODUCTION else "WARNING"
)

SHARED_PROCESSORS: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
RENDERERS: dict[str, list[structlog.types.Processor]] = {
    "json": [
        # Without local variables: they may hold passwords and prices.
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        structlog.processors.JSONRenderer(),
    ],
    "text": [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *RENDERERS[LOG_FORMAT],
            ],
            "foreign_pre_chain": SHARED_PROCESSORS,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        # A refused page is the log of the request itself; a second line for it is noise.
        "django.request": {"level": "ERROR"},
        # The folder broker has no host, and kombu says so at every connection.
        "kombu.connection": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
    },
}

structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *SHARED_PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# A refusal or a wrong address is the visitor's affair; what broke on our side is an error.
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
