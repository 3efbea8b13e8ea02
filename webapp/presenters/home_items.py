"""What waits for a person on her home page, in order and with one button each, and what happened."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _

from webapp.presenters.names import short_name
from webapp.services.home import HomeFacts, LetterHere, Place
from webapp.services.home_pairs import Pairing
from webapp.services.offer_waits import Wait

SUGGESTIONS, TIME = "suggestions.show", "me.time"


@dataclass(frozen=True)
class Item:
    """Something that waits, or a piece of news; `news` is the sentence for the page's title."""

    title: str
    text: str
    button: str
    endpoint: str
    values: dict[str, Any]
    news: str
    waits: bool = True


def day_of(day: date | None) -> str:
    return str(format_date(day, "EEEE d MMMM")) if day else ""


def present_items(facts: HomeFacts, *, zone: str, today: date) -> list[Item]:
    """Return what waits, the most pressing first, then the news."""
    waiting = [o for o in facts.offers if o.state == "open" and o.my_answer == "waiting"]
    # Somebody who has said yes already waits for an answer: she comes first.
    waiting.sort(key=lambda offer: offer.other_answer != "yes")
    items = [_open_offer(offer, zone) for offer in waiting]
    items += [_letter(letter, zone) for letter in facts.letters if letter.state != "suggested"]
    items += [_light(pair, today) for pair in facts.pairs if pair.once and pair.state == "active"]
    joining = [place for place in facts.places if place.status in {"pending", "invited"}]
    items += [_joining(place) for place in joining if not place.waits]
    items += [_new_terms(place) for place in facts.places if place.asks_terms]
    items += [_zone_gone()] if facts.zone_is_gone else []
    items += [_asks_age() for place in facts.places if place.asks_age][:1]
    items += [item for item in (_ended_offer(o) for o in facts.offers if o.state != "open") if item]
    items += [_ended_pair(p, zone) for p in facts.pairs if p.state == "ended" and not p.once]
    items += [_suggested(letter) for letter in facts.letters if letter.state == "suggested"]
    items += [_approval(place) for place in joining if place.waits]
    return items + [_back_soon(p, today) for p in facts.places if p.is_paused]


def present_wait(wait: Wait, zone: str) -> Item:
    """Say what the other of an open offer waits for; it comes before the answer to the offer itself."""
    short, until = short_name(wait.name), day_of(wait.deadline_at.astimezone(ZoneInfo(zone)).date())
    text = _("The offer waits for both of you until %(day)s.", day=until)
    values = {"offer_id": wait.offer_id}
    if wait.kind == "question":
        title = _("%(name)s has written to you", name=wait.name)
        return Item(title, text, _("Read and reply"), "offers.show", values, f"{title}.")
    if wait.kind == "hour":
        title = _("%(name)s proposes another hour", name=wait.name)
        return Item(title, text, _("Choose the hour"), "offers.show", values, f"{title}.")
    title = _("%(name)s would like to call you first", name=wait.name)
    return Item(title, text, _("Choose a time"), "offers.show", values, _("%(name)s asks for a call.", name=short))


def _open_offer(offer: Pairing, zone: str) -> Item:
    name, short = offer.other.name, short_name(offer.other.name)
    assert offer.deadline_at is not None  # every offer has one
    until = day_of(offer.deadline_at.astimezone(ZoneInfo(zone)).date())
    said_yes = offer.other_answer == "yes"
    if offer.side == "mentor":
        title = _("Would you mentor %(name)s?", name=name)
        text = _("%(n)d minutes a month are held for this until %(day)s.", n=offer.minutes, day=until)
        if offer.once:
            text = _("%(n)d minutes are held for this, once, until %(day)s.", n=offer.minutes, day=until)
        news = title
    else:
        title = _("Talk with %(name)s?", name=name) if offer.once else _("Meet %(name)s?", name=name)
        if offer.is_shadow_day:
            title = _("A shadow day with %(name)s?", name=name)
        text = _("The time is held for you until %(day)s.", day=until)
        news = title if offer.once else _("%(name)s could be your mentor.", name=name)
    if said_yes:
        text = _("%(name)s has said yes.", name=short) + " " + text
        news = _("%(name)s is waiting for your answer.", name=short)
    return Item(title, text, _("Read and answer"), "offers.show", {"offer_id": offer.id}, news)


def _letter(letter: LetterHere, zone: str) -> Item:
    until = day_of(letter.due_at.astimezone(ZoneInfo(zone)).date())
    if letter.side == "mentor":
        title = _("A letter from %(name)s", name=letter.name)
        text = _("Somebody you do not know yet. Please answer by %(day)s; no answer is fine too.", day=until)
        news = _("%(name)s has written to you.", name=letter.name)
    else:
        title = _("%(name)s asks you something", name=letter.name)
        text = _("About your letter. You can answer once, until %(day)s.", day=until)
        news = f"{title}."
    return Item(title, text, _("Read and answer"), "letters.show", {"letter_id": letter.id}, news)


