"""Who cannot be matched, and why, and what would change it: in words for a coordinator."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.reasons import listed
from webapp.presenters.whys import change_words
from webapp.services.pool import People, Stuck
from webapp.services.pool_hints import can_be_told
from webapp.services.vocabulary import name_of, names_of

# Each cause: for a mentee over the mentors, for a mentor over the mentees, in one or two words.
_CAUSES: Mapping[str, tuple[Any, Any, Any]] = {
    "no_place": (
        _l("%(All)s mentors would fit, but none of them has a place or enough minutes left."),
        _l("%(All)s mentees would fit, but each takes more minutes than are left."),
        _l("places taken"),
    ),
    "nobody": (_l("There is no mentor yet."), _l("There is no mentee yet."), _l("missing mentors")),
    "no_shared_hours": (
        _l("Shares no free time that is long enough for a meeting with %(some)s mentors."),
        _l("Shares no free time that is long enough for a meeting with %(some)s mentees."),
        _l("hours"),
    ),
    "no_shared_language": (
        _l("Shares no language with %(some)s mentors."),
        _l("Shares no language with %(some)s mentees."),
        _l("language"),
    ),
    "specialty_required": (
        _l("The programme asks for close specialties, and %(all)s mentors work in others."),
        _l("The programme asks for close specialties, and %(all)s mentees look for others."),
        _l("specialty"),
    ),
    "below_minimum": (
        _l("Has less in common with %(some)s mentors than the smallest fit in the settings."),
        _l("Has less in common with %(some)s mentees than the smallest fit in the settings."),
        _l("fit"),
    ),
    "stage_not_welcome": (
        _l("%(All)s mentors take mentees at other career stages."),
        _l("%(All)s mentees are at stages that this offer does not name."),
        _l("stage"),
    ),
    "not_ahead": (
        _l("%(All)s mentors are not further ahead in their career."),
        _l("%(All)s mentees are as far in their career, or further."),
        _l("stage"),
    ),
    "student_not_approved": (
        _l("%(All)s mentors are not approved for students."),
        _l("%(All)s mentees are students, and this mentor is not approved for them."),
        _l("approval for students"),
    ),
    "mentor_paused": (
        _l("%(All)s mentors pause at the moment."),
        _l("The offer is paused."),
        _l("pauses"),
    ),
    "already_paired": (
        _l("Is paired, or has an offer, with %(some)s mentors already."),
        _l("Is paired, or has an offer, with %(some)s mentees already."),
        _l("present pairs"),
    ),
    "former_pair": (
        _l("Was paired with %(some)s mentors before."),
        _l("Was paired with %(some)s mentees before."),
        _l("former pairs"),
    ),
    "excluded": (
        _l("%(All)s mentors are kept apart by a wish of one of the two."),
        _l("%(All)s mentees are kept apart by a wish of one of the two."),
        _l("wishes"),
    ),
    "conflict": (
        _l("%(All)s mentors have a conflict of interest."),
        _l("%(All)s mentees have a conflict of interest."),
        _l("conflicts"),
    ),
    "forbidden": (
        _l("A coordinator ruled out %(all)s mentors."),
        _l("A coordinator ruled out %(all)s mentees."),
        _l("rulings"),
    ),
}

# The same where it is one of the others.
_ONE: Mapping[str, tuple[Any, Any]] = {
    "no_place": (
        _l("%(All)s mentors would fit, but has no place or too few minutes left."),
        _l("%(All)s mentees would fit, but takes more minutes than are left."),
    ),
    "stage_not_welcome": (
        _l("%(All)s mentors takes mentees at other career stages."),
        _l("%(All)s mentees is at a stage that this offer does not name."),
    ),
    "not_ahead": (
        _l("%(All)s mentors is not further ahead in the career."),
        _l("%(All)s mentees is as far in the career, or further."),
    ),
    "student_not_approved": (
        _l("%(All)s mentors is not approved for students."),
        _l("%(All)s mentees is a student, and this mentor is not approved for them."),
    ),
    "mentor_paused": (_l("%(All)s mentors pauses at the moment."), _l("The offer is paused.")),
    "excluded": (
        _l("%(All)s mentors is kept apart by a wish of one of the two."),
        _l("%(All)s mentees is kept apart by a wish of one of the two."),
    ),
    "conflict": (
        _l("%(All)s mentors has a conflict of interest."),
        _l("%(All)s mentees has a conflict of interest."),
    ),
}


@dataclass(frozen=True)
class StuckLine:
    id: uuid.UUID
    name: str
    about: str
    text: str
    more: str
    change: str
    may_write: bool  # whether there is something to tell her that she may know and can change


def stuck_lines(people: People, side: str) -> tuple[StuckLine, ...]:
    return tuple(_line(stuck, side) for stuck in people.shown)


def causes_in_short(people: People) -> str:
    """Name the three commonest causes with their numbers."""
    found = [(str(_CAUSES[cause][2]), number) for cause, number in people.causes.items()]
    counts: dict[str, int] = {}
    for word, number in found:
        counts[word] = counts.get(word, 0) + number
    if not counts:
        return _("everyone has somebody")
    most = sorted(counts.items(), key=lambda entry: -entry[1])[:3]
    return ", ".join(f"{word}: {number}" for word, number in most)


def _line(stuck: Stuck, side: str) -> StuckLine:
    number = 1 if side == "mentor" else 0
    specialties = listed(names_of("specialty", stuck.specialties))
    works = (
        _("works in %(specialty)s", specialty=specialties)
        if side == "mentor"
        else _("wants %(specialty)s", specialty=specialties)
    )
    about = [name_of("stage", stuck.stage)] if stuck.stage else []
    return StuckLine(
        id=stuck.id,
        name=stuck.name,
        about="; ".join([*about, *([works] if specialties else [])]),
        text=_sentence(stuck.cause, number, stuck.count, stuck.others),
        more=_sentence(stuck.second, number, stuck.second_count, stuck.others) if stuck.second else "",
        change=change_words(stuck.change) if stuck.change else "",
        may_write=can_be_told(side, stuck.cause, stuck.change),
    )


def _sentence(cause: str, side: int, count: int, others: int) -> str:
    words = _ONE[cause] if count == 1 and cause in _ONE else _CAUSES[cause]
    return str(words[side]) % _counts(count, others)


def _counts(count: int, others: int) -> dict[str, str]:
    """Return how many of the other side, for the middle and the beginning of a sentence: nobody says "79 of 79"."""
    if count == 1:
        one = _("one of %(others)s", others=others), _("One of %(others)s", others=others)
        return {"some": one[0], "all": one[0], "All": one[1]}
    some = _("%(count)s of %(others)s", count=count, others=others)
    if count < others:
        return {"some": some, "all": some, "All": some}
    return {
        "some": _("any of the %(others)s", others=others),
        "all": _("all %(others)s", others=others),
        "All": _("All %(others)s", others=others),
    }
