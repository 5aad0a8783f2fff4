"""What whoever runs this server decides. Everything comes from the environment, typed; nothing is read elsewhere."""

import os
import secrets as random
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlparse

from django.utils.translation import gettext_lazy as _

from jiugong.lib import secrets
from jiugong.lib.certificates import certified_hosts

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Setting:
    """One thing that the environment decides: its name, its type, what holds without it, and what it means."""

    name: str
    type: type
    default: str
    meaning: str


SETTINGS = [
    Setting("JIUGONG_HOME", Path, "./var", "Folder with the database, the keys and the files of this installation."),
    Setting("JIUGONG_DATABASE_URL", str, "", "postgresql://user:password@host:port/name; empty is SQLite in the home."),
    Setting("JIUGONG_SECRET_KEY", str, "", "Signs sessions; empty takes the key that `jiugong setup` wrote."),
    Setting("JIUGONG_ALLOWED_HOSTS", list, "localhost,127.0.0.1,[::1]", "Names under which browsers may reach us."),
    Setting("JIUGONG_TRUSTED_ORIGINS", list, "", "Origins such as https://park.example that stand behind a proxy."),
    Setting("JIUGONG_HTTPS", bool, "false", "Cookies only over TLS. Set it as soon as a proxy or --tls gives TLS."),
    Setting("JIUGONG_LANGUAGE", str, "zh-hans", "Language where nobody chose one: zh-hans or en."),
    Setting("JIUGONG_TIMEZONE", str, "Asia/Shanghai", "Time zone of a park that is created without one."),
    Setting("JIUGONG_BIND", str, "127.0.0.1:8000", "Address and port on which `jiugong serve` listens."),
    Setting("JIUGONG_TLS", str, "", "Who gives TLS: local (our authority) or own (the park's). `serve --tls` sets it."),
    Setting("JIUGONG_TLS_PORT", int, "8443", "The port over TLS, as pages write it into addresses. `serve --tls` sets it."),
    Setting("JIUGONG_PLAIN_PORT", int, "0", "The plain port where phones fetch our authority; 0 is none. `serve --tls` sets it."),
    Setting("JIUGONG_WORKERS", int, "0", "Server processes; 0 is one on SQLite (one writer) and two on PostgreSQL."),
    Setting("JIUGONG_WORKER", str, "auto", "auto: what takes long is done by the worker while it runs; never: always at once."),
    Setting("JIUGONG_LOG", str, "json", "What the log on stderr is for: json (a program) or text (people)."),
    Setting("JIUGONG_METRICS_TOKEN", str, "", "Opens /metrics to other machines as a bearer token; this machine needs none."),
    Setting("JIUGONG_SIGN_IN_SECONDS", int, "30", "How long a device that sends scans is remembered without asking the database; "
            "powers and tokens that are taken away end for it that much later. 0 asks each time."),
    Setting("JIUGONG_ADDRESS", str, "", "Where people reach us, as in https://park.example: it stands in what is sent to them."),
    Setting("JIUGONG_GATEWAYS", list, "https://qyapi.weixin.qq.com,https://oapi.dingtalk.com,https://open.feishu.cn",
            "Origins to which messages may be sent; a park's SMS gateway is added here by whoever runs the server, before a park "
            "can name it."),
    Setting("JIUGONG_SMTP_URL", str, "", "smtp://user:password@host:587 (STARTTLS; ?tls=none without) or smtps://…:465; empty: "
            "no mail."),
    Setting("JIUGONG_MAIL_FROM", str, "", "The sender of mail, as in 九宫 <jiugong@park.example>."),
    Setting("JIUGONG_GATEWAY_SECONDS", int, "15", "How long a gateway or a mail server may take to answer (at most 60)."),
    Setting("JIUGONG_QUIET_HOURS", str, "22:00-07:00", "Quiet hours of a park that has said nothing else (assumption: no source "
            "sets them); what is not urgent waits until they end."),
    Setting("JIUGONG_BACKUP_AT", str, "03:20", "When the worker makes the day's backup, in JIUGONG_TIMEZONE; empty: never."),
    Setting("JIUGONG_RETENTION_AT", str, "04:10", "When the worker deletes what is past its time, likewise; empty: never."),
    Setting("JIUGONG_BACKUP_FOLDER", Path, "", "Where it goes, best on another disk; empty is `backups` in the home."),
    Setting("JIUGONG_BACKUP_KEEP", int, "14", "How many of them are kept; older ones are destroyed."),
    Setting("JIUGONG_HISTORY_MB", int, "512", "How much memory a question to the history of closed days may take in a process."),
    Setting("JIUGONG_OIDC_URL", str, "", "Issuer of an OpenID Connect house whose identities may be tied to accounts here."),
    Setting("JIUGONG_OIDC_ID", str, "", "Our client id there; with the secret it switches this way of signing in on."),
    Setting("JIUGONG_OIDC_SECRET", str, "", "Our secret there."),
    Setting("JIUGONG_OIDC_NAME", str, "SSO", "What the sign-in page calls it."),
    Setting("JIUGONG_FEISHU_ID", str, "", "App ID at Feishu; with the secret it switches this way of signing in on."),
    Setting("JIUGONG_FEISHU_SECRET", str, "", "App secret at Feishu."),
    Setting("JIUGONG_FEISHU_URL", str, "https://open.feishu.cn", "Where Feishu answers."),
    Setting("JIUGONG_DINGTALK_ID", str, "", "Client id at DingTalk; with the secret it switches this way of signing in on."),
    Setting("JIUGONG_DINGTALK_SECRET", str, "", "Client secret at DingTalk."),
    Setting("JIUGONG_DINGTALK_URL", str, "https://api.dingtalk.com", "Where DingTalk answers programs."),
    Setting("JIUGONG_DINGTALK_LOGIN_URL", str, "https://login.dingtalk.com", "Where DingTalk asks people."),
    Setting("JIUGONG_WECOM_CORP", str, "", "Corporation id at WeCom (企业微信); with the secret it switches this way on."),
    Setting("JIUGONG_WECOM_AGENT", str, "", "Agent id of the application at WeCom."),
    Setting("JIUGONG_WECOM_SECRET", str, "", "Secret of the application at WeCom."),
    Setting("JIUGONG_WECOM_URL", str, "https://qyapi.weixin.qq.com", "Where WeCom answers programs."),
    Setting("JIUGONG_WECOM_LOGIN_URL", str, "https://login.work.weixin.qq.com", "Where WeCom asks people."),
    Setting("JIUGONG_OPERATOR_MINUTES", int, "30", "How long an operator's session on pages lasts before it ends by itself."),
    Setting("JIUGONG_DEBUG", bool, "false", "Pages with tracebacks; never where others can reach them."),
    Setting("JIUGONG_DEMO", bool, "false", "One-click sign-in and a clock that can be moved; refused beside other data."),
]


