"""What an import does to people who are known, and to those who are invited by it."""

import pytest
from sqlalchemy import select

from tests.factories.cast import make_person
from tests.factories.guests import make_guest
from tests.integration.files import ASA, INES, row_of, windows_of
from webapp.engine.encode import snapshot_of
from webapp.models import (
    AuditEvent,
    EditOnBehalf,
    ImportBatch,
    ImportContent,
    Person,
)
from webapp.services import imports
from webapp.services.about_people import save_hours
from webapp.services.accounts import Visitor, sign_in
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError
from webapp.services.joining import choose_roles, join_programme
from webapp.services.ledger import reserve
from webapp.services.passwords import NO_PASSWORD
from webapp.services.profiles import read_offer, save_offer
from webapp.services.transaction import transaction
from webapp.services.week import Window


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


def test_provisional_limit_is_not_raised_by_a_file_but_may_be_stated_later(files):
    files.take({key: value for key, value in ASA.items() if key not in {"Minutes a month", "Places"}})
    assert files.member("asa@example.org").offer.minutes_a_month == 0
    files.take(ASA)
    assert files.member("asa@example.org").offer.minutes_a_month == 120
    kept = files.send({**ASA, "Minutes a month": 240})
    assert files.counts(kept) == {"kept": 1}


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
