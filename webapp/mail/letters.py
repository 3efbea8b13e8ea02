"""What the mails about letters say: that there is one and where to read it, never what is in it."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.mail.rendering import facts_for
from webapp.services.errors import NotFoundError
from webapp.services.letter_reports import coordinates
from webapp.services.letters import LetterFound, find_letter
from webapp.services.outbox import Claimed

Words = tuple[str, str, str]  # title, text, what the button says; no button without words for it


@facts_for("letter")
def letter(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return what to say; None where the letter has gone, or has moved on meanwhile."""
    try:
        found = find_letter(session, uuid.UUID(claimed.params["letter_id"]), person_id=claimed.person_id)
    except NotFoundError:
        return None
    words, states = _EVENTS[claimed.params["event"]]
    if found.letter.state not in states:
        return None
    title, text, button = words(found)
    return {"title": title, "text": text, "button": button, "letter_id": found.letter.id}


@facts_for("letter_reported")
def reported(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return where to read it; None for whoever coordinates no more."""
    found = coordinates(session, uuid.UUID(claimed.params["membership_id"]))
    return {"slug": found[0], "programme": found[1]} if found else None


def _day(found: LetterFound) -> str:
    return str(format_date(found.letter.due_at, "EEEE d MMMM"))


def _name(found: LetterFound) -> str:
    if found.other.person.deleted_at is not None:  # whoever has gone has no name any more
        return str(_("the mentor you wrote to"))
    return found.other.person.name


def _arrived(found: LetterFound) -> Words:
    return (
        _("%(name)s has written to you", name=_name(found)),
        _(
            "You said that people you do not know may write. Please answer by %(day)s: yes, not now, a question, or a "
            "colleague. No answer is fine too.",
            day=_day(found),
        ),
        _("Read the letter"),
    )


def _asked(found: LetterFound) -> Words:
    return (
        _("%(name)s asks you something", name=_name(found)),
        _("Before answering your letter. You can answer once, until %(day)s.", day=_day(found)),
        _("Read and answer"),
    )


def _replied(found: LetterFound) -> Words:
    return (
        _("%(name)s has answered your question", name=_name(found)),
        _("Now it is for you to say yes or not now, until %(day)s.", day=_day(found)),
        _("Read the answer"),
    )


def _yes(found: LetterFound) -> Words:
    return (
        _("%(name)s said yes to your letter", name=_name(found)),
        _("The time is held for you. Confirm it, and you get each other’s address."),
        _("Look at the offer"),
    )


def _not_now(found: LetterFound) -> Words:
    return (
        _("%(name)s cannot take your letter up now", name=_name(found)),
        _("That says nothing about your letter. Others may have the time, and you may write to them."),
        _("See the letter"),
    )


def _suggested(found: LetterFound) -> Words:
    return (
        _("%(name)s suggests a colleague to you", name=_name(found)),
        _("You decide whether you write there. Nobody has been told of you yet."),
        _("See who it is"),
    )


def _withdrawn(found: LetterFound) -> Words:
    return (_("%(name)s took a letter back", name=_name(found)), _("There is nothing for you to do."), "")


def _expired(found: LetterFound) -> Words:
    if found.side == "mentor":
        return (
            _("The letter of %(name)s is closed", name=_name(found)),
            _("Its time ran out, and that is fine. There is nothing for you to do."),
            "",
        )
    return (
        _("No answer came from %(name)s in time", name=_name(found)),
        _("Mentors are often away for long. That says nothing about your letter, and you may write to others."),
        _("See the letter"),
    )


def _reminder(found: LetterFound) -> Words:
    return (
        _("A letter of %(name)s waits for your answer", name=_name(found)),
        _("Until %(day)s, in case the first mail went under.", day=_day(found)),
        _("Read and answer"),
    )


# For each event: the words, and the states of the letter in which they are still true.
_EVENTS: Mapping[str, tuple[Callable[[LetterFound], Words], frozenset[str]]] = {
    "arrived": (_arrived, frozenset({"waiting"})),
    "asked": (_asked, frozenset({"asked"})),
    "replied": (_replied, frozenset({"waiting"})),
    "yes": (_yes, frozenset({"yes"})),
    "not_now": (_not_now, frozenset({"not_now"})),
    "suggested": (_suggested, frozenset({"suggested"})),
    "withdrawn": (_withdrawn, frozenset({"withdrawn"})),
    "expired": (_expired, frozenset({"expired"})),
    "reminder": (_reminder, frozenset({"waiting", "asked"})),
}