def setting(name: str) -> str:
    """The text of one setting. Raises StopIteration for a name that is not on the list above."""
    known = next(each for each in SETTINGS if each.name == name)
    return os.environ.get(name, known.default)


def flag(name: str) -> bool:
    return setting(name).strip().lower() in ("1", "true", "yes", "on")


def listed(name: str) -> list[str]:
    return [part.strip() for part in setting(name).split(",") if part.strip()]


HOME = Path(setting("JIUGONG_HOME")).expanduser().resolve()
KEYS = HOME / "keys"
DATABASE_FILE = HOME / "jiugong.sqlite3"
SECRET_KEY_FILE = KEYS / "session-key"
KEY_RING_FILE = KEYS / "key-ring.json"
secrets.keep_keys_in(KEY_RING_FILE)


def _secret_key() -> str:
    if setting("JIUGONG_SECRET_KEY"):
        return setting("JIUGONG_SECRET_KEY")
    return SECRET_KEY_FILE.read_text().strip() if SECRET_KEY_FILE.exists() else random.token_urlsafe(48)


# What was acknowledged survives a power cut (FULL); pages of the file are shared by all threads (mmap) and little is kept by each.
SQLITE = ("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000; PRAGMA mmap_size=1073741824; "
          "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=4000;")


def _database() -> dict[str, object]:
    if not setting("JIUGONG_DATABASE_URL"):
        return {
            "ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE_FILE,
            "CONN_MAX_AGE": None,            # opening one for each request costs more than most pages
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE},
        }
    url = urlparse(setting("JIUGONG_DATABASE_URL"))
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""), "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""), "PORT": str(url.port or ""),
        "OPTIONS": {"prepare_threshold": 2**31,        # only what says so is planned once: `screening/actions/tally.py`
                    **dict(parse_qsl(url.query)), "pool": {"min_size": 1, "max_size": 16, "timeout": 10}},
    }


