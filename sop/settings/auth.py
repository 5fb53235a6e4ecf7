"""Who may sign in, how, and for how long."""

from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

from sop.settings.environment import PRODUCTION, flag, secret, text, whole_number, words
from sop.settings.security import PROXY_COUNT

AUTH_USER_MODEL = "cycles.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "sop.admin_site.TechnicalRights",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# The sliding limit is kept by sop.sessions, which spares the database a write on every request.
SESSION_IDLE_SECONDS = whole_number("SOP_SESSION_IDLE_MINUTES", default=30, least=1) * 60
SESSION_ABSOLUTE_SECONDS = whole_number("SOP_SESSION_HOURS", default=12, least=1) * 3600
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Accounts are made by an administrator or come from the company's identity provider, never by signing up.
ACCOUNT_ADAPTER = "sop.sign_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "sop.sign_in.ProviderAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# Wrong passwords are counted by axes below, across processes and with a page of its own.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "300/m/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=whole_number("SOP_LOCKOUT_MINUTES", default=15, least=1))
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# By account and address together: a stranger elsewhere cannot lock a planner out on the day of the gate.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "sop.sign_in.name_tried"
AXES_LOCKOUT_CALLABLE = "sop.error_views.locked_out"
AXES_CLIENT_IP_CALLABLE = "sop.sign_in.client_address"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS: list[str] = []

# Roles (group names) that must have a second factor; everybody may. Off by default.
REQUIRE_MFA_ROLES = words("SOP_REQUIRE_MFA")
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = text("SOP_PRODUCT_NAME", "Concord")
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# One OpenID Connect provider, for companies that have single sign-on.
OIDC_SERVER_URL = text("SOP_OIDC_SERVER_URL")
OIDC_CLIENT_ID = text("SOP_OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = secret("SOP_OIDC_CLIENT_SECRET")
if OIDC_SERVER_URL and not (OIDC_CLIENT_ID and OIDC_CLIENT_SECRET):
    raise ImproperlyConfigured(
        "SOP_OIDC_SERVER_URL needs SOP_OIDC_CLIENT_ID and SOP_OIDC_CLIENT_SECRET as well."
    )
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = flag("SOP_OIDC_MATCH_EMAIL", default=True)
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = SOCIALACCOUNT_EMAIL_AUTHENTICATION
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": text("SOP_OIDC_NAME", "Company sign-in"),
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ]
        if OIDC_SERVER_URL
        else [],
    }
}
