"""All settings, from environment variables (names: docs/operating.md); one clear line where one is wrong."""

import contextlib
import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from kombu import Queue
from whitenoise.compress import Compressor  # type: ignore[import-untyped]

from portal.files import FilesMisconfigured, file_storage

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("TANDEM_VAR") or BASE_DIR / "var")


def refuse_to_start(line: str) -> NoReturn:
    sys.exit(f"Tandem cannot start: {line}")


@contextlib.contextmanager
def understood(var: str, example: str) -> Iterator[None]:
    """Ends the start in one line where ``var`` is not understood; it may be secret and is not shown."""
    try:
        yield
    except (ValueError, ImproperlyConfigured):
        refuse_to_start(f"{var} is not {example}.")


class Environment(environ.Env):  # type: ignore[misc]
    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        with understood(var, "what docs/operating.md says it may be"):
            return super().get_value(var, *args, **options)

    def count(self, var: str, default: int) -> int:
        """A whole number that is not negative."""
        value: int = self.int(var, default=default)
        if value < 0:
            refuse_to_start(f"{var} is negative.")
        return value


env = Environment()


def loopback(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def own_secret_key() -> str:
    """The key of an installation with embedded servers, made once and kept in var/."""
    path = VAR / "secret_key"
    VAR.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"secret_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        # A link, not a rename: of two processes that start at once, the first one's key stays.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text()


DEMO = env.bool("TANDEM_DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
EMBEDDED = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
if EMBEDDED:
    from portal import embedded

BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
with understood("BASE_URL", "an address such as https://tandem.example.org"):
    if not (BASE_URL.startswith(("http://", "https://")) and urlsplit(BASE_URL).hostname):
        raise ValueError
if DEMO and not loopback(BASE_URL):
    refuse_to_start("TANDEM_DEMO=1 opens well-known accounts and works only with a BASE_URL on 127.0.0.1.")

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not (EMBEDDED or DEBUG or DEMO):
        refuse_to_start(
            "SECRET_KEY is missing. Set it to a long random text that only this installation knows."
        )
    SECRET_KEY = own_secret_key()

# The machine's own names always: by these the container's health check asks.
ALLOWED_HOSTS = [str(urlsplit(BASE_URL).hostname), "127.0.0.1", "localhost"]
ALLOWED_HOSTS += env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "portal",
    "notifications",
    "requests_app",
    "knowhow",
    "teams",
    "activity",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "portal.apps.CollectedFilesConfig",
    "django.contrib.admin",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    # Pages carry secrets beside what people type; Django pads the answers against guessing by length.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teams.middleware.PersonLocaleMiddleware",
    "portal.errors.NothingToReadMiddleware",
    "portal.api.middleware.ApiMiddleware",
    "teams.middleware.SignInMiddleware",
    "teams.middleware.FirstStartMiddleware",
    "notifications.middleware.FromDigestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.frame",
            ],
        },
    }
]

# Data ---------------------------------------------------------------------------------------------
with understood("DATABASE_URL", "an address such as postgresql://user:password@host:5432/name"):
    database_url = os.environ.get("DATABASE_URL") or embedded.database_url(VAR)
    if not database_url.startswith(("postgresql://", "postgres://")):
        raise ValueError
    DATABASES = {"default": env.db_url_config(database_url)}
DATABASES["default"].update(
    CONN_MAX_AGE=60,
    CONN_HEALTH_CHECKS=True,
    ATOMIC_REQUESTS=False,
)
DATABASES["default"].setdefault("OPTIONS", {}).update(
    options=(
        f"-c statement_timeout={env.count('STATEMENT_TIMEOUT_MS', default=30_000)}"
        " -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
        # Most joins only add names to a row. Weighing every order of seven tables takes ten times as long as
        # reading them; three at a time are weighed, the others follow as they are written.
        " -c join_collapse_limit=3"
        # Compiling what a page asks takes longer than running it.
        " -c jit=off"
    ),
)
# Person.email is unique, whatever its case, by a constraint of its own.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = os.environ.get("REDIS_URL") or embedded.redis_url(VAR)
if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
    refuse_to_start(
        "REDIS_URL is not an address such as redis://host:6379/0 or unix:///path/redis.sock?db=0."
    )
# Sign-in and throttles must work without Redis, so the default cache lives in the database.
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Above it a third is thrown away, and with it what throttles have counted: Django's 300 are few.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# People -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "teams.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "teams.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "teams.account_forms.LoginForm",
    "reset_password": "teams.account_forms.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Failed sign-ins per address and per account; each successful one is taken back from the count.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/300s/key"}
# Throttles count by the caller's address: how many proxies in front add theirs to X-Forwarded-For, or the
# one header in which a proxy puts it.
ALLAUTH_TRUSTED_PROXY_COUNT = env.count(
    "TRUSTED_PROXY_COUNT", default=1 if env.bool("BEHIND_PROXY", default=False) else 0
)
ALLAUTH_TRUSTED_CLIENT_IP_HEADER = env.str("CLIENT_IP_HEADER", default="") or None

