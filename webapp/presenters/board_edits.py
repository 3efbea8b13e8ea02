"""Changes by hand in words: what was done, by whom, and why a change was refused."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.beside import anchor_of
from webapp.presenters.dates import moment
from webapp.presenters.round_words import cannot_be
from webapp.services.board_edits import EditFact
from webapp.services.hand_steps import HandLimitError

# By whether the reader did it, for each kind.
_DONE: Mapping[str, tuple[Any, Any]] = {
    "add": (_l("You gave %(mentee)s to %(mentor)s"), _l("%(by)s gave %(mentee)s to %(mentor)s")),
    "move": (
        _l("You moved %(mentee)s from %(before)s to %(mentor)s"),
        _l("%(by)s moved %(mentee)s from %(before)s to %(mentor)s"),
    ),
    "remove": (
        _l("You took out %(mentee)s with %(mentor)s"),
        _l("%(by)s took out %(mentee)s with %(mentor)s"),
    ),
    "restore": (
        _l("You put back %(mentee)s with %(mentor)s"),
        _l("%(by)s put back %(mentee)s with %(mentor)s"),
    ),
    "pin": (_l("You pinned %(mentee)s with %(mentor)s"), _l("%(by)s pinned %(mentee)s with %(mentor)s")),
    "forbid": (
        _l("You ruled out %(mentee)s with %(mentor)s"),
        _l("%(by)s ruled out %(mentee)s with %(mentor)s"),
    ),
    "clear": (
        _l("You left %(mentee)s with %(mentor)s to the rules again"),
        _l("%(by)s left %(mentee)s with %(mentor)s to the rules again"),
    ),
}
_LIMITS: Mapping[tuple[str, bool], Any] = {
    ("places", False): _l("Places of %(mentor)s in this round: %(limit)s; taken here: %(taken)s."),
    ("places", True): _l("Places of %(mentor)s free today: %(limit)s; taken here: %(taken)s."),
    ("minutes", False): _l(
        "Minutes a month of %(mentor)s in this round: %(limit)s; taken here: %(taken)s; this pair needs %(needs)s."
    ),
    ("minutes", True): _l(
        "Minutes a month of %(mentor)s free today: %(limit)s; taken here: %(taken)s; this pair needs %(needs)s."
    ),
    ("cap", True): _l(
        "Minutes a month of %(mentor)s left over all programmes: %(limit)s; taken here: %(taken)s; this pair needs "
        "%(needs)s."
    ),
    ("wanted", False): _l("Mentors %(mentee)s still wants in this round: %(limit)s; given here: %(taken)s."),
    ("wanted", True): _l("Mentors %(mentee)s still wants today: %(limit)s; given here: %(taken)s."),
}
_CONFLICTS: Mapping[str, Any] = {
    "undone": _l("This change was taken back already."),
    "there": _l("The two are a pair of this scenario already."),
    "gone": _l("That pair is not in this scenario any more."),
}
_SINCE: Mapping[str, Any] = {
    "left": _l("One of the two has left the programme."),
    "paused": _l("One of the two pauses now."),
    "withdrawn": _l("One of the two has left this round."),
}


@dataclass(frozen=True)
class EditLine:
    """A change; `undone` says by whom and when it was taken back."""

    id: uuid.UUID
    text: str
    when: str
    why: str
    undone: str
    may_undo: bool
    anchor: str


def present_edits(edits: Sequence[EditFact], me: uuid.UUID) -> list[EditLine]:
    """Return the changes, the newest first; of a mentee's changes that hold the newest can be taken back."""
    held: set[uuid.UUID] = set()
    lines = []
    for edit in sorted(edits, key=lambda edit: edit.number, reverse=True):
        may_undo = edit.undone_at is None and edit.mentee_id not in held
        if edit.undone_at is None:
            held.add(edit.mentee_id)
        lines.append(
            EditLine(
                id=edit.id,
                text=_sentence(edit, me),
                when=moment(edit.at),
                why=edit.why,
                undone=_undone(edit, me),
                may_undo=may_undo,
                anchor=anchor_of(edit.mentor_id, edit.mentee_id),
            )
        )
    return lines


def say_changed(edit: EditFact, me: uuid.UUID) -> str:
    """Say which change of somebody else a page did not know."""
    if edit.undone_at is not None:
        news = _("%(change)s; that was taken back %(undone)s.", change=_sentence(edit, me), undone=_undone(edit, me))
    else:
        news = _("%(change)s at %(time)s.", change=_sentence(edit, me), time=_time(edit.at))
    return _("%(news)s Your change was not made. You see how it stands now.", news=news)


def say_later(edit: EditFact, me: uuid.UUID) -> str:
    return _("%(change)s at %(time)s. Take that back first.", change=_sentence(edit, me), time=_time(edit.at))


def say_limit(error: HandLimitError, mentor: str, mentee: str) -> str:
    """Say which number a change would go past."""
    facts = {"limit": error.limit, "taken": error.taken, "needs": error.needs}
    return str(_LIMITS[error.what, error.is_now]) % {"mentor": mentor, "mentee": mentee, **facts}


def say_conflict(what: str) -> str:
    return str(_CONFLICTS.get(what) or _("Something changed meanwhile. You see how it stands now."))


def say_apart(key: str) -> str:
    """Say what keeps two people from being a pair, frozen or since."""
    return str(_SINCE[key]) if key in _SINCE else cannot_be(key)


def _sentence(edit: EditFact, me: uuid.UUID) -> str:
    gone = _("somebody who has left")
    mine, theirs = _DONE[edit.kind]
    facts = {
        "by": edit.by or _("A coordinator"),
        "mentor": edit.mentor or gone,
        "mentee": edit.mentee or gone,
        "before": edit.from_mentor or gone,
    }
    return str(mine if edit.by_id == me else theirs) % facts


def _undone(edit: EditFact, me: uuid.UUID) -> str:
    if edit.undone_at is None:
        return ""
    when = moment(edit.undone_at)
    if edit.undone_by_id == me:
        return _("by you, %(when)s", when=when)
    return _("by %(name)s, %(when)s", name=edit.undone_by or _("a coordinator"), when=when)


def _time(at: datetime) -> str:
    return str(format_datetime(at, "HH:mm"))
