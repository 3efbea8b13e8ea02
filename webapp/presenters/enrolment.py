"""Who takes part in a round, and what changed since the freeze, in words."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.presenters.dates import day
from webapp.presenters.reasons import listed
from webapp.presenters.states import MEMBER
from webapp.services.boards import RoundFacts
from webapp.services.enrolment import EnrolledPerson, Enrolment

TABS: Mapping[str, Any] = {
    "late": _l("Came late"),
    "gone": _l("Gone since"),
    "edited": _l("Changed since"),
    "left": _l("Left out"),
    "same": _l("As frozen"),
}
_UNDER: Mapping[str, Any] = {
    "late": _l(
        "Not in the frozen pool. Once the round is published they are on its waiting list, and get what is left free."
    ),
    "gone": _l("In the frozen pool, but paused or left since. Their pairs cannot be published."),
    "edited": _l("The pairs know what they said before the freeze. What they changed counts from the next round."),
    "left": _l("Not in this round, by their own word or yours. They stay in the programme."),
    "same": _l("Nothing of what they said has changed since the freeze."),
}
_EDITS: Mapping[str, Any] = {
    "stage": _l("career stage"),
    "languages": _l("languages"),
    "hours": _l("hours"),
    "specialties": _l("specialties"),
    "topics": _l("topics offered"),
    "welcome": _l("stages welcome"),
    "room": _l("time or places"),
    "wishes": _l("specialties wished"),
    "needs": _l("needs"),
    "wanted": _l("mentors wanted"),
    "stopped": _l("mentors no more"),
}


@dataclass(frozen=True)
class EnrolledRow:
    id: uuid.UUID
    name: str
    roles: str
    text: str
    badge: str
    kind: str


@dataclass(frozen=True)
class EnrolmentPage:
    title: str
    lead: str
    under: str
    rows: tuple[EnrolledRow, ...]


def present_enrolment(found: Enrolment, facts: RoundFacts) -> EnrolmentPage:
    under = (
        _UNDER[found.group] if found.frozen or found.group == "left" else _l("They are in when you freeze the pool.")
    )
    return EnrolmentPage(
        title=_title(found, facts),
        lead=_lead(found, facts),
        under=str(under),
        rows=tuple(_row(person) for person in found.rows),
    )


def _title(found: Enrolment, facts: RoundFacts) -> str:
    counts = found.counts
    if not found.frozen:
        return ngettext(
            "%(num)d person takes part in %(round)s",
            "%(num)d people take part in %(round)s",
            counts["same"],
            round=facts.name,
        )
    if counts["late"]:
        return ngettext("%(num)d person came after the freeze", "%(num)d people came after the freeze", counts["late"])
    changed = counts["gone"] + counts["edited"]
    if changed:
        return ngettext(
            "%(num)d person has changed since the freeze", "%(num)d people have changed since the freeze", changed
        )
    if counts["left"]:
        return ngettext("%(num)d person sits this round out", "%(num)d people sit this round out", counts["left"])
    return _("Nothing has changed since the freeze")


def _lead(found: Enrolment, facts: RoundFacts) -> str:
    if not found.frozen or facts.frozen_at is None:
        return _("Leave somebody out here who asked you to. Nobody gets mail for it.")
    return _(
        "Frozen on %(day)s, fingerprint %(print)s. Nothing below has changed what the pairs are worked out from.",
        day=day(facts.frozen_at),
        print=facts.snapshot_sha256[:12],
    )


def _row(person: EnrolledPerson) -> EnrolledRow:
    roles = [word for word, has in ((_("mentor"), person.is_mentor), (_("mentee"), person.is_mentee)) if has]
    badge, kind = MEMBER[person.status]
    text = ""
    if person.group == "late" and person.joined_at is not None:
        text, badge, kind = _("Joined on %(day)s.", day=day(person.joined_at)), _("Waits"), "wait"
    elif person.group == "edited":
        text = _("Changed: %(what)s.", what=listed([str(_EDITS[edit]) for edit in person.edits]))
        badge, kind = _("As frozen"), "held"
    elif person.group == "left" and person.left_at is not None:
        who = _("By her own word") if person.left_by_herself else _("By a coordinator")
        text = _("%(who)s, on %(day)s.", who=who, day=day(person.left_at))
        badge, kind = _("Left out"), "no"
    elif person.group == "same":
        badge, kind = _("Takes part"), "yes"
    return EnrolledRow(person.id, person.name, listed(roles), text, str(badge), kind)
