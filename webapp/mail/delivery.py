"""Sending all that is due, once."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from time import monotonic

from sqlalchemy.orm import Session

from config import Config
from webapp.extensions import log
from webapp.mail.rendering import render
from webapp.mail.sending import RefusedError, Sender, SendingError, UnreachableError, sender_for
from webapp.services.outbox import Claimed, claim, hand_over, mark_done, mark_failed, mark_sent, put_back


def deliver_outbox(session: Session, config: Config, *, now: datetime) -> int:
    """Send every mail that is due and return how many went out. Needs an application context, for the templates.

    What fails waits for its next turn with the reason beside it, unless its address is refused for good; when the
    server cannot be reached at all, the call ends with the batch at hand.
    """
    started = monotonic()

    def clock() -> datetime:
        # Leases count from when a batch is claimed, and a large outbox takes its time.
        return now + timedelta(seconds=monotonic() - started)

    sent = 0
    sender: Sender | None = None
    try:
        while batch := claim(session, now=clock()):
            sender = sender or sender_for(config, now=now)
            for claimed in batch:
                sent += _send(session, sender, claimed, config, clock)
    except UnreachableError as error:
        log.warning("mail_unreachable", reason=str(error))
        for claimed in batch:  # those that are out already are left as they are
            mark_failed(session, claimed, str(error), now=clock())
    finally:
        if sender is not None:
            sender.close()
    return sent


def _send(session: Session, sender: Sender, claimed: Claimed, config: Config, clock: Callable[[], datetime]) -> int:
    try:
        message = render(session, claimed, config, now=clock())
    except Exception as error:  # noqa: BLE001 - the edge of the worker: one broken template must not stop the others
        log.error("mail_not_rendered", template=claimed.template, id=str(claimed.id), error=repr(error))
        mark_failed(session, claimed, f"could not be written: {type(error).__name__}", now=clock())
        return 0
    if message is None:
        mark_done(session, claimed, now=clock())
        return 0
    # Somebody may have deleted her account while the message was being written: then it is not, or written anew.
    if not hand_over(session, claimed, now=clock()):
        return 0
    try:
        sender.send(message)  # a server may be slow: no transaction is held meanwhile
    except UnreachableError:
        raise
    except SendingError as error:
        # Servers repeat the address they refuse; a log is no place for it.
        reason = re.sub(re.escape(claimed.email), "(address)", str(error), flags=re.IGNORECASE)
        log.warning("mail_refused", template=claimed.template, id=str(claimed.id), reason=reason)
        mark_failed(session, claimed, str(error), now=clock(), for_good=isinstance(error, RefusedError))
        return 0
    return _look_again(session, sender, claimed, message, clock)


def _look_again(
    session: Session, sender: Sender, claimed: Claimed, message: EmailMessage, clock: Callable[[], datetime]
) -> int:
    """Note that a message is out; one that names somebody who has gone meanwhile is taken back where that can be."""
    if mark_sent(session, claimed, now=clock()):
        return 1
    if sender.take_back(message):
        put_back(session, claimed)
        return 0
    mark_done(session, claimed, now=clock())
    return 1
