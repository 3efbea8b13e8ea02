"""States of rounds, offers and people in words, with the look of their badge."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

ROUND: Mapping[str, Any] = {
    "draft": _l("Draft"),
    "enrolling": _l("Enrolling"),
    "frozen": _l("Frozen"),
    "review": _l("Review"),
    "published": _l("Published"),
    "active": _l("Active"),
    "closing": _l("Closing"),
    "archived": _l("Archived"),
    "cancelled": _l("Cancelled"),
}
STEPS = tuple(state for state in ROUND if state != "cancelled")
OFFER: Mapping[str, tuple[Any, str]] = {
    "open": (_l("Waits for answers"), "wait"),
    "accepted": (_l("Both said yes"), "yes"),
    "declined": (_l("Not free"), "no"),
    "expired": (_l("No answer in time"), "no"),
    "withdrawn": (_l("Withdrawn"), ""),
}
ANSWER: Mapping[str, tuple[Any, str]] = {
    "waiting": (_l("no answer yet"), "wait"),
    "yes": (_l("yes"), "yes"),
    "no": (_l("not free"), "no"),
}
MEMBER: Mapping[str, tuple[Any, str]] = {
    "active": (_l("Takes part"), "yes"),
    "pending": (_l("Not finished yet"), "wait"),
    "invited": (_l("Invited"), "wait"),
    "paused": (_l("Pauses"), "held"),
    "left": (_l("Left"), ""),
}
PAIR: Mapping[str, tuple[Any, str]] = {
    "active": (_l("Meeting"), "yes"),
    "paused": (_l("Pauses"), "held"),
    "completed": (_l("Completed"), "yes"),
    "ended": (_l("Ended"), ""),
}
AGREED = (_l("Agreed"), "yes")  # of one talk or a shadow day, which is no meeting again and again
CADENCE: Mapping[str, Any] = {
    "weekly": _l("every week"),
    "fortnightly": _l("every two weeks"),
    "monthly": _l("once a month"),
    "bimonthly": _l("every two months"),
    "once": _l("once"),
}
_WRONG_STATE: Mapping[tuple[str, str], Any] = {
    ("round", "draft"): _l("This round is still a draft."),
    ("round", "enrolling"): _l("People are joining this round at the moment."),
    ("round", "frozen"): _l("This round is frozen already."),
    ("round", "review"): _l("This round is in review already."),
    ("round", "published"): _l("This round is published already: its offers have gone out."),
    ("round", "active"): _l("This round is under way: its offers are answered."),
    ("round", "closing"): _l("This round is closing."),
    ("round", "archived"): _l("This round is archived."),
    ("round", "cancelled"): _l("This round was cancelled."),
    ("scenario", "stale"): _l("This scenario is out of date: the pool was opened again after it."),
    ("scenario", "solving"): _l("This scenario is still being worked out."),
    ("scenario", "published"): _l("The pairs of this scenario are published."),
    ("scenario", "unproved"): _l("The last check of this scenario’s certificate failed. Work the pairs out again."),
    ("scenario", "waiting"): _l("This scenario is still being worked out."),
    ("merge", "both_confirmed"): _l("Both accounts were confirmed meanwhile."),
    ("merge", "gone_confirmed"): _l("The account that would disappear was confirmed meanwhile."),
    ("merge", "history"): _l("The entry that would disappear is part of a round."),
    ("merge", "coordinates"): _l("The entry that would disappear coordinates this programme."),
    ("membership", "left"): _l("This person has left the programme already."),
    ("membership", "active"): _l("There is no pause to end."),
    ("membership", "paused"): _l("This person pauses already."),
    ("membership", "pending"): _l("This person has not finished joining."),
    ("membership", "invited"): _l("This person has not accepted the invitation yet."),
    ("offer", "accepted"): _l("Both have said yes to this offer meanwhile."),
    ("offer", "declined"): _l("This offer was answered with no meanwhile."),
    ("offer", "expired"): _l("This offer ran out of time meanwhile."),
    ("offer", "withdrawn"): _l("This offer was withdrawn already."),
    ("import", "imported"): _l("This was imported already."),
    ("import", "undone"): _l("This import was undone already."),
    ("import", "discarded"): _l("This file was put away already."),
}


def what_happened(subject: str, state: str) -> str:
    """Say what stands now where a step does not follow from it."""
    known = _WRONG_STATE.get((subject, state))
    return str(known) if known else _("Somebody may have been quicker.")
