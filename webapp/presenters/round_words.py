"""What is said after a coordinator's action on a round, and why one could not be done."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.services.scenarios import MOST_AT_WORK

DONE: Mapping[str, Any] = {
    "open": _l("The round is open for joining."),
    "freeze": _l("The pool is frozen. The pairs can be worked out now."),
    "reopen": _l("The round is open for joining again. Pins and pairs ruled out are kept."),
    "cancel": _l("The round is cancelled. Nobody had an offer from it."),
    "activate": _l("The time of answers is over."),
    "close": _l("The round begins to close."),
    "archive": _l("The round is archived."),
}
RULED: Mapping[str, Any] = {
    "pin": _l("The pair is pinned. It holds from the next time the pairs are worked out."),
    "forbid": _l("The pair is ruled out, now and when the pairs are worked out again."),
    "clear": _l("The pair is left to the rules again."),
}
CHANGED: Mapping[str, Any] = {
    "add": _l("The pair is added."),
    "move": _l("The mentee is moved."),
    "remove": _l("The pair is taken out."),
    "restore": _l("The pair is back."),
}
WHY_NO_COST: Mapping[str, Any] = {
    "large": _l(
        "This round is too large to work the cost out while you wait. The command “mosaic why” answers for it."
    ),
    "early": _l("Hours were so scarce here that nothing exact can be said of what this costs the others."),
    "snapshot": _l("The round was opened again since; these pairs are out of date."),
}
NO_ROOM: Mapping[str, Any] = {
    "places": _l("The mentor has no place for another pinned mentee. Unpin another pair first."),
    "minutes": _l("The mentor has no minutes for another pinned mentee. Unpin another pair first."),
    "wanted": _l("The mentee has as many pinned mentors as wanted. Unpin another pair first."),
    "cap": _l("The mentor gives no more minutes over all programmes. Unpin another pair first."),
}
BLOCKED: Mapping[str, Any] = {
    "minutes": _l("the mentor has fewer minutes left now"),
    "places": _l("the mentor has fewer places left now"),
    "cap": _l("the mentor has fewer minutes left over all programmes"),
    "wanted": _l("the mentee has as many mentors as wanted"),
    "paused": _l("one of the two pauses now"),
    "left": _l("one of the two has left"),
    "withdrawn": _l("one of the two has left this round; take the pair out"),
    "paired": _l("the two are a pair already"),
    "adult": _l(
        "one of the two is a student now and has not said that she is 18 or older; ask her, or take the pair out"
    ),
    "student_not_approved": _l("the mentor is not approved for students; approve her, or take the pair out"),
    "excluded": _l("the two are not to be matched with each other; take the pair out"),
}
CANNOT_FREEZE: Mapping[tuple[str, str], Any] = {
    ("mentors", "nobody"): _l("No mentor has joined yet. Invite mentors first."),
    ("mentors", "no_room"): _l("No mentor has time left for another mentee. Invite more mentors first."),
    ("mentees", "nobody"): _l("No mentee is looking for a mentor yet. Invite mentees first."),
}
_CANNOT_BE: Mapping[str, Any] = {
    "not_in_round": _l("One of the two was not in the pool when the round was frozen."),
    "no_shared_hours": _l("The two share no free time that is long enough for a meeting."),
    "no_shared_language": _l("The two share no language."),
    "specialty_required": _l("The programme asks for closer specialties."),
    "below_minimum": _l("The two have less in common than the smallest fit in the settings."),
    "stage_not_welcome": _l("The mentor takes mentees at other career stages."),
    "not_ahead": _l("The mentor is not further ahead in the career."),
    "adult": _l("One of the two is a student, and has not said that she is 18 or older."),
    "student_not_approved": _l("The mentee is a student, and the mentor is not approved for students."),
    "mentor_paused": _l("The mentor pauses at the moment."),
    "already_paired": _l("The two are a pair already."),
    "former_pair": _l("The two were a pair before."),
    "excluded": _l("One of the two asked not to be matched with the other."),
    "conflict": _l("The two have a conflict of interest."),
    "forbidden": _l("The pair is ruled out."),
    "self": _l("That is the same person."),
}


def cannot_be(key: str) -> str:
    """Say why two people cannot be a pair."""
    return str(_CANNOT_BE.get(key, _CANNOT_BE["not_in_round"]))


def cannot_pin(key: str) -> str:
    """Say why a pair cannot be pinned."""
    return _("The pair cannot be pinned. %(why)s", why=cannot_be(key))


def say_at_work(what: str) -> str:
    """Say why a scenario is not begun while others are being worked out."""
    if what == "many":
        return _(
            "%(n)s scenarios are being worked out already. Wait for one of them, or stop one; then begin this.",
            n=MOST_AT_WORK,
        )
    return _(
        "The same pairs are being worked out for this round already, by the same rule and weights. "
        "Wait for them, or stop that first."
    )
