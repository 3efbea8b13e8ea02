"""Privacy in words: private facts and what they are for, who sees what, what was decided when, one's own data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from webapp.services.consents import ConsentLine
from webapp.services.forgetting import Forgetting

# What the fact is, and what telling it is for.
TRAITS: Mapping[str, tuple[Any, Any]] = {
    "first_generation": (
        _l("First in my family to study"),
        _l("So that you may meet somebody who also found the way without being shown it."),
    ),
    "carer": (
        _l("Caring for children or others at home"),
        _l("So that you may meet somebody whose evenings are not her own either."),
    ),
    "returner": (
        _l("Came back after a long break"),
        _l("So that you may meet somebody who knows how returning feels."),
    ),
    "part_time": (
        _l("Working part-time"),
        _l("So that you may meet somebody who makes a career at less than full time."),
    ),
    "trained_abroad": (
        _l("Trained in another country"),
        _l("So that you may meet somebody who also had her training recognised, and learnt another system."),
    ),
    "rural": (
        _l("Grew up or work far from a large city"),
        _l("So that you may meet somebody who knows what distance costs."),
    ),
    "minority": (
        _l("Of an ethnic or religious minority where I work"),
        _l("So that you may meet somebody who has been the only one in the room."),
    ),
    "disability": (
        _l("Living with a disability or a long illness"),
        _l("So that you may meet somebody who plans with a body that has its own say."),
    ),
    "lgbtq": (_l("LGBTQ+"), _l("So that you may meet somebody with whom this needs no explaining.")),
}
FIELDS: Mapping[str, Any] = {
    "pronouns": _l("Your pronouns"),
    "institution": _l("Where you work"),
    "place": _l("Your city and country"),
    "bio": _l("What you wrote about yourself"),
    "brings": _l("What you bring"),
    "achievements": _l("What you have achieved"),
}
LEVELS: Mapping[str, Any] = {
    "programme": _l("People of your programme"),
    "pairs": _l("Only your mentors and mentees"),
    "nobody": _l("Nobody"),
}
SECTIONS: Mapping[str, Any] = {
    "person": _l("Your account"),
    "profile": _l("About you"),
    "trait": _l("Private facts"),
    "availability_window": _l("Your hours"),
    "availability_exception": _l("Days on which you are away"),
    "goal": _l("Goals"),
    "achievement": _l("Achievements"),
    "mail_choice": _l("Mails you switched off"),
    "consent": _l("What you decided"),
    "membership": _l("Programmes"),
    "mentor_offer": _l("What you offer as a mentor"),
    "mentee_request": _l("What you look for as a mentee"),
    "letter_box": _l("Whether people you do not know may write to you"),
    "message": _l("Letters"),
    "interest": _l("What you said about others"),
    "offer": _l("Offers"),
    "offer_message": _l("What you and the other asked about an offer"),
    "offer_ask": _l("Other hours and first calls"),
    "mentorship": _l("Pairs"),
    "time_entry": _l("Your minutes as a mentor"),
    "round_withdrawal": _l("Rounds you were left out of"),
    "edit_on_behalf": _l("Changed on your behalf"),
    "login_session": _l("Browsers you are signed in with"),
    "outbox_message": _l("Mails to you"),
    "audit_event": _l("What you did"),
}


@dataclass(frozen=True)
class HistoryLine:
    at: datetime
    text: str


@dataclass(frozen=True)
class Section:
    """One table of one's own data."""

    title: str
    columns: list[str]
    rows: list[list[str]]


def present_history(lines: Sequence[ConsentLine], kinds: Mapping[str, Any]) -> list[HistoryLine]:
    """Say what was decided; `kinds` names the kinds of mail."""
    return [HistoryLine(line.at, _sentence(line, kinds)) for line in lines]


def present_own_data(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Section]:
    """Return one's own data as tables, the empty ones left out."""
    return [
        Section(
            str(SECTIONS.get(name, name)),
            list(rows[0]),
            [[_cell(value) for value in row.values()] for row in rows],
        )
        for name, rows in found.items()
        if rows
    ]


def what_goes(forgetting: Forgetting) -> list[str]:
    """Say what deleting the account does, with its numbers."""
    lines = [
        _("Your name, your e-mail address and all that you wrote about yourself are deleted, at once and for good."),
        _("You leave %(programmes)s.", programmes=", ".join(forgetting.programmes)) if forgetting.programmes else "",
        ngettext(
            "One open offer is withdrawn; the other one is told kindly, without a reason.",
            "%(num)d open offers are withdrawn; the others are told kindly, without a reason.",
            forgetting.offers,
        )
        if forgetting.offers
        else "",
        ngettext(
            "One pair ends without blame; the other one is told, and the time returns to the mentor.",
            "%(num)d pairs end without blame; the others are told, and the time returns to the mentors.",
            forgetting.pairs,
        )
        if forgetting.pairs
        else "",
        _("What stays are numbers: that somebody took part, and how many minutes. They read “Former member”."),
        _("You may join again with the same address whenever you like, as somebody new."),
    ]
    return [line for line in lines if line]


def _sentence(line: ConsentLine, kinds: Mapping[str, Any]) -> str:
    if line.kind == "terms":
        return _("You agreed to the terms of %(programme)s, version %(v)s.", programme=line.programme, v=line.value)
    if line.kind == "traits" and line.subject == "told":
        return ngettext("You told a private fact.", "You told %(num)d private facts.", int(line.value))
    if line.kind == "traits":
        text = ngettext("You took a private fact back.", "You took %(num)d private facts back.", int(line.value))
        return f"{text} {_('It was deleted.')}"
    if line.kind == "visibility":
        field, level = FIELDS.get(line.subject, line.subject), LEVELS.get(line.value, line.value)
        return _("%(field)s: %(level)s.", field=field, level=level)
    name = kinds.get(line.subject, line.subject)
    if line.value == "off":
        return _("You switched off: %(kind)s.", kind=name)
    return _("You switched on again: %(kind)s.", kind=name)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return "" if value is None else str(value)
