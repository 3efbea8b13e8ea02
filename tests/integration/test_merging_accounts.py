"""What a person said under the account that disappears is not lost: every foreign key to a person is walked."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select

from tests.factories.cast import make_programme
from tests.factories.guests import make_guest
from webapp.models import Achievement, AvailabilityException, Consent, Goal, MailChoice, Membership, Person, Trait
from webapp.services.merging import merge_people, plan_merge
from webapp.services.merging_people import COMBINED, GONE, MOVED, names_of_person
from webapp.services.visibility import levels_of

BOTH = {"roles": ("mentor", "mentee")}
AWAY = {"kind": "holiday", "starts_on": date(2027, 7, 1), "ends_on": date(2027, 7, 9), "start_minute": 0}
ROWS: dict[str, dict[str, Any]] = {
    "availability_exception": {**AWAY, "end_minute": 1440},
    "goal": {"text": "Pass the board exam"},
    "achievement": {"kind": "paper", "text": "Hernia repair", "achieved_on": date(2026, 5, 1)},
    "mail_choice": {"kind": "hints"},
}


@pytest.fixture
def two(session, cast):
    return [make_guest(session, cast.programme, f"Grace {n}", **BOTH) for n in "ab"]


@pytest.fixture
def merge(session, cast, two, now):
    def merge():
        session.commit()
        return merge_people(session, cast.programme.id, *(one.id for one in two), by=cast.ada.id, now=now)

    return merge


def test_every_row_that_would_go_with_an_account_has_been_thought_of():
    moved = {table.__tablename__ for table in MOVED}
    assert {column.table.name for column in names_of_person()} == moved | COMBINED | set(GONE)
    assert set(ROWS) == moved


@pytest.mark.parametrize("table", MOVED, ids=lambda table: table.__tablename__)
def test_row_of_the_account_that_disappears_goes_along_once(session, two, merge, now, table):
    keep, gone = (one.person_id for one in two)
    values = {**ROWS[table.__tablename__], "created_at": now}
    for person_id in (keep, gone):
        session.execute(insert(table).values(person_id=person_id, **values))
    merge()
    assert session.scalars(select(table.person_id)).all() == [keep]
    session.execute(delete(table))
    session.commit()


@pytest.mark.parametrize("table", MOVED, ids=lambda table: table.__tablename__)
def test_row_that_only_the_account_that_disappears_has_goes_along(session, two, merge, now, table):
    keep, gone = (one.person_id for one in two)
    session.execute(insert(table).values(person_id=gone, **ROWS[table.__tablename__], created_at=now))
    merge()
    assert session.get(Person, gone, populate_existing=True) is None
    assert session.scalars(select(table.person_id)).all() == [keep]


def test_days_away_of_both_entries_count(session, two, merge):
    keep, gone = (one.person_id for one in two)
    for person_id, day in ((keep, 1), (gone, 1), (gone, 20)):
        on = {"starts_on": date(2027, 7, day), "ends_on": date(2027, 7, 24), "start_minute": 0, "end_minute": 1440}
        session.add(AvailabilityException(person_id=person_id, kind="on_call", **on))
    assert merge().more == ("away",)
    days = select(AvailabilityException.person_id, AvailabilityException.starts_on)
    assert sorted(session.execute(days).all()) == [(keep, date(2027, 7, 1)), (keep, date(2027, 7, 20))]


def test_own_words_are_taken_over_where_there_are_none_and_are_seen_by_no_more_people(session, two, merge):
    mine, other = (one.person for one in two)
    mine.profile.brings, other.profile.brings = "Patience", "Coffee"
    other.profile.bio, other.profile.prompts, other.profile.country = "I sew.", {"who": "I sew."}, "SE"
    mine.profile.visibility, other.profile.visibility = {"brings": "nobody"}, {"bio": "pairs", "brings": "programme"}
    other.pronouns = "she/her"
    merge()
    profile = mine.profile
    assert (profile.bio, profile.prompts, profile.country, profile.brings) == (
        "I sew.",
        {"who": "I sew."},
        "SE",
        "Patience",
    )
    levels = levels_of(profile.visibility)
    assert (levels["bio"], levels["brings"], levels["institution"]) == ("pairs", "nobody", "programme")
    assert mine.pronouns == "she/her"


def test_mail_that_was_switched_off_stays_off_and_the_history_says_when(session, two, merge, now):
    session.add(MailChoice(person_id=two[1].person_id, kind="hints"))
    merge()
    line = session.scalars(select(Consent)).one()
    assert (line.person_id, line.kind, line.subject, line.value) == (two[0].person_id, "mail", "hints", "off")
    assert line.created_at == now


def test_private_facts_go_with_the_account_they_were_told_under(session, two, merge):
    session.add(Trait(person_id=two[1].person_id, facts=["carer"]))
    merge()
    assert session.scalar(select(func.count()).select_from(Trait)) == 0


def test_account_that_another_programme_knows_keeps_what_it_says_and_days_away_count_for_both(
    session, cast, two, merge, now
):
    keep, gone = (one.person for one in two)
    make_guest(session, make_programme(session, "Elsewhere"), person=gone)
    session.add_all([Goal(person_id=gone.id, text="Write"), _away(gone)])
    assert merge().more == ("away",)
    assert session.scalars(select(Goal.person_id)).all() == [gone.id]
    assert set(session.scalars(select(AvailabilityException.person_id))) == {keep.id, gone.id}
    assert keep.profile.bio == ""


def test_account_that_never_said_yes_to_the_programme_is_not_added_to(session, cast, two, merge, now):
    keep, gone = (one.person for one in two)
    keep.email_verified_at = now
    session.add_all([Goal(person_id=gone.id, text="Write"), _paper(gone)])
    session.commit()
    assert plan_merge(session, cast.programme.id, *(one.id for one in two)).more == ()
    merge()
    assert session.scalars(select(Goal)).all() == []
    assert session.scalars(select(Achievement)).all() == []
    assert session.scalars(select(Membership.person_id).where(Membership.person_id == keep.id)).one() == keep.id


def _away(person):
    return AvailabilityException(person_id=person.id, **ROWS["availability_exception"])


def _paper(person):
    return Achievement(person_id=person.id, **ROWS["achievement"])
