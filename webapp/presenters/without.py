"""Who is without a mentor on the review board, and why; pins that no solve keeps to any more."""

import uuid
from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.models import Scenario
from webapp.presenters.whys import Moved
from webapp.services.boards import Totals
from webapp.services.rulings import Rulings

_WHY_WITHOUT: Mapping[str, Any] = {
    "removed": _l("The pair was taken out by hand."),
    "nobody": _l("There is no mentor at the moment."),
    "no_shared_hours": _l("Shares no free time that is long enough for a meeting with most mentors."),
    "no_shared_language": _l("Shares no language with most mentors."),
    "specialty_required": _l("The programme asks for close specialties, and most mentors work in others."),
    "below_minimum": _l("Has less in common with most mentors than the smallest fit in the settings."),
    "stage_not_welcome": _l("Most mentors take mentees at other career stages."),
    "not_ahead": _l("Most mentors are not further ahead in their career."),
    "student_not_approved": _l("Is a student, and most mentors are not approved for students."),
    "mentor_paused": _l("Most mentors pause at the moment."),
    "already_paired": _l("Is paired with most mentors already."),
    "former_pair": _l("Was paired with most mentors before."),
    "excluded": _l("Is kept apart from most mentors by a wish of one of the two."),
    "conflict": _l("Has a conflict of interest with most mentors."),
    "forbidden": _l("A coordinator ruled out most mentors."),
    "self": _l("There is no mentor besides herself or himself."),
}


@dataclass(frozen=True)
class Without:
    id: uuid.UUID
    name: str
    text: str
    has_left: bool  # the round, in the meantime


def present_without(
    scenario: Scenario, totals: Totals, names: Mapping[uuid.UUID, str], left: Container[uuid.UUID]
) -> list[Without]:
    """List the mentees without a mentor, each with the commonest cause, or that she left the round meanwhile."""
    found = []
    for entry in scenario.unmatched:
        key = uuid.UUID(entry["membership_id"])
        if entry["side"] == "mentee" and key in names and key not in totals.helped:
            found.append((key, entry["why"], int(entry.get("acceptable", 0))))
    found += [(key, "removed", 0) for key in totals.emptied if key in names]
    return [_without(key, names[key], *why, has_left=key in left) for key, *why in found]


def present_dropped(rulings: Rulings, names: Mapping[uuid.UUID, str]) -> list[Moved]:
    """List the pins that do not count, for one of the two left the round."""
    found = sorted((names.get(r.mentee_id, ""), names.get(r.mentor_id, "")) for r in rulings.dropped)
    return [Moved(mentee, mentor) for mentee, mentor in found if mentee and mentor]


def _without(key: uuid.UUID, name: str, why: str, acceptable: int, *, has_left: bool) -> Without:
    text = _("Wants no mentor of this round any more.") if has_left else _why_without(why, acceptable)
    return Without(key, name, text, has_left)


def without_ids(scenario: Scenario, totals: Totals, most: int) -> list[uuid.UUID]:
    """Return whose names the list of those without needs."""
    ids = [uuid.UUID(entry["membership_id"]) for entry in scenario.unmatched if entry["side"] == "mentee"]
    return [*ids, *totals.emptied][:most]


def why_without(why: str) -> str:
    """Say the commonest cause for which mentees are left out, of several of them."""
    return str(_WHY_WITHOUT.get(why, _l("Mentors would fit, but their places went to others.")))


def _why_without(why: str, acceptable: int) -> str:
    if why in _WHY_WITHOUT:
        return str(_WHY_WITHOUT[why])
    return ngettext(
        "%(num)d mentor would fit, but the place went to another.",
        "%(num)d mentors would fit, but their places went to others.",
        acceptable,
    )
