"""Where an offer stands, in words: a headline, what it means, and what happens next."""

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.presenters.names import short_name
from webapp.services.my_offers import OfferFound
from webapp.services.pausing import AWAY


@dataclass(frozen=True)
class Said:
    title: str
    lead: str
    after_yes: str = ""  # beside the button: what a yes leads to
    after_no: str = ""


def say_where_it_stands(found: OfferFound, deadline: str) -> Said:
    name = found.other.person.name
    short = short_name(name)
    state, mine = found.offer.state, found.my_answer
    if state == "open" and mine == "waiting":
        return _question(found, name, short, deadline)
    if state == "open":
        title = _("You said yes to %(name)s", name=name)
        lead = _("%(name)s has until %(day)s to answer. We write to you either way.", name=short, day=deadline)
        return Said(title, lead, after_no=_after_no(short))
    if state == "accepted":
        return _accepted(found, name)
    if state == "declined":
        return _declined(found, name, short)
    if state == "expired":
        return _expired(found, name, short)
    return _withdrawn(found, name, short)


def _question(found: OfferFound, name: str, short: str, deadline: str) -> Said:
    if found.side == "mentor":
        title = _("Would you mentor %(name)s?", name=name)
        lead = _("Please answer by %(day)s. No answer is fine too: your time then goes back to you.", day=deadline)
    else:
        title = _("Would you like %(name)s as your mentor?", name=name)
        if found.offer.once:
            title = _("Talk with %(name)s for %(n)d minutes?", name=name, n=found.offer.minutes)
        if found.offer.is_shadow_day:
            title = _("A shadow day with %(name)s?", name=name)
        lead = _("Please answer by %(day)s. No answer is fine too: you keep your place in line.", day=deadline)
    if found.other_answer == "yes":
        after = _("%(name)s has said yes already. With your yes you get each other’s address.", name=short)
    else:
        after = _("%(name)s has until %(day)s to say yes as well.", name=short, day=deadline)
        after += " " + _("Then you get each other’s address.")
    return Said(title, lead, after, _after_no(short))


def _accepted(found: OfferFound, name: str) -> Said:
    if found.offer.once:
        lead = _("You have each other’s address now. Write a line, agree on the day, and write it down under Pairs.")
        if found.offer.is_shadow_day:
            return Said(_("A shadow day for you and %(name)s", name=name), lead)
        return Said(_("You and %(name)s will talk", name=name), lead)
    lead = _("You have each other’s address now. Write a line, so that the first meeting happens.")
    return Said(_("You and %(name)s are a pair", name=name), lead)


def _declined(found: OfferFound, name: str, short: str) -> Said:
    if found.my_answer == "no":
        title = _("You declined the offer with %(name)s", name=name)
        lead = _("%(name)s reads “not free this round”, and nothing more.", name=short)
        if found.offer.round_id is None:
            lead = _("%(name)s reads “not free just now”, and nothing more.", name=short)
        return Said(title, f"{lead} {_what_you_keep(found)}")
    if found.offer.round_id is None:
        return Said(_("%(name)s is not free just now", name=name), _what_you_keep(found))
    return Said(_("%(name)s is not free this round", name=name), _what_you_keep(found))


def _withdrawn(found: OfferFound, name: str, short: str) -> Said:
    if found.offer.decline_reason != AWAY:
        lead = _("Your coordinator took it back; nothing you did is the cause.")
        return Said(_("This offer was withdrawn"), f"{lead} {_what_you_keep(found)}")
    if found.side == "mentor":
        title = _("You took the offer with %(name)s back for your pause", name=name)
        lead = _("%(name)s was told kindly, and keeps the place in line.", name=short)
        return Said(title, f"{lead} {_what_you_keep(found)}")
    lead = _("It has nothing to do with you.")
    return Said(_("%(name)s takes a break from mentoring", name=name), f"{lead} {_what_you_keep(found)}")


def _expired(found: OfferFound, name: str, short: str) -> Said:
    if found.may_say_yes:
        title = _("The time to answer %(name)s has passed", name=name)
        lead = _("You may still say yes while the place is free.")
        if found.other_answer == "yes":
            after = _("%(name)s has said yes already. With your yes you get each other’s address.", name=short)
        else:
            after = _("If the place is still free, %(name)s has three days to answer.", name=short)
        return Said(title, lead, after, _after_no(short))
    if found.my_answer == "yes":
        title = _("%(name)s did not answer in time", name=name)
        lead = _("A yes that comes late still counts while the place is free; then we write to you.")
        return Said(title, f"{_what_you_keep(found)} {lead}", after_no=_after_no(short))
    return Said(_("The time to answer %(name)s has passed", name=name), _what_you_keep(found))


def _what_you_keep(found: OfferFound) -> str:
    if found.side == "mentor":
        return _("Your %(n)d minutes a month are yours again.", n=found.offer.minutes)
    return _("You may write to somebody else.") if found.offer.round_id is None else _("You keep your place in line.")


def _after_no(short: str) -> str:
    reads = _("%(name)s reads “not free this round”.", name=short)
    return reads + " " + _("A reason, if you give one, goes to your coordinator only.")
