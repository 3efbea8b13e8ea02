"""Joining a programme: which steps are done, which roles are meant, and the last yes."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.engine.students import is_student
from webapp.engine.words import Words
from webapp.models import AuditEvent, Membership, Person, Programme, Round
from webapp.services.consents import note_consent
from webapp.services.errors import ForbiddenError, InvalidInputError, NotFoundError
from webapp.services.students import needs_approval
from webapp.services.transaction import transaction
from webapp.services.week import Window


@dataclass(frozen=True)
class Answers:
    """All that a person has answered so far; empty where she has not."""

    stage: str = ""
    specialties: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    institution: str = ""
    city: str = ""
    bio: str = ""
    windows: tuple[Window, ...] = ()
    topics_offered: tuple[str, ...] = ()
    stages_welcome: tuple[str, ...] = ()
    minutes_a_month: int = 0
    places: int = 0
    has_offer: bool = False
    offer_is_provisional: bool = False  # its numbers come from the programme; they count once she says so
    needs: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    mentors_wanted: int = 1
    board: bool = False
    goal: str = ""
    has_request: bool = False


@dataclass(frozen=True)
class Progress:
    """How far a person is with joining a programme."""

    slug: str
    programme: str
    programme_id: uuid.UUID
    terms: str
    terms_version: int
    minutes_a_pair: int
    round_name: str
    closes_on: date | None
    is_closed: bool
    email: str
    name: str
    zone: str
    status: str  # "" before the first step
    has_joined: bool
    waits: bool  # all is answered, and a coordinator has not said yes yet
    is_mentor: bool
    is_mentee: bool
    answers: Answers
    words: Words
    is_adult: bool  # she said so before
    takes_students: bool
    approves_mentors: bool  # students meet only mentors approved for them
    is_known: bool = False  # from another programme: what she said there is kept

    @property
    def is_student(self) -> bool:
        return is_student(self.answers.stage)

    @property
    def is_refused(self) -> bool:
        """Whether she would be a mentee as a student where the programme takes none."""
        return self.is_student and self.is_mentee and not self.takes_students and not self.has_joined

    @property
    def done(self) -> dict[str, bool]:
        """The steps that her roles ask for, in order, and whether each is done."""
        return _done(self.answers, is_mentor=self.is_mentor, is_mentee=self.is_mentee)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(step for step, done in self.done.items() if not done)

    @property
    def next_step(self) -> str:
        """The first step that is not done, or the check."""
        return next(iter(self.missing), "check")


def read_progress(session: Session, slug: str, *, person_id: uuid.UUID, now: datetime) -> Progress:
    """Return how far she is. Six queries."""
    programme = _programme(session, slug)
    person = session.scalars(
        select(Person)
        .where(Person.id == person_id)
        .options(joinedload(Person.profile), selectinload(Person.windows))
        .execution_options(populate_existing=True)
    ).one()
    membership = session.scalars(_membership_query(programme.id, person_id)).one_or_none()
    open_round = session.scalars(
        select(Round)
        .where(Round.programme_id == programme.id, Round.state == "enrolling")
        .order_by(Round.created_at.desc())
        .limit(1)
    ).one_or_none()
    closes_on = open_round.enrols_until if open_round else programme.enrols_until
    today = now.astimezone(ZoneInfo(programme.zone)).date()
    belongs = membership is not None and membership.status != "left"
    return Progress(
        slug=programme.slug,
        programme=programme.name,
        programme_id=programme.id,
        terms=programme.terms,
        terms_version=programme.terms_version,
        minutes_a_pair=programme.minutes_a_month,
        round_name=open_round.name if open_round else "",
        closes_on=closes_on,
        is_closed=closes_on is not None and closes_on < today,
        email=person.email,
        name=person.name,
        zone=person.zone,
        status=membership.status if membership and belongs else "",
        has_joined=bool(membership and belongs and membership.status == "active" and membership.joined_at),
        waits=bool(membership and belongs and membership.status == "pending" and membership.asked_at),
        is_mentor=bool(membership and belongs and membership.is_mentor),
        is_mentee=bool(membership and belongs and membership.is_mentee),
        answers=_answers(person, membership),
        words=Words.read(programme.vocabulary),
        is_known=_is_known(session, programme.id, person_id),
        is_adult=bool(membership and membership.adult_confirmed_at),
        takes_students=programme.takes_students,
        approves_mentors=needs_approval(programme),
    )


def _is_known(session: Session, programme_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    elsewhere = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.programme_id != programme_id,
        Membership.joined_at.is_not(None),
    )
    return session.scalar(elsewhere.limit(1)) is not None


def choose_roles(session: Session, slug: str, *, person_id: uuid.UUID, is_mentor: bool, is_mentee: bool) -> None:
    """Begin to join, or change as what; the membership stays pending until the answers are checked.

    Raises
    ------
    InvalidInputError
        Neither role was chosen.

    """
    if not is_mentor and not is_mentee:
        raise InvalidInputError({"roles": "none"})
    with transaction(session):
        programme = _programme(session, slug)
        # The person's own lock: two first clicks at once make one membership.
        session.get_one(Person, person_id, with_for_update={"key_share": True})
        membership = session.scalars(_membership_query(programme.id, person_id)).one_or_none()
        if membership is None:
            membership = Membership(person_id=person_id, programme_id=programme.id)
            session.add(membership)
        if membership.status in {"invited", "left"}:
            membership.status, membership.joined_at = "pending", None
        membership.is_mentor, membership.is_mentee = is_mentor, is_mentee


def join_programme(
    session: Session,
    slug: str,
    *,
    person_id: uuid.UUID,
    now: datetime,
    terms_version: int | None = None,
    is_adult: bool = False,
) -> bool:
    """Say yes to the terms and enter the pool; saying it twice changes nothing.

    `terms_version` is the version that she read, where it may have changed since; `is_adult` whether she confirms
    being 18 or older, without which no student joins. False when a coordinator has to say
    yes too: whoever was not invited waits, where the programme approves joins.

    Raises
    ------
    ForbiddenError
        The e-mail address was never confirmed.
    InvalidInputError
        A step is not done; names each. Or `terms` are "changed", `adult` is "missing", or the programme takes no
        `students`.

    """
    with transaction(session):
        programme = _programme(session, slug)
        person = session.get_one(Person, person_id, with_for_update={"key_share": True})
        membership = session.scalars(_membership_query(programme.id, person_id)).one_or_none()
        if person.email_verified_at is None:
            raise ForbiddenError("e-mail not confirmed")
        if membership is None or membership.status == "left":
            raise InvalidInputError({"roles": "missing"})
        done = _done(_answers(person, membership), is_mentor=membership.is_mentor, is_mentee=membership.is_mentee)
        if not all(done.values()):
            raise InvalidInputError({step: "missing" for step, is_done in done.items() if not is_done})
        if membership.status == "active" and membership.joined_at is not None:
            return True
        if terms_version not in {None, programme.terms_version}:
            raise InvalidInputError({"terms": "changed"})
        _check_student(programme, membership, person, is_adult=is_adult, now=now)
        membership.terms_version, membership.terms_agreed_at = programme.terms_version, now
        note_consent(session, person_id, "terms", value=programme.terms_version, programme_id=programme.id, now=now)
        waits = _needs_approval(programme, membership)
        if waits:
            membership.status, membership.asked_at = "pending", membership.asked_at or now
        else:
            membership.status, membership.joined_at, membership.asked_at = "active", now, None
        session.add(
            AuditEvent(
                by_person_id=person_id,
                programme_id=programme.id,
                action="membership.asked" if waits else "membership.joined",
                subject=f"membership {membership.id}",
                facts={"adult": True} if membership.adult_confirmed_at else {},
            )
        )
        return not waits


def _check_student(
    programme: Programme, membership: Membership, person: Person, *, is_adult: bool, now: datetime
) -> None:
    """Keep that a student is an adult, by her own word alone; others are not asked."""
    if person.profile is None or not is_student(person.profile.stage):
        return
    if membership.is_mentee and not programme.takes_students:
        raise InvalidInputError({"students": "none"})
    if membership.adult_confirmed_at is None and not is_adult:
        raise InvalidInputError({"adult": "missing"})
    membership.adult_confirmed_at = membership.adult_confirmed_at or now


def _needs_approval(programme: Programme, membership: Membership) -> bool:
    """Whether a coordinator looks first: not at whom she invited, nor at whoever comes back from a pause."""
    known = membership.invited_at is not None or membership.joined_at is not None or membership.is_coordinator
    return programme.approves_joins and not known


def _programme(session: Session, slug: str) -> Programme:
    programme = session.scalars(select(Programme).where(Programme.slug == slug)).one_or_none()
    if programme is None:
        raise NotFoundError("programme")
    return programme


def _membership_query(programme_id: uuid.UUID, person_id: uuid.UUID) -> Select[Membership]:
    return (
        select(Membership)
        .where(Membership.programme_id == programme_id, Membership.person_id == person_id)
        .options(joinedload(Membership.offer), joinedload(Membership.request))
        .execution_options(populate_existing=True)
    )


def _done(answers: Answers, *, is_mentor: bool, is_mentee: bool) -> dict[str, bool]:
    steps = {
        "roles": is_mentor or is_mentee,
        "you": bool(answers.stage and answers.specialties and answers.languages),
        "offer": answers.has_offer and not answers.offer_is_provisional,
        "request": answers.has_request,
        "hours": bool(answers.windows),
    }
    skipped = {"offer"} if not is_mentor else set()
    skipped |= {"request"} if not is_mentee else set()
    return {step: done for step, done in steps.items() if step not in skipped}


def _answers(person: Person, membership: Membership | None) -> Answers:
    profile = person.profile
    offer = membership.offer if membership else None
    request = membership.request if membership else None
    return Answers(
        stage=profile.stage if profile else "",
        specialties=tuple(profile.specialties) if profile else (),
        languages=tuple(profile.languages) if profile else (),
        institution=profile.institution if profile else "",
        city=profile.city if profile else "",
        bio=profile.bio if profile else "",
        windows=tuple(Window(w.weekday, w.start_minute, w.end_minute) for w in person.windows),
        topics_offered=tuple(offer.topics) if offer else (),
        stages_welcome=tuple(offer.stages_welcome) if offer else (),
        minutes_a_month=offer.minutes_a_month if offer else 0,
        places=offer.places if offer else 0,
        has_offer=offer is not None,
        offer_is_provisional=offer is not None and offer.is_provisional,
        needs=tuple(request.topics) if request else (),
        interests=tuple(request.specialties) if request else (),
        mentors_wanted=request.mentors_wanted if request else 1,
        board=bool(request and request.board),
        goal=request.goal if request else "",
        has_request=bool(request and request.topics),
    )
