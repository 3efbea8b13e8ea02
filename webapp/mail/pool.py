"""The hint to somebody who cannot be matched: what stands in the way, as far as she may know, and where to look."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from webapp.mail.rendering import facts_for
from webapp.services.outbox import Claimed
from webapp.services.pool_hints import find_told

# For each side and cause: what stands in the way.
_CAUSES: Mapping[tuple[str, str], Any] = {
    ("mentee", "no_shared_hours"): _l(
        "With the hours you have given so far, there is no time for a meeting that would suit a mentor as well."
    ),
    ("mentor", "no_shared_hours"): _l(
        "With the hours you have given so far, there is no time for a meeting that would suit a mentee as well."
    ),
    ("mentee", "no_shared_language"): _l(
        "Among the languages you have named, there is none that a mentor here speaks."
    ),
    ("mentor", "no_shared_language"): _l(
        "Among the languages you have named, there is none that a mentee here speaks."
    ),
    ("mentee", "specialty_required"): _l(
        "The specialties you are interested in are not close to those of a mentor here."
    ),
    ("mentor", "specialty_required"): _l(
        "Nobody who looks for a mentor here is interested in a specialty close to yours."
    ),
    ("mentee", "stage_not_welcome"): _l(
        "Mentors here take mentees at other career stages than the one you have named."
    ),
    ("mentor", "stage_not_welcome"): _l(
        "Those who look for a mentor are at career stages that your offer does not name."
    ),
    ("mentee", "not_ahead"): _l("No mentor here is further ahead in the career than the stage you have named."),
}
_OTHERWISE = _l("With your answers as they are now, nobody is available in this programme yet.")
# For each change of her own answers that was confirmed to be enough.
_CHANGES: Mapping[str, Any] = {
    "edit_resume": _l("If you took mentees again, there would be somebody for you."),
    "edit_hours": _l("If you were free on %(windows)s as well, there would be somebody for you."),
    "edit_topic": _l("If you added the topic %(topic)s, there would be somebody for you."),
    "edit_stage": _l("If you welcomed mentees at the stage %(stage)s, there would be somebody for you."),
    "edit_specialty": _l("If you added the specialty %(specialty)s, there would be somebody for you."),
}
# Where each is changed: for a mentee, for a mentor.
_PLACES: Mapping[str, tuple[str, str]] = {
    "no_shared_hours": ("me.hours", "me.hours"),
    "no_shared_language": ("me.profile", "me.profile"),
    "specialty_required": ("me.request_", "me.profile"),
    "stage_not_welcome": ("me.profile", "me.offer"),
    "not_ahead": ("me.profile", "me.profile"),
    "edit_hours": ("me.hours", "me.hours"),
    "edit_topic": ("me.request_", "me.offer"),
    "edit_specialty": ("me.request_", "me.profile"),
    "edit_stage": ("me.profile", "me.offer"),
    "edit_resume": ("me.profile", "me.pause"),
}
_NEED_SLUG = {"me.request_", "me.offer", "me.pause"}


@facts_for("pool_hint")
def hint(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return what to say; None for who has left or paused since."""
    found = find_told(session, uuid.UUID(claimed.params["membership_id"]))
    if found is None:
        return None
    name, slug = found
    side, cause, change = claimed.params["side"], claimed.params["cause"], claimed.params["change"]
    place = _PLACES[change["key"] if change else cause][side == "mentor"]
    return {
        "programme": name,
        "side": side,
        "cause": str(_CAUSES.get((side, cause), _OTHERWISE)),
        "change": _change(change) if change else "",
        "endpoint": place,
        "values": {"slug": slug} if place in _NEED_SLUG else {},
        "action": {"me.hours": _("Look at my hours"), "me.profile": _("Look at what I said about me")}.get(
            place, _("Look at my offer") if side == "mentor" else _("Look at what I look for")
        ),
    }


def _change(change: Mapping[str, Any]) -> str:
    values = {
        name: _(" and ").join(value) if isinstance(value, list) else value for name, value in change["params"].items()
    }
    return str(_CHANGES[change["key"]]) % values
