"""Applications, middleware, templates, static files, language and time."""

from pathlib import Path

from sop.settings.environment import BASE_DIR as BASE_DIR
from sop.settings.environment import PRODUCTION, flag, text, whole_number, words
from sop.settings.environment import VAR_DIR as VAR_DIR

DEBUG = flag("SOP_DEBUG", default=False)
PRODUCT_NAME = text("SOP_PRODUCT_NAME", "Concord")

# In planning order, from the data to the decision; each imports only from the ones before it.
ROOMS = ["cycles", "datahub", "portfolio", "demand", "supply", "reconciliation", "kpis", "executive"]

INSTALLED_APPS = [
    "sop.apps.SopConfig",
    *ROOMS,
    "sop.apps.TechnicalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "simple_history",
    "django_structlog",
    "django_prometheus",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "sop.sessions.SessionLimitsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sop.sessions.SignInRequiredMiddleware",
    "sop.sessions.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "sop.middleware.OneReadingMiddleware",
    "sop.middleware.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "sop.urls"
WSGI_APPLICATION = "sop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sop.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

STATIC_URL = "static/"
STATIC_ROOT = Path(text("SOP_STATIC_DIR", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "files", "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "sop.static_files.HashedStaticFiles"},
}

# Uploads beyond this are refused before they are read; the import checks a spreadsheet's unpacked size.
UPLOAD_LIMIT_BYTES = whole_number("SOP_UPLOAD_LIMIT_MB", default=20, least=1) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

LANGUAGE_CODE = "en-gb"
TIME_ZONE = text("SOP_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
if not text("EMAIL_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = text("EMAIL_HOST", "localhost")
EMAIL_PORT = whole_number("EMAIL_PORT", default=587 if PRODUCTION else 25, least=1)
EMAIL_HOST_USER = text("EMAIL_USER")
EMAIL_HOST_PASSWORD = text("EMAIL_PASSWORD")
EMAIL_USE_TLS = flag("EMAIL_TLS", default=PRODUCTION)
DEFAULT_FROM_EMAIL = text("EMAIL_FROM", "planning@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = [(address, address) for address in words("SOP_ADMIN_EMAILS")]
