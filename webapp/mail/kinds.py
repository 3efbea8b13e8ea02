"""The kinds of mail: which a person may switch off, and why the others come all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Kind:
    """A kind of mail; `needed` says why it cannot be switched off, and is empty where it can."""

    name: Any
    about: Any
    templates: frozenset[str]
    needed: Any = ""


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "account": Kind(
            _l("Your account"),
            _l("Links to confirm an address or choose a password, and word when one was changed."),
            frozenset(
                {"already_here", "choose_password", "first_password", "password_changed", "reset", "verify"},
            ),
            _l("Nobody else may get into your account without your noticing."),
        ),
        "offers": Kind(
            _l("Offers, and what becomes of them"),
            _l("A pair to say yes or no to, more time to answer, and how it ended."),
            frozenset(
                {
                    "mentorship_ended",
                    "offer_away",
                    "offer_talk",
                    "offer_accepted",
                    "offer_declined",
                    "offer_expired",
                    "offer_extended",
                    "offer_reopened",
                    "offer_withdrawn",
                    "offers_published",
                }
            ),
            _l("Somebody waits for your answer, or you for hers."),
        ),
        "letters": Kind(
            _l("Letters"),
            _l("A letter from somebody you do not know, or an answer to yours; a report to look into."),
            frozenset({"letter", "letter_reported"}),
            _l("Somebody waits for your answer; mentors choose on their own page whether letters come at all."),
        ),
        "membership": Kind(
            _l("Taking part in a programme"),
            _l(
                "An invitation, a yes or no to your joining, a pause or a leave that somebody noted for you, and what "
                "keeps students safe."
            ),
            frozenset(
                {
                    "invitation",
                    "join_approved",
                    "join_declined",
                    "membership_left",
                    "membership_paused",
                    "membership_resumed",
                    "age_asked",
                    "students_approved",
                    "students_unapproved",
                }
            ),
            _l("They say what was done in your name."),
        ),
        "reminders": Kind(
            _l("Reminders"),
            _l("That an offer still waits, that joining is not finished, or whether a talk took place."),
            frozenset({"invitation_reminder", "light_due", "offer_nudge"}),
        ),
        "hints": Kind(
            _l("Hints"),
            _l("What you could change when nobody can be found for you."),
            frozenset({"pool_hint"}),
        ),
    }
)
SWITCHABLE = frozenset(key for key, kind in KINDS.items() if not kind.needed)


def kind_of(template: str) -> str:
    """Return the kind of a mail; one that nobody named counts as needed."""
    return next((key for key, kind in KINDS.items() if template in kind.templates), "account")
