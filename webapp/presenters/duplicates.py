"""Why two entries look like one person, and what making them one would do, in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.presenters.edits import FIELDS
from webapp.presenters.reasons import listed
from webapp.services.merging import MergePlan

REASONS: Mapping[str, Any] = {
    "name": _l("the same name"),
    "address": _l("the same letters before the @"),
}
MORE: Mapping[str, Any] = {"away": _l("the days away"), "progress": _l("goals and achievements")}
ROLES: Mapping[str, Any] = {"mentor": _l("mentor"), "mentee": _l("mentee")}
REFUSED: Mapping[str, Any] = {
    "both_confirmed": _l(
        "Both are confirmed accounts, and nobody loses a sign-in without being asked. Ask which of them is used; "
        "then note on the other\u2019s page that it leaves the programme."
    ),
    "gone_confirmed": _l("The other account is confirmed, so it is the one that stays."),
    "coordinates": _l("The entry that would disappear coordinates this programme. Keep that one."),
    "history": _l(
        "The entry that would disappear has been part of a round, and two histories cannot be made one. Keep that "
        "one, or note on its page that it leaves the programme."
    ),
}


def present_reasons(reasons: Iterable[str]) -> str:
    return listed([str(REASONS[reason]) for reason in reasons])


def present_effects(plan: MergePlan) -> list[str]:
    """Say what would happen, or why nothing can."""
    if plan.refused:
        return [str(REFUSED[plan.refused])]
    lines = [_("%(name)s stays, with the address %(email)s.", name=plan.keep_name, email=plan.keep_email)]
    taken = [FIELDS[name][0] for name in (*plan.filled, *(("hours",) if plan.hours else ()))]
    taken += [MORE[name] for name in plan.more]
    if taken:
        lines.append(_("Taken over: %(what)s.", what=listed(list(map(str, taken)))))
    if plan.roles:
        lines.append(_("Added: the part as %(roles)s.", roles=_listed_roles(plan.roles)))
    if plan.dropped:
        text = _(
            "Not taken over: the part as %(roles)s. Who has joined adds a role in person.",
            roles=_listed_roles(plan.dropped),
        )
        lines.append(text)
    if plan.lowered:
        what = listed([str(FIELDS[name][0]) for name in plan.lowered])
        lines.append(_("Of two limits the lower one counts: %(what)s.", what=what))
    lines.append(_("Wishes, exclusions and notes go along; what is said twice is kept once."))
    if plan.account_goes:
        lines.append(_("The account %(email)s, which was never confirmed, disappears.", email=plan.gone_email))
    else:
        lines.append(_("%(email)s leaves this programme; another programme knows it too.", email=plan.gone_email))
    return lines


def _listed_roles(roles: Iterable[str]) -> str:
    return listed([str(ROLES[role]) for role in roles])