BACKUP_FOLDER = Path(setting("JIUGONG_BACKUP_FOLDER") or HOME / "backups").expanduser().resolve()
def _outside_ways() -> dict[str, dict[str, object]]:
    """The identities of other houses that may open an account here: those whose settings are there."""
    known = {"openid_connect": ("OIDC_ID", "OIDC_SECRET"), "feishu": ("FEISHU_ID", "FEISHU_SECRET"),
             "dingtalk": ("DINGTALK_ID", "DINGTALK_SECRET"), "wecom": ("WECOM_CORP", "WECOM_SECRET")}
    more: dict[str, dict[str, object]] = {
        "openid_connect": {"provider_id": "oidc", "name": setting("JIUGONG_OIDC_NAME"),
                           "settings": {"server_url": setting("JIUGONG_OIDC_URL")}},
        "wecom": {"settings": {"agent": setting("JIUGONG_WECOM_AGENT")}}}
    return {way: {"APPS": [{"client_id": setting(f"JIUGONG_{key}"), "secret": setting(f"JIUGONG_{secret}"), **more.get(way, {})}],
                  **({"OAUTH_PKCE_ENABLED": True} if way == "openid_connect" else {})}
            for way, (key, secret) in known.items() if setting(f"JIUGONG_{key}") and setting(f"JIUGONG_{secret}")}


SECRET_KEY = _secret_key()
DEBUG = flag("JIUGONG_DEBUG")
DEMO = flag("JIUGONG_DEMO")
TLS, TLS_PORT, PLAIN_PORT = (setting(f"JIUGONG_{name}") for name in ("TLS", "TLS_PORT", "PLAIN_PORT"))
ALLOWED_HOSTS = [*listed("JIUGONG_ALLOWED_HOSTS"), *certified_hosts(KEYS / "tls", TLS)]
CSRF_TRUSTED_ORIGINS = listed("JIUGONG_TRUSTED_ORIGINS")
DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "jiugong.work",
    "jiugong.registry",
    "jiugong.accounts",
    "jiugong.journal",
    "jiugong.rulebook",
    "jiugong.duties",
    "jiugong.screening",
    "jiugong.tracing",
    "jiugong.lasting",
    "jiugong.standing",
    "jiugong.closing",
    "jiugong.briefs",
    "jiugong",
]

MIDDLEWARE = [
    "jiugong.watching.watched",
    "jiugong.http.under_our_names",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jiugong.http.only_our_own_files",
    "jiugong.http.programs_hear_json",
    "jiugong.demo.demo_clock",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jiugong.accounts.middleware.token_sign_in",
    "jiugong.accounts.middleware.SignedIn",
    "jiugong.accounts.middleware.who_acts",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jiugong.http.RefusalsSpeak",
]

