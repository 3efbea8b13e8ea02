"""Nothing that names an entry is lost when it goes into another one: every foreign key to a membership is walked."""

from typing import Any

import pytest
from sqlalchemy import insert, select

from tests.factories.guests import make_guest
from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.models import (
    BoardNote,
    DistinctPeople,
    Exclusion,
    Interest,
    Membership,
    Person,
)
from webapp.models.base import Base
from webapp.services.errors import WrongStateError
from webapp.services.merging import merge_people
from webapp.services.merging_rows import COMBINED, MOVED, WORKED_OUT, names_of_membership

BOTH = {"roles": ("mentor", "mentee")}
# What a row of each table needs beside the memberships that it names. A table that is missing here makes its test
# fail: say in `webapp.services.merging_rows` what a merge does with its rows, or leave it to be refused.
ROWS: dict[str, dict[str, Any]] = {
    "board_edit": {"round_id": "round", "number": 1, "kind": "forbid", "why": "", "before": {}},
    "board_note": {"round_id": "round", "text": "Prefers mornings", "version": 1, "written_at": "now"},
    "distinct_people": {},
    "edit_on_behalf": {"fields": ["name"]},
    "exclusion": {"code": "CONFLICT"},
    "first_card": {},
    "interest": {"side": "mentee", "verdict": "interested", "rank": 0},
    "mentee_request": {"topics": ["leadership"], "specialties": [], "mentors_wanted": 1, "goal": ""},
    "mentor_offer": {"topics": [], "stages_welcome": [], "minutes_a_month": 60, "places": 1, "about": ""},
    "mentorship": {"offer_id": "offer", "status": "active", "cadence": "monthly", "meeting_minutes": 60},
    "offer": {"round_id": "round", "minutes": 60, "deadline_at": "now"},
    "pair_rule": {"round_id": "round", "kind": "pin", "why": ""},
    "proposal": {"scenario_id": "scenario", "weight": 0.5, "minutes": 60},
    "round_withdrawal": {"round_id": "round"},
}


@pytest.fixture
def merge(session, cast, now):
    def merge(keep, gone):
        return merge_people(session, cast.programme.id, keep.id, gone.id, by=cast.ada.id, now=now)

    return merge


def defaults_of(table) -> dict[str, Any]:
    """Return the plain defaults of a table's columns, for a row written without its class."""
    return {c.name: c.default.arg for c in table.columns if c.default is not None and c.default.is_scalar}


@pytest.mark.parametrize("column", names_of_membership(), ids=str)
def test_row_that_names_the_entry_goes_along_or_keeps_it_from_going(session, cast, now, merge, column):
    low, middle, high = sorted((make_guest(session, cast.programme, f"G {n}", **BOTH) for n in "abc"), key=_id)
    gone, keep, third = (low, middle, high) if column.name == "first_id" else (high, middle, low)
    round_ = make_round(session, cast.programme)
    known: dict[str, Any] = {"round": round_.id, "now": now}
    needed = ROWS[column.table.name]
    if "scenario" in needed.values():
        known["scenario"] = make_scenario(session, round_, []).id
    if "offer" in needed.values():
        known["offer"] = make_offer(session, round_, cast.mentor, cast.mentee, now=now).id
    members = [c for c in names_of_membership() if c.table is column.table]
    values = {c.name: gone.id if c is column else third.id for c in members}
    values |= {key: known.get(value, value) if isinstance(value, str) else value for key, value in needed.items()}
    session.execute(insert(column.table).values(**defaults_of(column.table) | values | {"created_at": now}))
    session.commit()
    gone_id, keep_id = gone.id, keep.id
    if column.table.name in WORKED_OUT:
        merge(keep, gone)
        assert gone_id not in {value for row in session.execute(select(*members)).all() for value in row}
        return
    if column.table.name in MOVED | COMBINED:
        merge(keep, gone)
        assert session.get(Membership, gone_id, populate_existing=True) is None
        expected = keep_id
    else:
        with pytest.raises(WrongStateError) as error:
            merge(keep, gone)
        assert error.value.state == "history"
        assert session.get(Membership, gone_id, populate_existing=True) is not None
        expected = gone_id
    rows = session.execute(select(*members)).all()
    assert expected in {value for row in rows for value in row}


def test_everything_said_of_the_tables_is_said_of_tables_that_exist():
    names = {column.table.name for column in names_of_membership()}
    assert names == set(ROWS)
    assert names >= MOVED | COMBINED | WORKED_OUT
    assert names <= set(Base.metadata.tables)


def _id(membership):
    return membership.id


def test_note_on_the_two_entries_as_a_pair_is_about_the_one_that_stays(session, cast, now, merge):
    keep, gone = (make_guest(session, cast.programme, f"Grace {n}", **BOTH) for n in "ab")
    about = {"round_id": make_round(session, cast.programme).id, "written_at": now}
    session.add(BoardNote(**about, mentor_id=gone.id, mentee_id=keep.id, text="May be one person"))
    session.commit()
    merge(keep, gone)
    note = session.query(BoardNote).one()
    assert (note.mentor_id, note.mentee_id, note.text) == (keep.id, None, "May be one person")


def test_what_both_entries_say_is_kept_once_as_the_one_that_stays_says_it(session, cast, merge):
    keep, gone = (make_guest(session, cast.programme, f"Grace {n}", **BOTH) for n in "ab")
    pair = {"mentor_id": cast.mentor.id}
    session.add_all(
        Exclusion(**pair, mentee_id=one.id, code=code) for one, code in ((keep, "EXCLUDED"), (gone, "CONFLICT"))
    )
    session.add_all(
        Interest(mentor_id=a.id, mentee_id=b.id, side="mentee", verdict="interested")
        for a, b in ((gone, keep), (keep, gone))
    )
    for one, other in ((keep, cast.mentor), (gone, cast.mentor), (gone, cast.mentee), (keep, gone)):
        first, second = sorted((one.id, other.id))
        session.add(DistinctPeople(first_id=first, second_id=second))
    session.commit()
    keep_id = keep.id
    merge(keep, gone)
    assert session.query(Exclusion).one().code == "EXCLUDED"
    assert session.query(Interest).count() == 0  # nobody wishes for herself
    others = {row.first_id if row.second_id == keep_id else row.second_id for row in session.query(DistinctPeople)}
    assert others == {cast.mentor.id, cast.mentee.id}
    assert session.query(DistinctPeople).count() == 2


def test_turn_that_an_entry_waited_for_is_not_lost(session, cast, merge):
    keep, gone = (make_guest(session, cast.programme, f"Grace {n}", **BOTH) for n in "ab")
    keep.priority, gone.priority = 1.0, 2.0
    session.commit()
    merge(keep, gone)
    assert keep.priority == 2.0
    assert session.query(Person).filter_by(name="Grace b").count() == 0
