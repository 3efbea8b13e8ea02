"""An offer as one of its two people finds it."""

import uuid
from dataclasses import dataclass, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, joinedload

from webapp.models import Membership, Mentorship, Offer, Person
from webapp.services.errors import NotFoundError
from webapp.services.offer_steps import is_answerable
from webapp.services.offers import side_of
from webapp.services.progress import Achieved, find_achievements
from webapp.services.visibility import Visible, visible_profile


@dataclass(frozen=True)
class Booked:
    """Another pair that holds minutes of the same mentor; it is open until both have said yes."""

    name: str
    minutes: int
    is_open: bool


@dataclass(frozen=True)
class OfferFound:
    offer: Offer
    side: str
    booked: tuple[Booked, ...]
    mentorship_id: uuid.UUID | None
    achievements: tuple[Achieved, ...] = ()  # the mentee's, as far as the mentor may see them

    @property
    def seen(self) -> Visible:
        """What of the other's profile may be shown."""
        return visible_profile(self.other.person, to_pair=self.offer.state == "accepted")

    @property
    def me(self) -> Membership:
        return self.offer.mentor if self.side == "mentor" else self.offer.mentee

    @property
    def other(self) -> Membership:
        return self.offer.mentee if self.side == "mentor" else self.offer.mentor

    @property
    def my_answer(self) -> str:
        return self.offer.mentor_answer if self.side == "mentor" else self.offer.mentee_answer

    @property
    def other_answer(self) -> str:
        return self.offer.mentee_answer if self.side == "mentor" else self.offer.mentor_answer

    @property
    def may_say_yes(self) -> bool:
        """Whether a yes of mine would count: before the deadline, or after it while the round runs."""
        answerable = is_answerable(self.offer) and self.my_answer == "waiting"
        return answerable and self.offer.state in {"open", "expired"}

    @property
    def may_say_no(self) -> bool:
        return self.offer.state in {"open", "expired"} and self.my_answer != "no"


def find_offer(session: Session, offer_id: uuid.UUID, *, person_id: uuid.UUID) -> OfferFound:
    """Return this offer to its mentor or mentee; for anyone else there is no such offer. Four queries."""
    offer = _load(session, offer_id)
    return _found(session, offer, side_of(offer, person_id))


def find_offer_by_side(session: Session, offer_id: uuid.UUID, side: str) -> OfferFound:
    """Return this offer to whoever holds the link that was sent to this side."""
    return _found(session, _load(session, offer_id), side)


def _load(session: Session, offer_id: uuid.UUID) -> Offer:
    row = session.scalars(_with_people().where(Offer.id == offer_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"offer {offer_id}")
    return row


def _with_people() -> Select[Offer]:
    mentor, mentee = joinedload(Offer.mentor), joinedload(Offer.mentee)
    return select(Offer).options(
        mentor.joinedload(Membership.person).joinedload(Person.profile),
        mentor.joinedload(Membership.offer),
        mentor.joinedload(Membership.programme),
        mentee.joinedload(Membership.person).joinedload(Person.profile),
        mentee.joinedload(Membership.request),
        mentor.joinedload(Membership.person).selectinload(Person.exceptions),
        mentee.joinedload(Membership.person).selectinload(Person.exceptions),
        joinedload(Offer.round),
    )


def _found(session: Session, offer: Offer, side: str) -> OfferFound:
    mentee = aliased(Membership)
    others = session.execute(
        select(Person.name, Offer.minutes, Offer.state)
        .join(mentee, mentee.id == Offer.mentee_id)
        .join(Person, Person.id == mentee.person_id)
        .where(Offer.mentor_id == offer.mentor_id, Offer.holds_minutes, Offer.id != offer.id)
        .order_by(Offer.created_at, Person.name)
    )
    booked = tuple(Booked(row.name, row.minutes, row.state == "open") for row in others)
    mentorship_id = session.scalar(select(Mentorship.id).where(Mentorship.offer_id == offer.id))
    found = OfferFound(offer, side, booked, mentorship_id)
    if side == "mentee" or not found.seen.achievements:
        return found
    achieved = find_achievements(session, [offer.mentee.person_id])
    return replace(found, achievements=achieved.get(offer.mentee.person_id, ()))
