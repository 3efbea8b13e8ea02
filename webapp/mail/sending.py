"""Where messages go: an SMTP server, or a folder when none is set."""

import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from config import Config
from webapp.mail.folder import path_of, store_mail

TIMEOUT = 20  # seconds; a batch of ten must stay within its lease
PERMANENT = 500  # replies from here on are final
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SendingError(Exception):
    """One message was not taken; says why."""


class RefusedError(SendingError):
    """The server will never take mail for this address: to try again would be of no use."""


class UnreachableError(SendingError):
    """No message can be sent now: the server does not answer, or does not let us in."""


class Sender(Protocol):
    def send(self, message: EmailMessage) -> None: ...
    def take_back(self, message: EmailMessage) -> bool: ...
    def close(self) -> None: ...


def sender_for(config: Config, *, now: datetime) -> Sender:
    if config.smtp_url:
        return SmtpSender(config.smtp_url)
    return FolderSender(config.instance / "mail", now)


def check_mail_server(config: Config) -> str:
    """Return why the mail server cannot be used; nothing when it can."""
    try:
        sender = SmtpSender(config.smtp_url)
        sender.connect()
        sender.close()
    except UnreachableError as error:
        return str(error)
    return ""


class FolderSender:
    """Keeps messages as files, for a developer to read."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder, self.now = folder, now

    def send(self, message: EmailMessage) -> None:
        try:
            store_mail(self.folder, message, now=self.now)
        except OSError as error:
            raise UnreachableError(f"{self.folder}: {error.strerror}") from error

    def take_back(self, message: EmailMessage) -> bool:
        """Delete a message that was sent; a letter in a folder can be taken out of it again."""
        path_of(self.folder, message, self.now).unlink(missing_ok=True)
        return True

    def close(self) -> None:
        """Nothing is held open."""


class SmtpSender:
    """One connection for a batch of messages, opened by the first and again after it broke.

    `smtps://` is encrypted from the start. `smtp://` turns to encryption when the server offers it; a password is
    never sent without, except to this machine.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise UnreachableError("SMTP_URL must read smtp://user:password@host:port or smtps://...")
        self.encrypted = parts.scheme == "smtps"
        self.host, self.port = parts.hostname, parts.port or (465 if self.encrypted else 587)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self._smtp: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        smtp = self.connect()
        try:
            smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            # 4xx means later (a full mailbox, greylisting), 5xx never.
            kind = RefusedError if PERMANENT <= code < PERMANENT + 100 else SendingError
            raise kind(f"refused: {code} {_words(said)}") from error
        except smtplib.SMTPServerDisconnected as error:
            self.close()
            raise SendingError(f"the server hung up: {error}") from error
        except smtplib.SMTPResponseException as error:
            raise SendingError(f"refused: {error.smtp_code} {_words(error.smtp_error)}") from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise SendingError(str(error)) from error

    def take_back(self, message: EmailMessage) -> bool:  # noqa: ARG002 - the protocol's
        """Say that a server gives nothing back."""
        return False

    def connect(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self._open()
            except (smtplib.SMTPException, OSError) as error:
                raise UnreachableError(f"{self.host}:{self.port}: {error}") from error
        return self._smtp

    def close(self) -> None:
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._smtp = None

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.encrypted:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        else:
            smtp = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            smtp.ehlo()
            secret = self.encrypted or self.host in LOOPBACK
            if not secret and smtp.has_extn("starttls"):
                smtp.starttls(context=context)
                smtp.ehlo()
                secret = True
            if self.user:
                _log_in(smtp, self.user, self.password if secret else None)
        except BaseException:
            smtp.close()
            raise
        return smtp


def _log_in(smtp: smtplib.SMTP, user: str, password: str | None) -> None:
    if password is None:
        raise smtplib.SMTPException("the server offers no encryption, so the password stays here")
    smtp.login(user, password)


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
