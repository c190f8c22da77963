"""Settings from the environment; docs/operations.md explains each.

Without any, every command works on the demonstration in instance/, as `make run` serves it. MODE=production asks for
what a real service needs and refuses to start without it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from core.contacts import is_mailable
from core.crypto import Keyring

ROOT = Path(__file__).parent.parent
DEMONSTRATION, PRODUCTION = "demonstration", "production"
INSIDE, APART = "inside", "apart"  # who schedules: one of the server's processes, or `flask scheduler run`


class Misconfigured(RuntimeError):
    """The settings can't be served with; says what to set."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. `secure`: TLS from the first word (smtps); `starttls`: asked for, and insisted on."""

    host: str
    port: int
    secure: bool = False
    starttls: bool = False
    username: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    timeout: float = 30.0  # seconds for each word of the server; four times as long for its last one


@dataclass(frozen=True, slots=True)
class Settings:
    mode: str
    instance: Path
    database_url: str
    public_url: str
    secret: str
    two_factor_required: bool
    session_idle: timedelta
    session_length: timedelta
    upload_bytes: int
    sheet_unpacked_bytes: int
    sheet_rows: int
    trusted_proxies: int
    scheduler: str = INSIDE
    mail: MailServer | None = None  # None: nothing leaves, mails are kept
    sms_gateway: str = ""  # a name in notices.sms.GATEWAYS

    @property
    def demonstration(self) -> bool:
        return self.mode == DEMONSTRATION

    def flask_config(self) -> dict[str, Any]:
        """What Flask and its extensions read."""
        return {
            "SECRET_KEY": Keyring.from_secret(self.secret).keyed_hash("session cookies"),
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": self._engine_options(),
            "AUDIT_CHECKPOINTS": str(self.instance / "audit-checkpoints.jsonl"),
            "MAX_CONTENT_LENGTH": self.upload_bytes + 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            "MAX_FORM_PARTS": 2000,
            "PERMANENT_SESSION_LIFETIME": self.session_length,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": not self.demonstration,
            "WTF_CSRF_TIME_LIMIT": None,
            "SEND_FILE_MAX_AGE_DEFAULT": 31536000,
        }

    def _engine_options(self) -> dict[str, Any]:
        """On PostgreSQL each statement is planned for its values: a plan kept for all of them can be many times slower
        for a search (psycopg keeps one after five runs)."""
        return {"connect_args": {"prepare_threshold": None}} if self.database_url.startswith("postgresql") else {}


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises Misconfigured where serving with them would be unsafe."""
    mode = environ.get("MODE", DEMONSTRATION)
    if mode not in (DEMONSTRATION, PRODUCTION):
        raise Misconfigured(f"MODE is {mode!r}: use {DEMONSTRATION} or {PRODUCTION}")
    instance = Path(environ.get("INSTANCE", ROOT / "instance")).absolute()
    public_url = environ.get("PUBLIC_URL", "http://127.0.0.1:8000" if mode == DEMONSTRATION else "").rstrip("/")
    if mode == PRODUCTION and not public_url.startswith("https://"):
        raise Misconfigured("set PUBLIC_URL to the https:// address of the service: receipts carry it in their QR code")
    scheduler = environ.get("SCHEDULER", INSIDE)
    if scheduler not in (INSIDE, APART):
        raise Misconfigured(f"SCHEDULER is {scheduler!r}: use {INSIDE} or {APART}")
    return Settings(
        mode=mode,
        instance=instance,
        database_url=environ.get("DATABASE_URL", f"sqlite:///{instance / 'database.sqlite'}"),
        public_url=public_url,
        secret=_secret(environ, instance, mode),
        two_factor_required=environ.get("TWO_FACTOR_REQUIRED", "no") == "yes",
        session_idle=timedelta(minutes=int(environ.get("SESSION_IDLE_MINUTES", "30"))),
        session_length=timedelta(hours=int(environ.get("SESSION_HOURS", "12"))),
        upload_bytes=int(environ.get("UPLOAD_MEGABYTES", "20")) * 1024 * 1024,
        sheet_unpacked_bytes=int(environ.get("SHEET_UNPACKED_MEGABYTES", "200")) * 1024 * 1024,
        sheet_rows=int(environ.get("SHEET_ROWS", "50000")),
        trusted_proxies=int(environ.get("TRUSTED_PROXIES", "0")),
        scheduler=scheduler,
        mail=_mail(environ, production=mode == PRODUCTION),
        sms_gateway=environ.get("SMS_GATEWAY", "log" if mode == DEMONSTRATION else ""),
    )


def _mail(environ: Mapping[str, str], *, production: bool) -> MailServer | None:
    """smtp://user:password@host:587?starttls=1 or smtps://…; no message repeats it, for it holds a password."""
    url = environ.get("SMTP_URL", "")
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port, wanted = parts.hostname, parts.port, parse_qs(parts.query, strict_parsing=bool(parts.query))
    except ValueError:
        raise Misconfigured("SMTP_URL can't be read: smtp://user:password@host:587?starttls=1 or smtps://…") from None
    if parts.scheme not in ("smtp", "smtps") or not host or set(wanted) - {"starttls"}:
        raise Misconfigured("SMTP_URL must be smtp://user:password@host:587?starttls=1 or smtps://…")
    secure, starttls = parts.scheme == "smtps", wanted.get("starttls") == ["1"]
    if production and parts.password and not (secure or starttls) and host not in ("localhost", "127.0.0.1", "::1"):
        raise Misconfigured("SMTP_URL sends its password in clear: use smtps:// or ?starttls=1")
    sender = environ.get("MAIL_FROM", "")
    if not is_mailable(sender):
        raise Misconfigured("set MAIL_FROM to the address that mail is sent from, for example notices@example.gov.cn")
    return MailServer(
        host=host,
        port=port or (465 if secure else 587 if starttls else 25),
        secure=secure,
        starttls=starttls,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=sender,
        timeout=float(environ.get("SMTP_TIMEOUT_SECONDS", "30")),
    )


def _secret(environ: Mapping[str, str], instance: Path, mode: str) -> str:
    """The master secret: a file named by MASTER_SECRET_FILE; the demonstration makes its own on first start."""
    path = Path(environ.get("MASTER_SECRET_FILE", instance / "master-secret"))
    if not path.exists():
        if mode == PRODUCTION:
            raise Misconfigured(f"no master secret at {path.name}: make one with 'python -m core.crypto > FILE'")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w") as file:
            file.write(Keyring.generate_secret() + "\n")
    return path.read_text(encoding="ascii").strip()