ROOT_URLCONF = "jiugong.urls"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [CHECKOUT / "jiugong" / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.template.context_processors.i18n",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "jiugong.pages.what_every_page_shows",
        ],
    },
}]
WSGI_APPLICATION = "jiugong.wsgi.application"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["jiugong.accounts.backends.SignedInHere",
                           *(["django.contrib.auth.backends.ModelBackend"] if DEMO else [])]      # one click, no second factor
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "jiugong.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS, ACCOUNT_EMAIL_VERIFICATION = {"username"}, ["username*", "password1*"], "none"
ACCOUNT_RATE_LIMITS = False                  # ours are in the database and keep nobody out: accounts/actions/waiting.py
ACCOUNT_FORMS = {"reauthenticate": "jiugong.accounts.sign_in_forms.PasswordAgainForm"}
MFA_ADAPTER = "jiugong.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {name: f"jiugong.accounts.sign_in_forms.{form}" for name, form in (
    ("authenticate", "CodeForm"), ("reauthenticate", "CodeAgainForm"), ("activate_totp", "AppForm"),
    ("add_webauthn", "PasskeyForm"))}
MFA_PASSKEY_LOGIN_ENABLED, MFA_RECOVERY_CODES_SHOW_ONCE, MFA_TOTP_TOLERANCE = True, True, 1
SOCIALACCOUNT_ADAPTER = "jiugong.accounts.outside.OutsideAdapter"
SOCIALACCOUNT_AUTO_SIGNUP, SOCIALACCOUNT_STORE_TOKENS, SOCIALACCOUNT_EMAIL_AUTHENTICATION = False, False, False
OIDC_NAME = setting("JIUGONG_OIDC_NAME")
FEISHU_URL, DINGTALK_URL, DINGTALK_LOGIN_URL, WECOM_URL, WECOM_LOGIN_URL = (
    setting(f"JIUGONG_{name}").rstrip("/") for name in ("FEISHU_URL", "DINGTALK_URL", "DINGTALK_LOGIN_URL", "WECOM_URL",
                                                        "WECOM_LOGIN_URL"))
SOCIALACCOUNT_PROVIDERS = _outside_ways()
SIGN_IN_SECONDS = int(setting("JIUGONG_SIGN_IN_SECONDS") or 0) if setting("JIUGONG_SIGN_IN_SECONDS").isdigit() else 0
OPERATOR_MINUTES = int(setting("JIUGONG_OPERATOR_MINUTES")) if setting("JIUGONG_OPERATOR_MINUTES").isdigit() else 30
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = flag("JIUGONG_HTTPS") or bool(TLS)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SESSION_COOKIE_SECURE else "http"       # where another house leads back to
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("JIUGONG_HTTPS") and not TLS else None
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if TLS == "own" else 0     # never for our authority: who leaves it must get out again
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

USE_TZ = True
TIME_ZONE = "UTC"
PARK_TIME_ZONE = setting("JIUGONG_TIMEZONE")
LANGUAGE_CODE = setting("JIUGONG_LANGUAGE")
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
FORMAT_MODULE_PATH = ["jiugong.lib.formats"]
LOCALE_PATHS = [CHECKOUT / "jiugong" / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "jiugong.statics.MarkedFiles"}}
STATICFILES_DIRS = [CHECKOUT / "jiugong" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
ADDRESS = setting("JIUGONG_ADDRESS").rstrip("/")
GATEWAYS = listed("JIUGONG_GATEWAYS")
SMTP_URL, MAIL_FROM, QUIET_HOURS = (setting(f"JIUGONG_{name}") for name in ("SMTP_URL", "MAIL_FROM", "QUIET_HOURS"))
GATEWAY_SECONDS = min(float(setting("JIUGONG_GATEWAY_SECONDS") or 15), 60.0)
MOST_UPLOAD_BYTES = 50 * 1024 * 1024

NINJA_PAGINATION_PER_PAGE = 50
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"house": {"()": "jiugong.logs.Lines", "as_json": setting("JIUGONG_LOG") != "text"}},
    "filters": {"news": {"()": "jiugong.logs.News"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "house", "filters": ["news"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"jiugong": {"level": "INFO"}, "django": {"handlers": [], "level": "WARNING"}},
}
