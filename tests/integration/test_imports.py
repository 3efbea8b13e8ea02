"""What an import does to people who are known, and what becomes of it when it is undone."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.cast import Cast, make_mentee, make_person
from tests.factories.guests import make_guest
from tests.functional.importing import PEOPLE, csv_of
from tests.integration.test_races import at_once
from webapp import worker
from webapp.app import create_app
from webapp.engine.encode import snapshot_of
from webapp.models import (
    AuditEvent,
    EditOnBehalf,
    ImportBatch,
    ImportContent,
    Membership,
    MentorOffer,
    Person,
    utc_now,
)
from webapp.services import imports
from webapp.services.accounts import Visitor, sign_in
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError, WrongStateError
from webapp.services.import_undo import UNDO_FOR, forget_undo, look_at_undo, undo_import
from webapp.services.joining import choose_roles, join_programme
from webapp.services.ledger import reserve
from webapp.services.passwords import NO_PASSWORD
from webapp.services.profiles import read_offer, save_hours, save_offer
from webapp.services.transaction import transaction
from webapp.services.week import Window

ASA, INES = PEOPLE


@pytest.fixture
def files(session, cast, now):
    """Sends and confirms files as Ada."""
    return Files(session, cast, now)


class Files:
    def __init__(self, session, cast, now):
        self.session, self.cast, self.now = session, cast, now
        self.who = {"programme_id": cast.programme.id, "by": cast.ada.id, "now": now}

    def send(self, *people) -> uuid.UUID:
        programme_id, rest = self.who["programme_id"], {k: v for k, v in self.who.items() if k != "programme_id"}
        return imports.upload_file(self.session, programme_id, file_name="people.csv", data=csv_of(people), **rest)

    def confirm(self, batch_id) -> bool:
        seen = imports.fingerprint(self.session.get(ImportBatch, batch_id, populate_existing=True))
        return imports.confirm_import(self.session, batch_id, seen=seen, **self.who)

    def take(self, *people) -> uuid.UUID:
        batch_id = self.send(*people)
        assert self.confirm(batch_id)
        self.session.expire_all()
        return batch_id

    def undo(self, batch_id):
        undoing = undo_import(self.session, batch_id, **self.who)
        self.session.expire_all()
        return undoing

    def counts(self, batch_id) -> dict[str, int]:
        counts = self.session.get(ImportBatch, batch_id, populate_existing=True).counts
        return {action: number for action, number in counts.items() if number and action not in {"rows", "faults"}}

    def member(self, email) -> Membership | None:
        self.session.expire_all()
        return self.session.scalars(
            select(Membership)
            .join(Person)
            .where(Person.email == email, Membership.programme_id == self.cast.programme.id)
        ).one_or_none()

    def state(self):
        """Return all that an import may change, for comparison."""
        self.session.expire_all()
        people = self.session.scalars(select(Person).order_by(Person.email)).all()
        members = self.session.scalars(select(Membership).order_by(Membership.id)).all()
        offers = self.session.scalars(select(MentorOffer).order_by(MentorOffer.id)).all()
        return (
            [(p.email, p.name, p.zone, p.pronouns, p.profile and p.profile.city, windows_of(p)) for p in people],
            [(m.status, m.is_mentor, m.is_mentee, m.request and m.request.topics) for m in members],
            [(o.minutes_a_month, o.places, o.topics, o.is_provisional) for o in offers],
        )


def windows_of(person):
    return [(w.weekday, w.start_minute, w.end_minute) for w in person.windows]


def row_of(person, **cells):
    return {"E-mail": person.email, "Name": person.name, "Role": "mentor", **cells}


def test_what_a_mentor_gives_is_lowered_by_a_file_and_never_raised(files, session, cast):
    batch_id = files.take(row_of(cast.mo, **{"Minutes a month": 60, "Places": 9, "City": "Elsewhere"}))
    assert files.counts(batch_id) == {"lowered": 1}
    assert (cast.mentor.offer.minutes_a_month, cast.mentor.offer.places) == (60, 2)
    assert not cast.mentor.offer.is_provisional
    assert cast.mo.profile.city == ""
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "limits.lowered")).one()
    assert event.facts["before"] == {"minutes_a_month": 120}
    assert event.facts["after"] == {"minutes_a_month": 60}
    shown = session.scalars(select(EditOnBehalf)).one()
    assert (shown.membership_id, shown.fields, shown.seen_at) == (cast.mentor.id, ["minutes_a_month"], None)
    again = files.send(row_of(cast.mo, **{"Minutes a month": 600}))
    assert files.counts(again) == {"kept": 1}
    content = session.scalars(select(ImportContent)).one()
    assert [(w["kind"], w["value"], w["meant"]) for w in content.findings["warnings"]] == [("limit_kept", "600", "60")]


def test_file_does_not_tell_what_an_account_of_her_own_holds(files, session, cast):
    guest = make_guest(session, cast.programme, person=cast.kim, roles=("mentee",))
    cast.kim.profile.institution = "Karolinska"
    session.commit()
    row = {"E-mail": cast.kim.email, "Name": cast.kim.name, "Role": "mentee"}
    seen = [files.counts(files.send({**row, "Institution": place})) for place in ("Karolinska", "Elsewhere")]
    assert seen[0] == seen[1]
    assert files.member(cast.kim.email).id == guest.id


def test_undo_gives_a_mentor_her_own_limit_back_unless_she_changed_it(files, cast, session):
    before = files.state()
    batch_id = files.take(row_of(cast.mo, **{"Minutes a month": 60}))
    assert files.undo(batch_id).is_possible
    assert files.state() == before
    batch_id = files.take(row_of(cast.mo, **{"Minutes a month": 60}))
    save_offer(
        session,
        cast.programme.slug,
        person_id=cast.mo.id,
        topics=["leadership"],
        stages_welcome=[],
        minutes_a_month=90,
        places=1,
    )
    assert files.undo(batch_id).keepers == ("Dr Mo Farahani",)
    assert files.member(cast.mo.email).offer.minutes_a_month == 90


def test_nothing_that_a_joined_person_said_is_overwritten(files, cast):
    before = files.state()
    batch_id = files.send(
        {**INES, "E-mail": cast.lee.email, "Name": "Somebody Else", "Needs": "Leadership development"},
        row_of(cast.ada, Hours="Mon 8-9"),
    )
    assert files.counts(batch_id) == {"kept": 2}
    files.confirm(batch_id)
    assert files.state() == before


def test_person_of_another_programme_is_invited_and_her_profile_untouched(files, session, cast):
    kim = (cast.kim.name, cast.kim.zone, windows_of(cast.kim), cast.kim.profile.languages)
    before = files.state()
    batch_id = files.take({**ASA, "E-mail": cast.kim.email, "Name": "Another Name"})
    assert files.counts(batch_id) == {"invited": 1}
    member = files.member(cast.kim.email)
    assert (member.status, member.offer.minutes_a_month, member.offer.is_provisional) == ("invited", 120, True)
    assert (cast.kim.name, cast.kim.zone, windows_of(cast.kim), cast.kim.profile.languages) == kim
    # Her week is her own: changing it elsewhere does not keep the import from being undone.
    save_hours(session, cast.kim.id, windows=[Window(1, 600, 720)], zone=cast.kim.zone)
    save_hours(session, cast.kim.id, windows=[Window(*w) for w in kim[2]], zone=cast.kim.zone)
    assert files.undo(batch_id).is_possible
    assert files.state() == before


def test_invited_people_are_brought_up_to_a_later_file_and_back(files):
    files.take(ASA, INES)
    before = files.state()
    changed = {**ASA, "Name": "Prof. Åsa Öhman", "City": "Malmö", "Hours": "Sun 10-12", "Minutes a month": 60}
    second = files.take({**changed, "Topics offered": "Grants and funding"}, {**INES, "Role": "both", "Places": 3})
    assert files.counts(second) == {"changed": 2}
    asa = files.member("asa@example.org")
    assert (asa.person.name, asa.person.profile.city, windows_of(asa.person)) == (
        "Prof. Åsa Öhman",
        "Malmö",
        [(6, 600, 720)],
    )
    assert (asa.offer.minutes_a_month, asa.offer.topics) == (60, ["grants"])
    ines = files.member("ines@example.org")
    assert (ines.is_mentor, ines.is_mentee, ines.offer.places) == (True, True, 3)
    assert files.undo(second).is_possible
    assert files.state() == before


def say_minutes(files, minutes, *, at) -> None:
    """Let Mo say herself what she gives, all else as it stands."""
    slug, mo = files.cast.programme.slug, files.cast.mo.id
    facts = read_offer(files.session, slug, person_id=mo)
    said = {"topics": facts.topics, "stages_welcome": (), "minutes_a_month": minutes, "places": facts.places}
    save_offer(files.session, slug, person_id=mo, **said, now=at)


def test_undo_raises_no_limit_that_she_has_said_herself_since(files, cast, now):
    batch_id = files.take(row_of(cast.mo, **{"Minutes a month": 60}))
    say_minutes(files, 60, at=now + timedelta(minutes=1))
    assert files.undo(batch_id).keepers == ("Dr Mo Farahani",)
    assert files.member(cast.mo.email).offer.minutes_a_month == 60


def test_undo_gives_back_what_she_said_last_and_no_more(files, cast, now):
    for number, minutes in enumerate((240, 90)):
        say_minutes(files, minutes, at=now - timedelta(days=2 - number))
    batch_id = files.take(row_of(cast.mo, **{"Minutes a month": 60}))
    assert files.undo(batch_id).is_possible
    assert files.member(cast.mo.email).offer.minutes_a_month == 90


def test_undo_raises_nothing_above_her_last_word_whatever_the_clocks_say(files, cast, now):
    """Her request began before the import and waited for it, so her word has the earlier moment."""
    say_minutes(files, 120, at=now - timedelta(days=1))
    batch_id = files.take(row_of(cast.mo, **{"Minutes a month": 60}))
    say_minutes(files, 60, at=now - timedelta(seconds=1))
    assert files.undo(batch_id).keepers == ("Dr Mo Farahani",)
    assert files.member(cast.mo.email).offer.minutes_a_month == 60


def test_undo_takes_back_a_number_that_only_a_file_ever_said(files):
    files.take({key: value for key, value in ASA.items() if key not in {"Minutes a month", "Places"}})
    batch_id = files.take(ASA)
    assert files.undo(batch_id).is_possible
    offer = files.member("asa@example.org").offer
    assert (offer.minutes_a_month, offer.is_provisional) == (0, True)


def test_provisional_limit_is_not_raised_by_a_file_but_may_be_stated_later(files):
    files.take({key: value for key, value in ASA.items() if key not in {"Minutes a month", "Places"}})
    assert files.member("asa@example.org").offer.minutes_a_month == 0
    files.take(ASA)
    assert files.member("asa@example.org").offer.minutes_a_month == 120
    kept = files.send({**ASA, "Minutes a month": 240})
    assert files.counts(kept) == {"kept": 1}


def test_earlier_import_waits_for_the_later_one_to_be_undone(files):
    before = files.state()
    first = files.take(ASA, INES)
    second = files.take({**ASA, "City": "Malmö"}, INES)
    assert files.undo(first).keepers == ("Dr Åsa Öhman",)
    files.undo(second)
    assert files.undo(first).is_possible
    assert files.state() == before
    with pytest.raises(WrongStateError):
        files.undo(first)


def test_person_whom_another_programme_invited_since_stays_when_the_import_is_undone(files, session, cast):
    batch_id = files.take(INES)
    member = files.member("ines@example.org")
    make_mentee(session, cast.elsewhere, member.person)
    session.commit()
    assert files.undo(batch_id).is_possible
    assert files.member("ines@example.org") is None
    assert session.scalars(select(Person).where(Person.email == "ines@example.org")).one().name == "Inês Duarte"


@pytest.mark.parametrize("what", ["confirmed", "joined", "gone", "edited"])
def test_whoever_answered_or_was_changed_keeps_an_import_from_being_undone(files, session, now, what):
    batch_id = files.take(ASA, INES)
    member = files.member("ines@example.org")
    if what == "confirmed":
        member.person.email_verified_at = now
    elif what == "joined":
        member.status = "pending"
    elif what == "gone":
        session.delete(member.person)
    else:
        member.request.goal = "Another goal"
    session.commit()
    undoing = files.undo(batch_id)
    assert (undoing.is_possible, undoing.n_keepers) == (False, 1)
    assert files.member("asa@example.org") is not None


def test_old_import_cannot_be_undone_and_keeps_no_former_values(files, session, cast, now):
    batch_id = files.take(ASA)
    later = now + UNDO_FOR + timedelta(days=1)
    assert look_at_undo(session, batch_id, programme_id=cast.programme.id, now=later).is_over
    assert forget_undo(session, now=now + timedelta(days=29)) == 0
    assert forget_undo(session, now=later) == 1
    assert look_at_undo(session, batch_id, programme_id=cast.programme.id, now=now).is_over


def test_undo_information_holds_no_names_and_no_addresses_of_new_people(files, session):
    batch_id = files.take(ASA, INES)
    undo = str(session.get(ImportBatch, batch_id).undo)
    assert not {name for name in ("asa@", "Öhman", "Duarte", "ines@") if name in undo}


def test_import_of_a_file_with_faults_is_refused(files, session, cast):
    batch_id = files.send({**ASA, "Hours": "evenings"}, INES)
    with pytest.raises(InvalidInputError):
        files.confirm(batch_id)
    assert files.member("ines@example.org") is None


def test_nothing_is_written_where_one_row_fails_in_the_end(files, session, monkeypatch):
    """Somebody signs up with an address between the look at who is known and the writing."""
    batch_id = files.send(ASA, INES)
    before = files.state()
    make_plan = imports.make_plan

    def then_somebody_signs_up(session, programme, people):
        plan = make_plan(session, programme, people)
        make_person(session, "Inês Duarte", email="ines@example.org")
        return plan

    monkeypatch.setattr(imports, "make_plan", then_somebody_signs_up)
    with pytest.raises(ConflictError):
        files.confirm(batch_id)
    assert files.state() == before
    assert session.get(ImportBatch, batch_id, populate_existing=True).state == "open"


def test_nobody_signs_in_without_a_password(files, session, config, now):
    files.take(ASA)
    for tried in (NO_PASSWORD, "", "!!!!!!!!!!!!"):
        visitor = Visitor("192.0.2.1")
        result = sign_in(
            session, email="asa@example.org", password=tried, next_path="", visitor=visitor, config=config, now=now
        )
        assert (result.token, result.unconfirmed) == (None, False)


def test_provisional_offer_is_in_no_pool_and_holds_up_joining_until_she_says_it(files, session, cast, now):
    files.take(ASA)
    member, slug = files.member("asa@example.org"), cast.programme.slug
    with transaction(session), pytest.raises(NoRoomError):
        reserve(session, member.offer.id, 60, offer_id=None, why="test", now=now)
    session.get(Person, member.person_id).email_verified_at = now
    session.commit()
    with pytest.raises(InvalidInputError) as refused:
        join_programme(session, slug, person_id=member.person_id, now=now)
    assert refused.value.faults == {"offer": "missing"}
    # She joins as mentee first: her numbers from the file are in no round either.
    member = files.member("asa@example.org")
    member.status, member.joined_at = "active", now
    session.commit()
    assert str(member.id) not in {m["key"] for m in snapshot_of(session, cast.programme.id, now=now)["mentors"]}
    facts = read_offer(session, slug, person_id=member.person_id)
    assert (facts.is_provisional, facts.minutes_a_month, facts.places) == (True, 120, 2)
    save_offer(
        session,
        slug,
        person_id=member.person_id,
        topics=facts.topics,
        stages_welcome=(),
        minutes_a_month=180,
        places=3,
    )
    mentors = {m["key"]: m for m in snapshot_of(session, cast.programme.id, now=now)["mentors"]}
    assert mentors[str(member.id)]["minutes"] == 180


def test_invited_mentor_joins_once_she_has_confirmed_her_offer(files, session, cast, now):
    files.take(ASA)
    member, slug = files.member("asa@example.org"), cast.programme.slug
    person_id = member.person_id
    member.person.email_verified_at = now
    session.commit()
    choose_roles(session, slug, person_id=person_id, is_mentor=True, is_mentee=False)
    save_offer(
        session, slug, person_id=person_id, topics=["leadership"], stages_welcome=(), minutes_a_month=60, places=1
    )
    join_programme(session, slug, person_id=person_id, now=now)
    assert files.member("asa@example.org").status == "active"


@pytest.fixture
def waiting(committed_engine, now):
    """A file that waits for its confirmation, in a database that really commits."""
    with Session(committed_engine, expire_on_commit=False) as session:
        files = Files(session, Cast.create(session), now)
        batch_id = files.send(*({**INES, "E-mail": f"p{n}@example.org", "Name": f"Person {n}"} for n in range(40)))
        seen = imports.fingerprint(session.get(ImportBatch, batch_id))
        session.rollback()
        yield files, batch_id, seen


def test_of_two_coordinators_at_once_one_imports(committed_engine, waiting):
    files, batch_id, seen = waiting

    def confirm(session):
        return imports.confirm_import(session, batch_id, seen=seen, **files.who)

    outcome = at_once(committed_engine, [confirm] * 4)
    assert outcome == {True: 1, WrongStateError: 3}
    with Session(committed_engine) as session:
        assert session.query(Person).filter(Person.email.like("p%@example.org")).count() == 40
        assert session.query(ImportBatch).one().state == "imported"


def test_two_undo_at_once_leave_it_undone_once(committed_engine, waiting):
    files, batch_id, seen = waiting
    imports.confirm_import(files.session, batch_id, seen=seen, **files.who)
    files.session.rollback()

    def undo(session):
        return undo_import(session, batch_id, **files.who).is_possible

    assert at_once(committed_engine, [undo] * 3) == {True: 1, WrongStateError: 2}
    with Session(committed_engine) as session:
        assert session.query(Person).filter(Person.email.like("p%@example.org")).count() == 0


def test_keeper_puts_away_files_that_nobody_confirmed(committed_engine, config, waiting):
    _files, batch_id, _seen = waiting
    app = create_app(config, committed_engine)
    keeper = worker.Keeper(app, config, sessionmaker(committed_engine, expire_on_commit=False))
    with Session(committed_engine) as session:
        session.query(ImportContent).one().created_at = utc_now() - timedelta(hours=23)
        session.commit()
        keeper.tidy_imports()
        assert session.get(ImportBatch, batch_id, populate_existing=True).state == "open"
        session.query(ImportContent).one().created_at = utc_now() - timedelta(hours=25)
        session.commit()
        keeper.tidy_imports()
        assert session.get(ImportBatch, batch_id, populate_existing=True).state == "discarded"
        assert session.query(ImportContent).count() == 0
