"""Taking a whole import back, and what keeps it from being taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee
from tests.integration.files import ASA, INES, row_of, windows_of
from webapp.models import (
    ImportBatch,
    Person,
)
from webapp.services.errors import WrongStateError
from webapp.services.import_undo import UNDO_FOR, forget_undo, look_at_undo
from webapp.services.profiles import read_offer, save_offer


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