def _light(pair: Pairing, today: date) -> Item:
    """Return what is next with a question or a shadow day: a day to agree on, to come, or to speak of."""
    name, values = pair.other.name, {"mentorship_id": pair.id}
    title = _("A shadow day with %(name)s", name=name) if pair.is_shadow_day else _("One talk with %(name)s", name=name)
    if pair.planned_on is None:
        text = _("Agree on the day with each other, and write it down.")
        return Item(title, text, _("Write down the day"), "mentorships.show", values, f"{title}.", waits=False)
    if pair.planned_on > today:
        text = _("On %(day)s.", day=day_of(pair.planned_on))
        return Item(title, text, _("Look at it"), "mentorships.show", values, f"{title}.", waits=False)
    text = _("It was planned for %(day)s. One click is enough.", day=day_of(pair.planned_on))
    news = _("Did you meet %(name)s?", name=short_name(name))
    return Item(_("Did it take place? %(what)s", what=title), text, _("Say so"), "mentorships.show", values, news)


def _suggested(letter: LetterHere) -> Item:
    title = _("%(name)s suggests a colleague", name=letter.name)
    text = _("You decide whether you write there.")
    return Item(title, text, _("See who it is"), "letters.show", {"letter_id": letter.id}, f"{title}.", waits=False)


def _joining(place: Place) -> Item:
    title = _("Finish joining %(programme)s", programme=place.programme)
    text = _("What you have answered is saved. You take part once you have checked it and joined.")
    news = _("You have not joined %(programme)s yet.", programme=place.programme)
    return Item(title, text, _("Continue"), "joining.tasks", {"slug": place.slug}, news)


def _new_terms(place: Place) -> Item:
    title = _("The terms of %(programme)s have changed", programme=place.programme)
    text = _("Read what is new, and say that you agree. You stay in the pool meanwhile.")
    return Item(title, text, _("Read and agree"), "me.terms", {"slug": place.slug}, f"{title}.")


def _asks_age() -> Item:
    title = _("Are you 18 or older?")
    text = _(
        "Only adults take part for now, and whoever is a student says so once. Until then nobody is suggested to you, "
        "nor you to anybody."
    )
    return Item(title, text, _("Say so"), "me.adult", {}, _("One short question waits for you."))


def _zone_gone() -> Item:
    title = _("Which clock do you live by?")
    text = _("The time zone you chose is not in use any more. Until you choose another, your hours count by UTC.")
    return Item(title, text, _("Choose your time zone"), "me.hours", {}, _("One short question waits for you."))


def _approval(place: Place) -> Item:
    title = _("%(programme)s looks at your answers", programme=place.programme)
    text = _("You get a mail as soon as the coordinator has decided. Until then you may change them.")
    return Item(title, text, _("See your answers"), "joining.check", {"slug": place.slug}, f"{title}.", waits=False)


def _ended_offer(offer: Pairing) -> Item | None:
    """Return the news of an offer that became no pair; never why, and nothing where it was her own no."""
    if offer.my_answer == "no":
        return None
    short = short_name(offer.other.name)
    if offer.state == "withdrawn":
        title = _("The offer with %(name)s was withdrawn", name=offer.other.name)
    elif offer.other_answer == "no":
        title = _("%(name)s is not free this round", name=short)
    elif offer.my_answer == "waiting":
        title = _("The offer with %(name)s ended without your answer", name=offer.other.name)
    else:
        title = _("No answer came from %(name)s in time", name=short)
    if offer.side == "mentor":
        text = _("Your %(n)d minutes a month went back to you.", n=offer.minutes)
        return Item(title, text, _("See your time"), TIME, {}, f"{title}.", waits=False)
    text = _("You keep your place in line.")
    return Item(title, text, _("See who fits"), SUGGESTIONS, {}, f"{title}.", waits=False)


def _ended_pair(pair: Pairing, zone: str) -> Item:
    title = _("You and %(name)s have ended your pair", name=pair.other.name)
    day = day_of(pair.closed_at.astimezone(ZoneInfo(zone)).date()) if pair.closed_at else ""
    text = _("On %(day)s. Either of you may, without blame.", day=day)
    news = _("Your pair with %(name)s has ended.", name=short_name(pair.other.name))
    return Item(title, text, _("Read"), "mentorships.show", {"mentorship_id": pair.id}, news, waits=False)


def _back_soon(place: Place, today: date) -> Item:
    until = place.paused_until
    text = _("Rounds leave you out until %(day)s.", day=day_of(until)) if until else _("Rounds leave you out for now.")
    if until and until.year != today.year:
        text = _("Rounds leave you out until %(day)s.", day=format_date(until, "d MMMM y"))
    title = _("You pause in %(programme)s", programme=place.programme)
    return Item(title, text, _("Change the pause"), "me.pause", {"slug": place.slug}, f"{title}.", waits=False)
