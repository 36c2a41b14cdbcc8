"""Settings. What differs between places comes from the environment; `.env.example` lists it all."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

SECRET_KEY = env.str("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 random characters.")
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])

INSTALLED_APPS = [
    "agano_dx.apps.MasterSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "auditlog",
    "csp",
    "django_htmx",
    "staff",
    "training",
    "leaders",
    "reports",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "staff.middleware.NullSignMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "staff.middleware.AccessMiddleware",
    "staff.middleware.FirstPasswordMiddleware",
]

ROOT_URLCONF = "agano_dx.urls"
WSGI_APPLICATION = "agano_dx.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "staff.navigation.navigation",
            ],
            "builtins": ["agano_dx.lib.filters"],
        },
    }
]
# Our own field template stands in templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -----------------------------------------------------------------------------------
# SQLite measured without IMMEDIATE: a third of the writes by 8 writers fail with "database is
# locked"; with it none.
(BASE_DIR / "var").mkdir(exist_ok=True)
DATABASE_URL = env.str("DATABASE_URL", default="") or f"sqlite:///{BASE_DIR}/var/agano.sqlite3"
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"] |= {
        "ENGINE": "agano_dx.lib.sqlite",
        # pytest-xdist knows only Django's own backend to keep its tests in memory by itself.
        "TEST": {"NAME": ":memory:"},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            " PRAGMA foreign_keys=ON;",
        },
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_MAX", default=8)},
            "options": "-c statement_timeout=30s -c lock_timeout=5s"
            " -c idle_in_transaction_session_timeout=60s",
        },
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits live in the database, so that they survive restarts and hold across workers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "agano_dx_cache",
    }
}

# --- People and sign-in -------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "staff.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "staff.forms.accounts.LoginForm",
    "change_password": "staff.forms.accounts.ChangePasswordForm",
}
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Language and time --------------------------------------------------------------------------
LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# --- Static files -------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "agano_dx" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
SAMPLE_CITY_DIR = BASE_DIR / "fixtures" / "sample_city"

# --- Papers -------------------------------------------------------------------------------------
# Who issues 修了証, as it stands under them: 「阿賀野市」 or 「阿賀野市長　○○　○○」.
CERTIFICATE_ISSUER = env.str("CERTIFICATE_ISSUER", default="") or "阿賀野市"

# --- Files from outside -------------------------------------------------------------------------
# Uploads are read in memory and never stored; the workbook reader has limits of its own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # an attendance page of 500 people posts 4 fields a person

# --- E-mail -------------------------------------------------------------------------------------
# Without EMAIL_URL nothing is ever sent: reminders are printed instead.
EMAIL_URL = env.str("EMAIL_URL", default="")
SENDS_EMAIL = bool(EMAIL_URL)
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
EMAIL_TIMEOUT = 20
if SENDS_EMAIL:
    globals().update(env.email_url_config(EMAIL_URL))
    DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
# Working days before an offering begins, and after one that somebody missed; 0 is never.
REMIND_BEFORE = env.int("REMIND_BEFORE", default=3)
REMIND_AFTER_ABSENCE = env.int("REMIND_AFTER_ABSENCE", default=1)

# --- Security -----------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# --- Audit and logs -----------------------------------------------------------------------------
# Single saves of every model leave their entry by themselves; bulk writes say it through
# agano_dx.lib.audit.
AUDITLOG_INCLUDE_TRACKING_MODELS = (
    "staff",
    "training",
    "leaders",
    "reports",
    # Behind their app: the last word about a model holds.
    {"model": "staff.User", "exclude_fields": ["password", "last_login"]},
    # Personal data that goes when an import is decided; the log would keep it.
    {"model": "staff.RosterFile", "exclude_fields": ["content"]},
    {"model": "staff.RosterUndo", "exclude_fields": ["created", "changed"]},
    {"model": "training.AttendanceUpload", "exclude_fields": ["rows"]},
    # The log names its author; what somebody thinks of a training is nobody's to look up there.
    {
        "model": "training.SurveyAnswer",
        "exclude_fields": ["understanding", "usefulness", "satisfaction", "comment"],
    },
    {"model": "training.EvidenceFile", "exclude_fields": ["content"]},
    {"model": "leaders.LeaderUpload", "exclude_fields": ["content"]},
    # Between the person and HR, and HR's own: the log is read by others.
    {"model": "leaders.TransferRequest", "exclude_fields": ["preference", "note"]},
    {"model": "leaders.SuitabilityNote", "exclude_fields": ["text"]},
    # Everybody's facts of a year; the row itself never changes.
    {"model": "reports.Snapshot", "exclude_fields": ["figures", "rule", "members"]},
)
AUDITLOG_STORE_JSON_CHANGES = True
# Fixtures are loaded raw; their rows get no entry each.
AUDITLOG_DISABLE_ON_RAW_SAVE = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
