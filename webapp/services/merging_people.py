"""What a person said of herself under one account, and what becomes of each when its entry goes into another one.

Every foreign key to a person that would take rows along with her account is one of three: brought together with what
stands (`webapp.services.merging`, and below), moved, or gone with the account for a reason.
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, exists, select
from sqlalchemy.orm import Session

from webapp.models import Achievement, AvailabilityException, Goal, MailChoice, Person, Profile
from webapp.models.base import Base
from webapp.services.consents import note_consent
from webapp.services.visibility import FIELDS, LEVELS, levels_of

OWN_WORDS = ("country", "bio", "prompts", "brings")  # of a profile; a coordinator does not fill them in for anybody
COMBINED = frozenset({"profile", "availability_window"})
MOVED: tuple[type[AvailabilityException | Goal | Achievement | MailChoice], ...] = (
    AvailabilityException,
    Goal,
    Achievement,
    MailChoice,
)
GONE: Mapping[str, str] = MappingProxyType(
    {
        "membership": "the entry itself, see webapp.services.merging_rows",
        "login_session": "nobody is signed in to an account that was never confirmed",
        "token": "links to the address that disappears",
        "outbox_message": "mails to the address that disappears",
        "trait": "told for matching alone, by her own yes: that is nothing for a coordinator to carry over",
        "consent": "what was agreed to under the other address; the account that stays has a history of its own",
    }
)
# What says the same twice is kept once.
_SAME: Mapping[type[Base], Callable[[Any], Any]] = MappingProxyType(
    {
        AvailabilityException: lambda row: (row.starts_on, row.ends_on, row.start_minute, row.end_minute),
        Goal: lambda row: row.text.casefold(),
        Achievement: lambda row: (row.kind, row.text.casefold(), row.achieved_on),
        MailChoice: lambda row: row.kind,
    }
)


def names_of_person() -> list[Column[Any]]:
    """Return every column whose row disappears with the person it names, in all tables there are."""
    return [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == Person.__tablename__ and key.ondelete == "CASCADE"
    ]


def says_more(session: Session, person_id: uuid.UUID, *, account_goes: bool) -> tuple[str, ...]:
    """Name what is taken over beside profile and hours: "away", "progress"; for the plan of a merge."""
    is_away, *progress = session.execute(
        select(*(exists().where(table.person_id == person_id) for table in (AvailabilityException, Goal, Achievement)))
    ).one()
    return (*(("away",) if is_away else ()), *(("progress",) if account_goes and any(progress) else ()))


def add_own_words(keep: Profile, gone: Profile) -> None:
    """Take over the words that only the other entry has, and of two levels of who may see a field the narrower one."""
    for name in OWN_WORDS:
        setattr(keep, name, getattr(keep, name) or getattr(gone, name))
    mine, other = levels_of(keep.visibility), levels_of(gone.visibility)
    narrow = {name: max(mine[name], other[name], key=LEVELS.index) for name in FIELDS}
    if narrow != mine:
        keep.visibility = {**keep.visibility, **narrow}


def move_own_rows(session: Session, keep_id: uuid.UUID, gone_id: uuid.UUID, *, now: datetime) -> None:
    """Let days away, goals, achievements and unwanted kinds of mail be those of the account that stays."""
    for table in MOVED:
        for row in _new_to(session, table, keep_id, gone_id):
            row.person_id = keep_id
            if isinstance(row, MailChoice):
                note_consent(session, keep_id, "mail", row.kind, value="off", now=now)
    session.flush()  # before the account goes, and with it whatever is still its own


def copy_days_away(session: Session, keep_id: uuid.UUID, gone_id: uuid.UUID) -> None:
    """Write down under the account that stays when she is away, where the other one is still needed elsewhere."""
    names = ("kind", "starts_on", "ends_on", "start_minute", "end_minute")
    for row in _new_to(session, AvailabilityException, keep_id, gone_id):
        values = {name: getattr(row, name) for name in names}
        session.add(AvailabilityException(person_id=keep_id, **values))


def _new_to(session: Session, table: Any, keep_id: uuid.UUID, gone_id: uuid.UUID) -> list[Any]:
    """Return what only the other account says, each once."""
    query = select(table).where(table.person_id.in_((keep_id, gone_id))).order_by(table.created_at, table.id)
    rows: list[Any] = list(session.scalars(query.execution_options(populate_existing=True)))
    same = _SAME[table]
    known = {same(row) for row in rows if row.person_id == keep_id}
    others = {same(row): row for row in reversed(rows) if row.person_id == gone_id}  # of two the earlier one
    return [row for key, row in others.items() if key not in known]
