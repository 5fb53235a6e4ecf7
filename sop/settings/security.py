"""Secrets, hosts, cookies, transport security and the content security policy."""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from sop.settings.environment import PRODUCTION, VAR_DIR, flag, required, secret, whole_number, words


def stored_key(path: Path) -> str:
    """The key kept in ``path``, made on first use and readable by this user alone."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(64))
    return key


SECRET_KEY = required("SOP_SECRET_KEY", secret("SOP_SECRET_KEY"), "to sign sessions")
if not SECRET_KEY:
    SECRET_KEY = stored_key(VAR_DIR / "secret_key")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SOP_SECRET_KEY must have at least 50 characters.")
SECRET_KEY_FALLBACKS = words("SOP_OLD_SECRET_KEYS")

ALLOWED_HOSTS = words("SOP_ALLOWED_HOSTS", [] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
required("SOP_ALLOWED_HOSTS", ",".join(ALLOWED_HOSTS), "to know which names it answers to")
CSRF_TRUSTED_ORIGINS = words("SOP_TRUSTED_ORIGINS", [f"https://{host}" for host in ALLOWED_HOSTS])

# Proxies in front whose X-Forwarded-For is believed; with none, the header is a stranger's claim.
PROXY_COUNT = whole_number("SOP_PROXY_COUNT", default=1 if PRODUCTION else 0)

# Off only where the whole installation is reached by plain http, as on one's own machine.
HTTPS = flag("SOP_HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^live$", r"^ready$", r"^metrics$"]
SECURE_HSTS_SECONDS = whole_number("SOP_HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# The proxy in front sets this header and drops a client's own (deploy/Caddyfile).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "sop.error_views.csrf_failure"

# sop.csp relaxes style-src, and nothing else, for pages that draw charts.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# /metrics answers this machine only, unless a collector sends this word as a bearer token.
METRICS_TOKEN = secret("SOP_METRICS_TOKEN")
