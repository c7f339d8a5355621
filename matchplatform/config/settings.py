"""The site's settings, read from MATCHPLATFORM_* variables."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

PREFIX = "MATCHPLATFORM_"
LEAST_SECRET = 32
# setting -> the least and the most that can work
BOUNDS: dict[str, tuple[float, float]] = {
    "proxy_hops": (0, 10),
    "web_processes": (1, 64),
    "web_threads": (1, 256),
    "session_idle_minutes": (1, 1440),
    "session_hours": (1, 168),
    "hash_slots": (1, 64),
    "worker_pause_seconds": (0.01, 3600),
    "upload_megabytes": (1, 100),
    "import_rows": (1, 200_000),
    "mail_port": (1, 65535),
}
MAIL_TLS = frozenset({"starttls", "tls", "none"})
# Nothing in it can end a header line or begin another address.
_MAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
)

_POSTGRESQL = re.compile(r"^postgres(ql)?(\+psycopg)?://")
_DATABASES = re.compile(r"(sqlite:///|postgres(ql)?(\+psycopg)?://)")


class UnsafeSettings(Exception):
    """The settings cannot be used; the message names each one that is wrong."""


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; the variable is the name in capitals behind the prefix."""

    env: str = "development"
    secret_key: str = ""
    instance: str = "instance"
    database_url: str = field(default="", repr=False)
    base_url: str = "http://127.0.0.1:8000"
    trusted_hosts: str = ""
    debug: bool = False
    site_name: str = "京津冀社会组织帮扶对接平台"
    host_unit: str = "河北省民政厅"
    icp: str = ""
    police: str = ""
    contact: str = ""
    proxy_hops: int = 0
    web_processes: int = 2
    web_threads: int = 8
    session_idle_minutes: int = 30
    session_hours: int = 12
    argon2_memory_kib: int = 19456
    argon2_time: int = 2
    hash_slots: int = 2
    require_totp: bool = False
    worker_pause_seconds: float = 0.5
    upload_megabytes: int = 10
    import_rows: int = 50_000
    mail_host: str = ""
    mail_port: int = 587
    mail_tls: str = "starttls"
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)
    mail_from: str = ""

    @property
    def is_production(self) -> bool:
        """Tell whether the unsafe is refused."""
        return self.env == "production"

    @property
    def instance_path(self) -> Path:
        """Return the folder of the database, the index and the secret."""
        return Path(self.instance).resolve()

    @property
    def index_path(self) -> Path:
        """Return the folder of the search index."""
        return self.instance_path / "index"

    @property
    def files_path(self) -> Path:
        """Return the folder of uploads."""
        return self.instance_path / "files"

    @property
    def database(self) -> str:
        """Return the database address; without one, SQLite in the instance folder."""
        if not self.database_url:
            return f"sqlite:///{self.instance_path / 'matchplatform.db'}"
        # The short names of PostgreSQL mean the driver that is installed.
        return _POSTGRESQL.sub("postgresql+psycopg://", self.database_url)

    @property
    def hosts(self) -> list[str]:
        """Return the host names that requests may carry."""
        return [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]


def read_settings(environ: Mapping[str, str] | None = None, **overrides: object) -> Settings:
    """Read the settings and refuse what is unsafe.

    Raises:
        UnsafeSettings: a value is malformed, or production is not safe.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    wrong: list[str] = []
    for known in fields(Settings):
        text = environ.get(PREFIX + known.name.upper())
        if text is None:
            continue
        try:
            values[known.name] = _parse(text, type(known.default))
        except ValueError:
            wrong.append(f"{PREFIX}{known.name.upper()}: cannot read {text!r}")
    if wrong:
        raise UnsafeSettings("; ".join(wrong))
    values |= overrides
    # Where nobody says otherwise, a real site asks its officers for the second step.
    values.setdefault("require_totp", values.get("env") == "production")
    settings = Settings(**values)  # type: ignore[arg-type]
    wrong = _unsafe(settings)
    if wrong:
        raise UnsafeSettings("; ".join(wrong))
    return settings


def secret_of(settings: Settings) -> str:
    """Return the signing secret; outside production one is made and kept in the instance folder.

    Raises:
        UnsafeSettings: the file that should hold it does not.
    """
    if settings.secret_key:
        return settings.secret_key
    kept = settings.instance_path / "secret_key"
    if not kept.exists():
        settings.instance_path.mkdir(parents=True, exist_ok=True)
        # Two processes may start at once and either may die: the file appears whole, and once.
        made = kept.with_name(f"secret_key.{secrets.token_hex(4)}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32))
        with suppress(FileExistsError):
            os.link(made, kept)
        made.unlink()
    secret = kept.read_text()
    if len(secret) < LEAST_SECRET:
        raise UnsafeSettings(f"{kept} holds no secret; remove it and a new one is made")
    return secret


def _parse(text: str, kind: type) -> object:
    if kind is bool:
        if text.lower() not in {"0", "1", "true", "false", "yes", "no", ""}:
            raise ValueError(text)
        return text.lower() in {"1", "true", "yes"}
    return kind(text)


def _unsafe(settings: Settings) -> list[str]:
    wrong = []
    if settings.env not in {"development", "production", "test"}:
        wrong.append(f"{PREFIX}ENV must be development, production or test")
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(settings, name) <= most:
            wrong.append(f"{PREFIX}{name.upper()} must be between {least} and {most}")
    if settings.argon2_memory_kib < 19456 and settings.env != "test":
        wrong.append(f"{PREFIX}ARGON2_MEMORY_KIB must be at least 19456")
    if settings.argon2_time < 2 and settings.env != "test":
        wrong.append(f"{PREFIX}ARGON2_TIME must be at least 2")
    if settings.database_url and not _DATABASES.match(settings.database_url):
        # The address may hold a password, so the message does not repeat it.
        wrong.append(f"{PREFIX}DATABASE_URL must begin with postgresql:// or sqlite:///")
    wrong += _unsafe_mail(settings)
    if not settings.is_production:
        return wrong
    if len(settings.secret_key) < LEAST_SECRET or len(set(settings.secret_key)) < 10:
        wrong.append(f"{PREFIX}SECRET_KEY must be a random text of 32 characters or more")
    if settings.debug:
        wrong.append(f"{PREFIX}DEBUG must be off")
    if urlsplit(settings.base_url).scheme != "https":
        wrong.append(f"{PREFIX}BASE_URL must begin with https://")
    if not settings.hosts:
        wrong.append(f"{PREFIX}TRUSTED_HOSTS must name the site's hosts")
    return wrong


def _unsafe_mail(settings: Settings) -> list[str]:
    wrong = []
    if settings.mail_tls not in MAIL_TLS:
        wrong.append(f"{PREFIX}MAIL_TLS must be starttls, tls or none")
    if not settings.mail_host:
        return wrong
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", settings.mail_host):
        wrong.append(f"{PREFIX}MAIL_HOST must be a host name or an address")
    if not _MAIL_ADDRESS.fullmatch(settings.mail_from):
        wrong.append(f"{PREFIX}MAIL_FROM must be the mail address that letters come from")
    for name in ("mail_user", "mail_password"):
        if not getattr(settings, name).isascii():
            wrong.append(f"{PREFIX}{name.upper()} must be ASCII")
    if settings.is_production and settings.mail_tls == "none":
        wrong.append(f"{PREFIX}MAIL_TLS must be starttls or tls")
    return wrong
