"""How a service function holds one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.services.errors import ConflictError, NoRoomError

LIMITS_TRIGGER = "mentor_offer_limits"


@contextmanager
def transaction(session: Session) -> Iterator[None]:
    """Run the block as one writing transaction: all of it is kept, or nothing.

    A session that has read (the login loader does, at the start of each request) is inside a read transaction that
    sees an old state and, on SQLite, cannot turn to writing without failing when another writer came between. So
    that transaction is ended first, and a new one begins as a writer: BEGIN IMMEDIATE on SQLite, which waits its
    turn; on PostgreSQL the block itself locks the rows it is going to count on. Load rows by id inside the block.

    Raises
    ------
    NoRoomError
        The database's own guard refused to reserve past a mentor's limits.
    ConflictError
        Another constraint of the database refused the change; named.

    """
    session.rollback()
    session.connection(execution_options={"writes": True})
    try:
        yield
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise _as_conflict(error) from error
    except BaseException:
        session.rollback()
        raise


def _as_conflict(error: IntegrityError) -> ConflictError:
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or str(error.orig)
    if LIMITS_TRIGGER in name:
        return NoRoomError("minutes")
    return ConflictError(name)
