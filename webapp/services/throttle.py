"""Slowing down whoever tries too often. The tries are rows, so that all workers count together.

All functions here work inside the caller's transaction. A try is written down before it is made and taken back
when it succeeds: so many at once cannot slip through between counting and failing.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from config import Config
from webapp.models import LoginAttempt
from webapp.services.errors import ThrottledError

KEPT = timedelta(days=1)
HOUR = timedelta(hours=1)
MAILS_AN_HOUR = 5  # to one e-mail address
MAILS_FROM_ONE_ADDRESS = 100  # an hour; a whole hospital may sit behind one address


@dataclass(frozen=True)
class Limit:
    """At most so many tries of one kind, by one e-mail or from one address, within a stretch of time."""

    kind: str
    key_hash: str
    most: int
    window: timedelta


def login_limits(email: str, address: str, config: Config) -> tuple[Limit, Limit]:
    return (
        Limit("login", _key(email, config), config.login_attempts, config.login_window),
        Limit("login", _key(_network(address), config), config.login_attempts_from_address, config.login_window),
    )


def mail_limits(kind: str, email: str, address: str, config: Config) -> tuple[Limit, Limit]:
    """Return the limits for what sends a mail: `signup`, `reset` or `verify`."""
    return (
        Limit(kind, _key(email, config), MAILS_AN_HOUR, HOUR),
        Limit(kind, _key(_network(address), config), MAILS_FROM_ONE_ADDRESS, HOUR),
    )


def count_try(session: Session, limits: Iterable[Limit], *, now: datetime) -> None:
    """Write down one try under each limit; several limits of one kind on one key count the same tries.

    Raises
    ------
    ThrottledError
        There were too many; says how long to wait.

    """
    session.execute(delete(LoginAttempt).where(LoginAttempt.created_at < now - KEPT))
    for (key_hash, kind), alike in groupby(sorted(limits, key=_counted_by), key=_counted_by):
        together = list(alike)
        _take_turns(session, key_hash)
        before = session.scalars(
            select(LoginAttempt.created_at)
            .where(
                LoginAttempt.kind == kind,
                LoginAttempt.key_hash == key_hash,
                LoginAttempt.created_at > now - max(limit.window for limit in together),
            )
            .order_by(LoginAttempt.created_at.desc())
            .limit(max(limit.most for limit in together))
        ).all()
        for limit in together:
            within = [moment for moment in before if moment > now - limit.window]
            if len(within) >= limit.most:
                raise ThrottledError(within[limit.most - 1] + limit.window - now)
        session.add(LoginAttempt(kind=kind, key_hash=key_hash, created_at=now))


def forgive(session: Session, limits: Iterable[Limit], *, now: datetime) -> None:
    """Take back what a try that succeeded had written: all of its account, its own one of its address."""
    account, address = limits
    session.execute(
        delete(LoginAttempt).where(LoginAttempt.kind == account.kind, LoginAttempt.key_hash == account.key_hash)
    )
    own = (
        select(LoginAttempt.id)
        .where(
            LoginAttempt.kind == address.kind,
            LoginAttempt.key_hash == address.key_hash,
            LoginAttempt.created_at == now,
        )
        .limit(1)
    )
    session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(own.scalar_subquery())))


def forget(session: Session, email: str, config: Config) -> None:
    """Take back all that was counted for an e-mail address."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.key_hash == _key(email, config)))


def _counted_by(limit: Limit) -> tuple[str, str]:
    return limit.key_hash, limit.kind


def _take_turns(session: Session, key_hash: str) -> None:
    # SQLite has one writer at a time anyway; here those who count the same key wait for each other.
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(key_hash[:16]), signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _key(value: str, config: Config) -> str:
    # Keyed, because addresses are few enough to be guessed from a plain hash.
    return hmac.new(config.secret_key.encode(), value.lower().encode(), hashlib.sha256).hexdigest()


def _network(address: str) -> str:
    """Return the part of an address that one household or ward holds: all of IPv4, 64 bits of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
