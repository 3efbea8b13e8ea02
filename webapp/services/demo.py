"""The demonstration: a programme with people, a round that is over and one that is about to run.

It is told through the same services that the pages call, with the clock set back: nothing in it is faked that the
product would not let a person do. Only the accounts are made directly, for nobody reads those people's mail.
"""

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.engine.pool_work import report_work
from webapp.engine.students import is_student
from webapp.models import AuditEvent, Membership, OutboxMessage, Person, Programme
from webapp.services import (
    about_people,
    favourites,
    hand_offers,
    jobs,
    joining,
    pool,
    profiles,
    programmes,
    rounds,
    student_approvals,
    suggestions,
)
from webapp.services.demo_cast import (
    CAST,
    COORDINATOR,
    KERRIGAN,
    LINDQVIST,
    OKAFOR,
    OPERATOR,
    VAN_DEN_AKKER,
    draw_people,
)
from webapp.services.demo_letters import ASKED, RESTING, TO_MENTOR, LetterStory
from webapp.services.demo_light import QUESTION, SHADOWING, LightStory
from webapp.services.demo_people import DemoPerson
from webapp.services.demo_progress import tell_progress
from webapp.services.demo_rounds import PastRound, season
from webapp.services.demo_state import BEGUN, MADE
from webapp.services.formats import SHADOW_MINUTES
from webapp.services.passwords import NO_PASSWORD
from webapp.services.transaction import transaction

SLUG, NAME = "lakeland", "Lakeland Women in Surgery"
SUMMARY = (
    "We pair students, residents and surgeons for a year. You say what you need and when you are free. You get a "
    "mentor, the reasons why, and a time to meet. (This is a demonstration: everybody in it is invented.)"
)


def make_demo(session: Session, *, now: datetime) -> None:
    """Fill an empty database. All dates are counted back from `now`."""
    _Story(session, now).tell()


