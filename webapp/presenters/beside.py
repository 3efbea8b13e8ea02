"""What stands beside a pair on the board: rulings, notes, its rhythm, and what changed from another scenario."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from webapp.presenters.dates import moment
from webapp.services.board_notes import NoteFact
from webapp.services.differences import Difference
from webapp.services.rulings import Rulings
from webapp.services.slots import EVERY, first_meeting


@dataclass(frozen=True)
class NoteLine:
    """A note as it is read; `about` says of whom, where a line is about two."""

    id: uuid.UUID
    text: str
    written: str
    version: int


@dataclass(frozen=True)
class Beside:
    """What is known of many pairs at once; made once a page."""

    rulings: Rulings
    me: uuid.UUID
    cadence: str
    not_before: date
    notes: Mapping[tuple[uuid.UUID | None, uuid.UUID | None], Sequence[NoteFact]] = field(default_factory=dict)
    difference: Difference | None = None

    def notes_of(self, mentor_id: uuid.UUID | None, mentee_id: uuid.UUID | None) -> list[NoteLine]:
        """Return the notes on exactly these."""
        return [present_note(note, self.me) for note in self.notes.get((mentor_id, mentee_id), ())]

    def rhythm(self, weekday: int | None, minute: int | None, week: int | None, zone: str) -> str:
        """Say when the first meeting is, for who does not meet every week."""
        every = EVERY.get(self.cadence, 1)
        if weekday is None or minute is None or week is None or every == 1:
            return ""
        clock = {"kept_in": zone, "reader": zone, "other": zone}
        first = first_meeting(
            weekday, minute, 15, **clock, not_before=self.not_before, week=week, every=every
        ).starts_at.date()
        return _("first %(day)s", day=format_date(first, "d MMM"))

    @property
    def every(self) -> str:
        """How often pairs meet, where the first day matters."""
        weeks = EVERY.get(self.cadence, 1)
        return "" if weeks == 1 else _("Pairs meet every %(n)s weeks from the first day on.", n=weeks)

    def change_of(self, mentor_id: uuid.UUID, mentee_id: uuid.UUID) -> str:
        """Say whether a pair is new against the other scenario, and where its mentee was."""
        if self.difference is None:
            return ""
        before = self.difference.before.get(mentee_id, [])
        if any(other.mentor_id == mentor_id for other in before):
            return ""
        left = next((other.name for other in before if not other.stays), "")
        return _("New; was with %(name)s", name=left) if left else _("New")


def present_note(note: NoteFact, me: uuid.UUID) -> NoteLine:
    who = _("you") if note.by_id == me else note.by or _("a coordinator")
    return NoteLine(note.id, note.text, _("%(who)s, %(when)s", who=who, when=moment(note.at)), note.version)


def anchor_of(mentor_id: uuid.UUID, mentee_id: uuid.UUID) -> str:
    """Return the id of a pair on the board, to which the focus returns."""
    return f"pair-{mentor_id.hex[:12]}-{mentee_id.hex[:12]}"