SESSION_ENGINE = "teams.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "worker-src": [SELF],
        "manifest-src": [SELF],
    },
}

# Words and time -----------------------------------------------------------------------------------
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="de")
LANGUAGES = [("de", _("German")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Berlin")
if LANGUAGE_CODE not in dict(LANGUAGES):
    refuse_to_start(f"LANGUAGE_CODE {LANGUAGE_CODE!r} is neither de nor en.")
if TIME_ZONE not in available_timezones():
    refuse_to_start(f"TIME_ZONE {TIME_ZONE!r} is no time zone such as Europe/Berlin.")
USE_TZ = True

# Files --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", VAR / "frontend"]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(VAR / "media"))
try:
    UPLOADS = file_storage(os.environ)
except FilesMisconfigured as error:
    refuse_to_start(str(error))
STORAGES: dict[str, dict[str, Any]] = {
    "default": UPLOADS,
    "staticfiles": {"BACKEND": "portal.static_files.CollectedFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# What browsers ask for only beside their tools for developers takes longest to compress.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Of files larger than what fits into memory only so much is written to the disk as could be kept.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "portal.files.BoundedUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o640
# Ten files a request, and some to be told that they are too many.
DATA_UPLOAD_MAX_NUMBER_FILES = 50

# Mail ---------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tandem <tandem@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if DEMO or (DEBUG and "EMAIL_URL" not in os.environ):
    EMAIL_BACKEND = "notifications.demo_mail.Backend"
else:
    with understood("EMAIL_URL", "an address such as smtp+tls://user:password@host:587"):
        vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
# A server that takes 20 seconds for a mail is waited for; the hard limit of the sending lies above.
EMAIL_TIMEOUT = 25
# The mailbox that answers go to, and by which way its mail comes in; without an address nobody can answer.
INCOMING_MAIL_ADDRESS = env.str("INCOMING_MAIL_ADDRESS", default="")
INCOMING_MAIL_URL = env.str("INCOMING_MAIL_URL", default="")
INCOMING_MAIL_SECRET = env.str("INCOMING_MAIL_SECRET", default="")
with understood("INCOMING_MAIL_ADDRESS", "an address such as tandem@example.org, without a plus"):
    if INCOMING_MAIL_ADDRESS and not re.fullmatch(
        r"[\w.-]{1,20}@[\w.-]{1,190}", INCOMING_MAIL_ADDRESS, re.ASCII
    ):
        raise ValueError
with understood("INCOMING_MAIL_URL", "an address such as imaps://user:password@host:993/INBOX"):
    if INCOMING_MAIL_URL and not re.match(r"imap(s|\+tls)?://[^/]+@[^/]+", INCOMING_MAIL_URL):
        raise ValueError

# The way out to addresses that people enter ----------------------------------------------------------
# Hosts in the house, such as a Mattermost: "chat.example.org" or "10.0.0.5:8065".
OUTGOING_ALLOWED_HOSTS = env.list("OUTGOING_ALLOWED_HOSTS", default=[])
# Who may read /metrics from elsewhere than this machine.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Background ---------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("unix://"):
    # redis-py and Celery name the same socket and database in different words.
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace(
        "?db=", "?virtual_host=", 1
    )
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 0,
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# A worker without -Q serves all; a slow mail server holds up only those that serve mail.
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("default", "mail", "webhooks")]
CELERY_TASK_ROUTES = {
    "notifications.tasks.deliver": {"queue": "mail"},
    "notifications.tasks.deliver_chat": {"queue": "webhooks"},
    "notifications.tasks.fetch_mail": {"queue": "webhooks"},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# API ----------------------------------------------------------------------------------------------
# Each person's, and each address's that nobody is signed in from; 0: as many as they like.
API_REQUESTS_PER_MINUTE = env.count("API_REQUESTS_PER_MINUTE", default=600)
API_ANONYMOUS_REQUESTS_PER_MINUTE = env.count("API_ANONYMOUS_REQUESTS_PER_MINUTE", default=60)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.authentication.TokenAuthentication",
        "portal.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.authentication.ScopePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttles.ApiThrottle"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "portal.api.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.ProblemSchema",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "portal.api.errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tandem API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.schema.add_problem",
    ],
    "ENUM_NAME_OVERRIDES": {
        "Status": "requests_app.choices.Status",
        "BoardStatus": "requests_app.api.answers.BOARD_STATUSES",
        "Side": "teams.models.Side",
        "PersonSide": "teams.models.PersonSide",
        "TandemSide": "requests_app.models.ASKABLE",
        "SolutionStatus": "knowhow.models.Stage",
        "ExpertLevel": "knowhow.models.Level",
        "ExchangeKind": "knowhow.exchanges.models.ExchangeKind",
        "NewsKind": "notifications.choosing.kinds.Kind",
        "FoundKind": "portal.api.search.KINDS",
    },
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