class _Story:
    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now.astimezone(UTC).replace(microsecond=0)
        self.person_ids: dict[str, uuid.UUID] = {}

    def tell(self) -> None:
        """Tell it in order; the marks at both ends let an unfinished one be found and cleared."""
        begun = self.now - timedelta(days=175)
        people = list(draw_people())
        self._mark(BEGUN)
        self._make_people(people, begun)
        programmes.create_programme(
            self.session,
            name=NAME,
            slug=SLUG,
            summary=SUMMARY,
            starts_on=(begun + timedelta(days=15)).date(),
            ends_on=(self.now + timedelta(days=400)).date(),
            enrols_until=None,
            cadence="monthly",
            meeting_minutes=60,
            by=self.coordinator,
            now=begun,
        )
        self.programme_id = self.session.scalars(select(Programme.id).where(Programme.slug == SLUG)).one()
        for number, person in enumerate(one for one in people if one.early):
            self._join(person, begun + timedelta(hours=5 * number))
        self._approve_for_students(begun + timedelta(days=14))
        pair = (self._member(KERRIGAN), self._member(OKAFOR))
        self.past = PastRound(self.session, self.programme_id, self.coordinator).run(
            pinned=pair, sure={one.email for one in CAST}, moment=self.now - timedelta(days=150)
        )
        late = [one for one in people if not one.early]
        for number, person in enumerate(late):
            self._join(person, self.now - timedelta(days=20) + timedelta(hours=5 * number))
        self._after_the_past_round()
        self._coming_round()
        self._say_interested([one for one in late if one.wanted])
        self._letters(people)
        there = {"programme_id": self.programme_id, "by": self.coordinator}
        tell_progress(self.session, people, self.person_ids, **there, now=self.now)
        self._finish()
        self._look_at_pool()

    @property
    def coordinator(self) -> uuid.UUID:
        return self.person_ids[COORDINATOR[1]]

    def _mark(self, action: str) -> None:
        with transaction(self.session):
            self.session.add(AuditEvent(action=action, created_at=self.now))

    def _make_people(self, people: list[DemoPerson], moment: datetime) -> None:
        """Make the accounts as if all had confirmed their addresses; only those on the list get a password later."""
        with transaction(self.session):
            rows = [Person(name=one.name, email=one.email, pronouns=one.pronouns) for one in people]
            rows += [Person(name=name, email=email, pronouns="") for name, email in (OPERATOR, COORDINATOR)]
            for row in rows:
                row.password_hash, row.zone = NO_PASSWORD, "America/Chicago"
                row.email_verified_at = row.created_at = moment
                row.is_operator = row.email == OPERATOR[1]
            self.session.add_all(rows)
            self.session.flush()  # gives the people their ids
            self.person_ids = {row.email: row.id for row in rows}

    def _join(self, person: DemoPerson, moment: datetime) -> None:
        key = self.person_ids[person.email]
        about_people.save_about(
            self.session,
            key,
            stage=person.stage,
            specialties=list(person.specialties),
            languages=list(person.languages),
            institution=person.institution,
            city=person.city,
            country=person.country,
        )
        about_people.save_hours(self.session, key, windows=person.windows, zone=person.zone)
        roles = {"is_mentor": person.offered is not None, "is_mentee": person.wanted is not None}
        joining.choose_roles(self.session, SLUG, person_id=key, **roles)
        if person.offered:
            self._offer_time(person, person.offered.minutes, person.offered.places)
        if person.wanted:
            self._want(person, person.wanted.mentors)
        joining.join_programme(self.session, SLUG, person_id=key, now=moment, is_adult=True)

    def _offer_time(self, person: DemoPerson, minutes: int, places: int) -> None:
        assert person.offered is not None
        profiles.save_offer(
            self.session,
            SLUG,
            person_id=self.person_ids[person.email],
            topics=person.offered.topics,
            stages_welcome=person.offered.stages_welcome,
            minutes_a_month=minutes,
            places=places,
            about=person.offered.about,
        )

    def _want(self, person: DemoPerson, mentors: int) -> None:
        assert person.wanted is not None
        profiles.save_request(
            self.session,
            SLUG,
            person_id=self.person_ids[person.email],
            topics=person.wanted.topics,
            specialties=person.wanted.specialties,
            mentors_wanted=mentors,
            board=person.wanted.board,
            goal=person.wanted.goal,
        )

    def _approve_for_students(self, moment: datetime) -> None:
        """Approve everybody who has joined so far; those who come later still wait for it."""
        mentors = list(self.session.scalars(select(Membership.id).where(Membership.is_mentor)))
        for start in range(0, len(mentors), student_approvals.PAGE):
            page = mentors[start : start + student_approvals.PAGE]
            student_approvals.approve_for_students(
                self.session, self.programme_id, page, approves=True, by=self.coordinator, now=moment
            )

    def _member(self, person: DemoPerson) -> uuid.UUID:
        query = select(Membership.id).where(
            Membership.person_id == self.person_ids[person.email], Membership.programme_id == self.programme_id
        )
        return self.session.scalars(query).one()

    def _after_the_past_round(self) -> None:
        """Let people change what they give and want, one be asked by hand for somebody left out, one go on leave."""
        self._offer_time(KERRIGAN, 240, 4)
        self._offer_time(VAN_DEN_AKKER, 120, 2)
        self._want(VAN_DEN_AKKER, 2)
        fitting = suggestions.find_suggestions(self.session, self._member(KERRIGAN), side="mentor", now=self.now)
        hand_offers.offer_by_hand(
            self.session,
            self.past,
            self._member(KERRIGAN),
            fitting.cards[0].id,
            programme_id=self.programme_id,
            by=self.coordinator,
            now=self.now - timedelta(days=1, hours=3),
        )
        away = next(one for one in draw_people() if one.early and one.offered and not one.account)
        profiles.set_pause(
            self.session,
            SLUG,
            person_id=self.person_ids[away.email],
            paused_from=(self.now - timedelta(days=10)).date(),
            paused_until=(self.now + timedelta(days=120)).date(),
        )

    def _coming_round(self) -> None:
        until = (self.now + timedelta(days=12)).date()
        moment = self.now - timedelta(days=21)
        coming = rounds.create_round(
            self.session, self.programme_id, season(until), until, by=self.coordinator, now=moment
        )
        rounds.open_round(self.session, coming, programme_id=self.programme_id, by=self.coordinator, now=moment)

    def _say_interested(self, people: list[DemoPerson]) -> None:
        """Let some of those who look for a mentor say so about somebody suggested to them."""
        for number, person in enumerate(people[1:25]):
            membership_id, moment = self._member(person), self.now - timedelta(hours=6 * number)
            found = suggestions.find_suggestions(self.session, membership_id, side="mentee", now=moment)
            for card in found.cards[:1]:
                favourites.say(
                    self.session, membership_id, side="mentee", other_id=card.id, verdict="interested", now=moment
                )

    def _letters(self, people: list[DemoPerson]) -> None:
        """Let every third mentor take letters, and three people write some."""
        story = LetterStory(self.session, SLUG, self.now)
        open_to_all = [one for one in people if one.offered and not one.account][::3]
        story.open_boxes([self.person_ids[one.email] for one in (KERRIGAN, *open_to_all)])
        writer = next(one for one in people if one.wanted and not one.early and not one.account)
        story.write(self.person_ids[writer.email], self._member(KERRIGAN), TO_MENTOR)
        asking, *others, busy = [one for one in open_to_all if not one.early]
        letter_id = story.write(self.person_ids[LINDQVIST.email], self._member(asking), ASKED)
        story.ask_back(letter_id, self.person_ids[asking.email])
        letter_id = story.write(self.person_ids[OKAFOR.email], self._member(busy), RESTING)
        story.rest(letter_id, self.person_ids[busy.email])
        students = [one for one in people if one.wanted and is_student(one.stage) and not one.early]
        self._light_formats(students[0], students[1], others)

    def _light_formats(self, asking: DemoPerson, visiting: DemoPerson, mentors: list[DemoPerson]) -> None:
        """Let a student have asked a question, and another plan a shadow day, with mentors approved for students."""
        story = LightStory(self.session, SLUG, self.now)
        one, other = [mentor for mentor in mentors if mentor.offered and mentor.offered.minutes >= SHADOW_MINUTES][:2]
        for mentor in (one, other):
            story.approve(self.programme_id, self._member(mentor), by=self.coordinator)
        story.give_shadow_days(self.person_ids[other.email])
        keys = self.person_ids
        talk = story.agree(keys[asking.email], self._member(one), keys[one.email], QUESTION)
        story.took_place(talk, keys[asking.email])
        day = story.agree(keys[visiting.email], self._member(other), keys[other.email], SHADOWING)
        story.plan(day, keys[other.email])

    def _look_at_pool(self) -> None:
        """Leave a report on the pool, so that its page has something to show at once."""
        job_id = pool.ask_for_report(self.session, self.programme_id, by=self.coordinator, now=self.now)
        assert job_id is not None
        claim = jobs.claim(self.session, job_id, lease=timedelta(minutes=5), now=self.now)
        assert claim is not None
        work = pool.read_pool_work(self.session, self.programme_id, now=self.now)
        pool.store_report(self.session, claim, work, report_work(work, lambda *_progress: None), now=self.now)

    def _finish(self) -> None:
        """Date what the services date by themselves, and send none of the past's mail."""
        with transaction(self.session):
            joined = update(Membership).where(Membership.joined_at.is_not(None))
            self.session.execute(joined.values(created_at=Membership.joined_at))
            self.session.execute(update(OutboxMessage).values(state="sent", sent_at=self.now))
            self.session.add(AuditEvent(action=MADE, programme_id=self.programme_id, created_at=self.now))
