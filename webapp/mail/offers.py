"""What the mails about offers and pairs say, looked up when they are sent."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from webapp.mail.rendering import facts_for
from webapp.services.answer_links import make_answer_token
from webapp.services.calendars import call_entry, first_meeting_entry, write_calendar
from webapp.services.errors import NotFoundError
from webapp.services.my_offers import OfferFound, find_offer, find_offer_by_side
from webapp.services.outbox import Claimed
from webapp.services.slots import EVERY, Meeting, away_of, first_day, first_meeting


@dataclass(frozen=True)
class OfferFacts:
    """One offer for a mail to one side of it; the address stands only in the mail after both said yes."""

    id: uuid.UUID
    side: str
    name: str
    programme: str
    minutes: int
    deadline: datetime
    meeting: Meeting | None
    token: str
    waits: bool  # for an answer of whoever reads
    may_say_yes: bool
    once: bool  # one talk or a shadow day
    is_shadow_day: bool
    by_letter: bool  # outside any round
    gone: bool  # the other has deleted her account, and has no name any more


@facts_for("offers_published", "offer_nudge", "offer_extended")
def several(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return the offers that still wait for this person; without any there is nothing to write about."""
    offers = []
    for offer_id in claimed.params["offers"]:
        try:
            found = find_offer(session, uuid.UUID(offer_id), person_id=claimed.person_id)
        except NotFoundError:
            continue  # deleted since, with the account of the other
        facts = _facts(found)
        if facts.waits:
            offers.append(facts)
    return {"offers": offers} if offers else None


@facts_for("offer_declined", "offer_expired", "offer_reopened", "offer_withdrawn", "offer_away", "mentorship_ended")
def single(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    found = _found(session, claimed)
    return {"offer": _facts(found)} if found else None


@facts_for("offer_accepted")
def accepted(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return the other's address as well, for both have said yes."""
    found = _found(session, claimed)
    if found is None or found.offer.state != "accepted" or found.mentorship_id is None:
        return None
    facts = {"offer": _facts(found), "email": found.other.person.email, "mentorship_id": found.mentorship_id}
    with suppress(NotFoundError):  # the two choose their hour together
        entry = first_meeting_entry(session, found, host=_host())
        words = {"summary": _("First meeting with %(name)s", name=found.other.person.name), "description": ""}
        facts["calendar"] = (write_calendar(entry, **words), "first-meeting.ics")
    return facts


@facts_for("offer_talk")
def talk(session: Session, claimed: Claimed) -> Mapping[str, Any] | None:
    """Return the offer while what the mail tells of still matters; the call comes with its file."""
    found = _found(session, claimed)
    what = claimed.params["what"]
    if found is None or found.offer.state != "open":
        return None
    facts: dict[str, Any] = {"offer": _facts(found), "what": what}
    if what == "call_taken":
        try:
            entry = call_entry(session, found, host=_host())
        except NotFoundError:
            return None  # called off since
        words = {"summary": _("First call with %(name)s", name=found.other.person.name), "description": ""}
        facts["calendar"] = (write_calendar(entry, **words), "first-call.ics")
        facts["starts_at"] = entry.starts_at
    return facts


def _host() -> str:
    return urlsplit(current_app.config["MOSAIC"].base_url).hostname or "localhost"


def _found(session: Session, claimed: Claimed) -> OfferFound | None:
    """Return the offer, unless it was deleted since, with the account of one of the two."""
    try:
        return find_offer_by_side(session, uuid.UUID(claimed.params["offer_id"]), claimed.params["side"])
    except NotFoundError:
        return None


def _facts(found: OfferFound) -> OfferFacts:
    offer, programme = found.offer, found.offer.programme
    return OfferFacts(
        id=offer.id,
        side=found.side,
        name=found.other.person.name,
        programme=programme.name,
        minutes=offer.minutes,
        deadline=offer.deadline_at,
        meeting=_meeting(found),
        token=make_answer_token(current_app.config["SECRET_KEY"], offer.id, found.side),
        waits=offer.state == "open" and found.my_answer == "waiting",
        may_say_yes=found.may_say_yes,
        once=offer.once,
        is_shadow_day=offer.is_shadow_day,
        by_letter=offer.round_id is None,
        gone=found.other.person.deleted_at is not None,
    )


def _meeting(found: OfferFound) -> Meeting | None:
    offer, programme = found.offer, found.offer.programme
    if offer.slot_weekday is None or offer.slot_minute is None:
        return None
    zone = offer.mentor.person.zone
    return first_meeting(
        offer.slot_weekday,
        offer.slot_minute,
        programme.meeting_minutes,
        kept_in=zone,
        reader=found.me.person.zone,
        other=found.other.person.zone,
        not_before=first_day(programme.starts_on, datetime.now(UTC), zone),
        week=offer.slot_week,
        every=EVERY[programme.cadence],
        away=away_of(found.me.person, found.other.person),
    )
