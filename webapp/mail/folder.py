"""Messages kept as files in the instance folder, where no SMTP server is set."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path


@dataclass(frozen=True)
class StoredMail:
    name: str  # of the file, without its ending
    subject: str
    to: str
    sent_at: datetime
    text: str


def store_mail(folder: Path, message: EmailMessage, *, now: datetime) -> None:
    """Write a message to a file of its own; a reader never sees half of one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = path_of(folder, message, now)
    unfinished = path.with_suffix(".part")
    for left in folder.glob(f"*-{_row(message)}.*"):  # by a worker that died; it may name somebody who has gone since
        left.unlink(missing_ok=True)
    unfinished.write_bytes(message.as_bytes(policy=SMTP))
    unfinished.replace(path)


def path_of(folder: Path, message: EmailMessage, now: datetime) -> Path:
    """Return where a message sent at this moment is kept."""
    return folder / f"{now:%Y%m%dT%H%M%S}-{_row(message)}.eml"


def list_mail(folder: Path, most: int = 200) -> list[StoredMail]:
    """Return the messages in a folder, the latest first."""
    return [_read(path) for path in sorted(folder.glob("*.eml"), reverse=True)[:most]]


def read_mail(folder: Path, name: str) -> StoredMail | None:
    """Return one message; only names that stand in the folder lead anywhere."""
    path = next((path for path in folder.glob("*.eml") if path.stem == name), None)
    return _read(path) if path else None


def forget_mail(folder: Path, words: Iterable[str]) -> int:
    """Delete every message that names somebody, whoever it went to; return how many there were."""
    sought = [word.casefold() for word in words]
    kept = [path for ending in ("eml", "part") for path in folder.glob(f"*.{ending}")]
    named = [path for path in kept if any(word in _all_text(path) for word in sought)]
    for path in named:
        path.unlink(missing_ok=True)
    return len(named)


def _row(message: EmailMessage) -> str:
    """Return the id of the outbox's row."""
    return str(message["Message-ID"]).strip("<>").partition("@")[0]


def _all_text(path: Path) -> str:
    try:
        message = message_from_bytes(path.read_bytes(), policy=default)
    except FileNotFoundError:  # just renamed by its sender, who looks again at what was sent meanwhile
        return ""
    parts = [str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"]
    # Lines are folded in a mail, and a name may stand on two of them.
    return " ".join(" ".join([*map(str, message.values()), *parts]).casefold().split())


def _read(path: Path) -> StoredMail:
    message = message_from_bytes(path.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    return StoredMail(
        name=path.stem,
        subject=str(message["Subject"]),
        to=str(message["To"]),
        sent_at=message["Date"].datetime,
        text=body.get_content() if body else "",
    )
