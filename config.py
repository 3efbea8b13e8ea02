"""Settings of an installation, read once from the environment.

Everything that differs between one laptop and several machines is a URL or a number here.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

# Products of small matrices are many here. Their threads wait for each other wherever others want the processors too.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parent


class UnsafeSettingsError(Exception):
    """The environment asks for a production installation that would not be safe."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Settings that every environment has."""

    secret_key: str
    instance: Path
    database_url: str
    queue_url: str  # "" means a SQLite file in the instance folder
    base_url: str
    smtp_url: str  # "" means mail lands in the instance folder
    mail_from: str = "Mosaic <mosaic@example.org>"
    debug: bool = False
    testing: bool = False
    secure_cookies: bool = False
    password_memory_kib: int = 19 * 1024  # argon2id: 19 MiB, two passes, one lane (OWASP, 2024)
    password_passes: int = 2
    login_lifetime: timedelta = timedelta(days=30)
    login_attempts: int = 10  # failures to one account within the window below
    login_attempts_from_address: int = 60  # and from one address: a whole hospital may sit behind one
    login_window: timedelta = timedelta(minutes=15)
    trusted_proxies: int = 0  # how many proxies in front may say where a request came from
    job_lease: timedelta = timedelta(seconds=30)
    offer_days: int = 7
    languages: tuple[str, ...] = (
        "en",
    )  # those with a catalogue in webapp/translations; the first where none is asked for
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    @property
    def development(self) -> bool:
        """Whether developer's aids such as the mailbox page may be served."""
        return self.debug or self.testing

    def flask(self) -> dict[str, object]:
        """Return the settings under the names that Flask and its extensions read."""
        return {
            "SECRET_KEY": self.secret_key,
            "DEBUG": self.debug,
            "TESTING": self.testing,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.secure_cookies,
            "SESSION_COOKIE_NAME": "mosaic",
            "PERMANENT_SESSION_LIFETIME": self.login_lifetime,
            "MAX_CONTENT_LENGTH": 10 * 1024 * 1024,
            "MAX_FORM_PARTS": 2_000,
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": self.languages[0],
            "BABEL_DEFAULT_TIMEZONE": self.zone.key,
        }


@dataclass(frozen=True, kw_only=True)
class Development(Config):
    """A laptop: SQLite, mail in a folder, plain HTTP on loopback."""

    debug: bool = True


@dataclass(frozen=True, kw_only=True)
class Production(Config):
    """People's real data: refuses what would not be safe."""

    secure_cookies: bool = True

    def __post_init__(self) -> None:
        faults = []
        if len(self.secret_key) < 32:
            faults.append("SECRET_KEY must be set, with at least 32 characters")
        if not self.base_url.startswith("https://"):
            faults.append("BASE_URL must be set and start with https://")
        if not self.smtp_url:
            faults.append("SMTP_URL must be set, or nobody gets mail")
        if self.debug or self.testing:
            faults.append("debug and testing must be off")
        if faults:
            raise UnsafeSettingsError("; ".join(faults))


@dataclass(frozen=True, kw_only=True)
class Testing(Config):
    """Tests: cheap password hashes, everything in a temporary folder."""

    testing: bool = True
    password_memory_kib: int = 64
    password_passes: int = 1


def _secret_in(instance: Path) -> str:
    """Return the key kept in the instance folder, made on first use and readable by its owner only."""
    path = instance / "secret-key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key


def from_environment(environ: Mapping[str, str] = os.environ) -> Config:
    """Return the settings that the environment describes.

    MOSAIC_ENV is `development` (default) or `production`. DATABASE_URL, QUEUE_URL, SMTP_URL, BASE_URL, MAIL_FROM,
    SECRET_KEY, PORT, TRUSTED_PROXIES (how many) and MOSAIC_INSTANCE (a folder) do what they say.
    MOSAIC_JOB_LEASE_SECONDS is how long a worker may be silent before another takes its job.

    Raises
    ------
    UnsafeSettingsError
        A production installation lacks what keeps it safe; names every missing setting.

    """
    name = environ.get("MOSAIC_ENV", "development")
    if name not in {"development", "production"}:
        raise UnsafeSettingsError(f"MOSAIC_ENV must be development or production, not {name!r}")
    production = name == "production"
    instance = Path(environ.get("MOSAIC_INSTANCE", ROOT / "instance")).absolute()
    kind = Production if production else Development
    return kind(
        secret_key=environ.get("SECRET_KEY") or ("" if production else _secret_in(instance)),
        instance=instance,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{instance / 'mosaic.db'}",
        queue_url=environ.get("QUEUE_URL", ""),
        base_url=environ.get("BASE_URL", "" if production else f"http://127.0.0.1:{environ.get('PORT', '8000')}"),
        smtp_url=environ.get("SMTP_URL", ""),
        mail_from=environ.get("MAIL_FROM", "Mosaic <mosaic@example.org>"),
        trusted_proxies=int(environ.get("TRUSTED_PROXIES", "0")),
        job_lease=timedelta(seconds=float(environ.get("MOSAIC_JOB_LEASE_SECONDS", "30"))),
    )
