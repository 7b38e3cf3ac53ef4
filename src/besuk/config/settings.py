"""All settings, typed, from `BESUK_*` variables. Mistakes are told by the checks in `checks.py`."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from besuk.config import env

PACKAGE_DIR = Path(__file__).resolve().parent.parent

# --- what and where -----------------------------------------------------------------------------
BESUK_MODE = env.text("BESUK_MODE", "test")
"""`production`, `demo` or `test`. Only `demo` has the start page and default secrets."""
BESUK_DATA_DIR = env.path("BESUK_DATA_DIR", Path.cwd() / "build" / "data")
BESUK_FILES_DIR = env.path("BESUK_FILES_DIR", BESUK_DATA_DIR / "files")
BESUK_CHECKPOINTS_DIR = env.path("BESUK_CHECKPOINTS_DIR", BESUK_DATA_DIR / "checkpoints")
"""Signed checkpoints of the log; best on a disk that somebody outside the prison keeps."""
BESUK_SITE_URL = env.text("BESUK_SITE_URL", "http://127.0.0.1:8000")
BESUK_NOTICE_CHANNELS = env.words("BESUK_NOTICE_CHANNELS", "file")
BESUK_PROCESSES = env.number("BESUK_PROCESSES", 1)
BESUK_REDIS_URL = env.text("BESUK_REDIS_URL")

# --- secrets ------------------------------------------------------------------------------------
SECRET_KEY = env.text("BESUK_SECRET_KEY", "test-only-not-secret")
BESUK_MASTER_KEYS = env.keys("BESUK_MASTER_KEYS") or {"test": b"besuk-test-only-key-not-a-secret"}

# --- media --------------------------------------------------------------------------------------
BESUK_MEDIA = env.text("BESUK_MEDIA", "stub")
"""`livekit`, or `stub`: no media at all, everything else real."""
BESUK_MEDIA_URL = env.text("BESUK_MEDIA_URL", "http://127.0.0.1:7880")
BESUK_MEDIA_API_KEY = env.text("BESUK_MEDIA_API_KEY", "besuk")
BESUK_MEDIA_API_SECRET = env.text("BESUK_MEDIA_API_SECRET", "test-only-not-secret-test-only-not-secret")
BESUK_LEASES_DIR = env.path("BESUK_LEASES_DIR", BESUK_DATA_DIR / "leases")

# --- Django -------------------------------------------------------------------------------------
DEBUG = False
ALLOWED_HOSTS = env.words("BESUK_HOSTS", "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = [BESUK_SITE_URL]
ROOT_URLCONF = "besuk.config.urls"
ASGI_APPLICATION = "besuk.config.asgi.application"
AUTH_USER_MODEL = "accounts.Staff"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "besuk.ground.kernel",
    "besuk.ground.audit",
    "besuk.ground.accounts",
    "besuk.ground.facilities",
    "besuk.ground.timetable",
    "besuk.ground.media",
    "besuk.ground.notices",
    "besuk.flow.approvals",
    "besuk.flow.bookings",
    "besuk.flow.checkin",
    "besuk.flow.live",
    "besuk.flow.oversight",
    "besuk.flow.complaints",
    "besuk.web",
    "besuk.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "besuk.web.shared.middleware.RequestStory",
    "besuk.web.shared.uploads.BodyLimit",
    "besuk.web.shared.middleware.WrongMethod",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE_DIR / "web" / part / "templates" for part in (
            "shared", "public", "visitor", "station", "desk", "wall", "office",
        )],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "besuk.web.shared.context.who_is_here",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "besuk.web.templatetags.besuk"],
        },
    }
]  # fmt: skip

# --- database -----------------------------------------------------------------------------------
DATABASES = {"default": {**env.database(env.text("BESUK_DATABASE_URL"), BESUK_DATA_DIR), "ATOMIC_REQUESTS": False}}

# --- sign-in ------------------------------------------------------------------------------------
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/staff/sign-in/"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BESUK_SITE_URL.startswith("https://")
SESSION_COOKIE_NAME = env.text("BESUK_SESSION_COOKIE", "besuk_session")
CSRF_COOKIE_NAME = "besuk_csrf"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_FAILURE_VIEW = "besuk.web.shared.errors.form_too_old"
BESUK_SECOND_FACTOR = env.text("BESUK_SECOND_FACTOR", "required" if BESUK_MODE == "production" else "optional")
"""`required`: no member of staff comes in with a password alone. `optional`: only those who set one up are asked."""

# --- words --------------------------------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Bahasa Indonesia")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "besuk_language"
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files and headers --------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("BESUK_STATIC_ROOT", BESUK_DATA_DIR / "static")
STATICFILES_DIRS = [PACKAGE_DIR / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = BESUK_MODE == "test"
WHITENOISE_MAX_AGE = 365 * 24 * 3600
"""Seconds a browser may keep a file: long, since its address changes with its content."""
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "besuk.config.static_files.VersionedFiles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
BESUK_UPLOAD_LIMIT = env.number("BESUK_UPLOAD_LIMIT_MB", 15) * 1024 * 1024
"""Bytes of one picture; a request over twice this is cut off while it arrives."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if BESUK_MODE == "production" and SESSION_COOKIE_SECURE else 0
BESUK_BEHIND_PROXY = env.flag("BESUK_BEHIND_PROXY")
"""Whether a proxy of ours stands in front, whose X-Forwarded-Proto and X-Forwarded-For may be believed."""
if BESUK_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("BESUK_LOG_LEVEL", "WARNING")},
}
