"""The board of a scenario: figures, rulings, pairs taken out, filters."""

import json
import re
import uuid

import pytest
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_mentor, make_person
from tests.factories.offers import make_round, make_scenario
from tests.functional.console import send, text_of, work_off
from tests.functional.rounds import rule
from webapp.models import PairRule, Proposal, Scenario


def test_board_tells_figures_proof_reasons_slot_and_month(ada, session, base, reviewed):
    page = text_of(ada, f"{base}/{reviewed.round_id}")
    assert '<div class="v">1 of 1</div>' in page
    assert "No better matching exists - checked" in page
    assert "Publish 1 offer…" in page
    assert "Dr Mo Farahani" in page
    assert "The specialty wished" in page
    assert 'aria-label="60 of 120 minutes used"' in page
    proposal = session.scalars(select(Proposal)).one()
    assert f"{proposal.weight:.2f}</span>" in page
    assert f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri')[proposal.slot_weekday]} {proposal.slot_minute // 60:02d}:" in page


def test_gap_is_told_where_no_proof_closes_it(ada, session, base, reviewed):
    reviewed.result_status, reviewed.totals = "FEASIBLE", reviewed.totals | {"gap": 0.0123}
    session.commit()
    page = text_of(ada, f"{base}/{reviewed.round_id}")
    assert "A better matching may exist, by 1.23 % at most - checked" in page
    assert "No better matching exists" not in page


def test_certificate_is_downloaded_as_it_was_stored(ada, base, reviewed):
    path = f"{base}/{reviewed.round_id}/certificate"
    answer = ada.get(f"{path}?scenario={reviewed.id}")
    assert answer.mimetype == "application/json"
    assert json.loads(answer.data)["objective"] == "coverage"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert ada.get(path).status_code == 404
    assert ada.get(f"{path}?scenario={uuid.uuid4()}").status_code == 404


def test_pin_with_a_reason_is_kept_shown_and_kept_by_the_next_solve(ada, session, cast, base, reviewed, now):
    answer = rule(ada, base, reviewed, cast, "pin", why="asked in person")
    path = f"{base}/{reviewed.round_id}"
    back, _, anchor = answer.headers["Location"].partition("#")
    assert back == f"{path}?fit=good"
    page = text_of(ada, path)
    assert f'id="{anchor}"' in page
    assert "Pinned by you: asked in person" in page
    assert "1 ruling is newer than these pairs" in page
    assert "Dr Mo Farahani" in text_of(ada, f"{path}?show=pinned")
    send(ada, f"{path}/solve", page=path, objective="total", name="Second")
    work_off(session, now)
    page = text_of(ada, path)
    assert "newer than these pairs" not in page
    assert re.search(r'aria-current="page">Second</a>', page)


def test_forbidden_pair_is_left_out_by_the_next_solve_and_told_why(ada, session, cast, base, reviewed, now):
    rule(ada, base, reviewed, cast, "forbid", why="same family")
    path = f"{base}/{reviewed.round_id}"
    assert "Ruled out by you: same family" in text_of(ada, path)
    send(ada, f"{path}/solve", page=path, objective="coverage", name="Second")
    work_off(session, now)
    page = text_of(ada, path)
    assert "0 of 1" in page
    assert "1 without, and why" in page
    assert "A coordinator ruled out most mentors." in page


def test_ruling_is_taken_back_once(ada, session, cast, base, reviewed):
    rule(ada, base, reviewed, cast, "pin")
    rule(ada, base, reviewed, cast, "clear")
    assert session.query(PairRule).count() == 0
    rule(ada, base, reviewed, cast, "clear")
    assert "This ruling was taken back already." in text_of(ada, f"{base}/{reviewed.round_id}")


def test_pair_that_cannot_be_is_not_pinned(ada, session, cast, base, reviewed):
    late = make_mentor(session, cast.programme, make_person(session, "Late"))
    session.commit()
    path = f"{base}/{reviewed.round_id}"
    pair = {"mentor_id": str(late.id), "mentee_id": str(cast.mentee.id)}
    send(ada, f"{path}/rule", page=path, kind="pin", **pair)
    assert "was not in the pool when the round was frozen" in text_of(ada, path)
    assert session.query(PairRule).count() == 0


def test_pair_is_taken_out_and_put_back(ada, session, base, reviewed):
    path = f"{base}/{reviewed.round_id}"
    proposal = session.scalars(select(Proposal)).one()
    send(ada, f"{path}/remove", page=path, proposal_id=str(proposal.id), what="remove")
    page = text_of(ada, path)
    assert "Taken out</span>" in page
    assert "The pair was taken out by hand." in page
    assert "before changes by hand: 1 pair out" in page
    assert "No pair is left in this scenario" in text_of(ada, f"{path}/publish?scenario={reviewed.id}")
    send(ada, f"{path}/remove", page=path, proposal_id=str(proposal.id), what="restore")
    assert "Publish 1 offer…" in text_of(ada, path)


def test_pins_that_clash_are_told(ada, session, cast, base, frozen, now):
    path = f"{base}/{frozen}"
    send(ada, f"{path}/solve", page=path, objective="coverage")
    scenario = session.scalars(select(Scenario)).one()
    scenario.status, scenario.conflicts = "infeasible", [f"mentor {cast.mentor.id} has too many pins: drop a pin"]
    session.commit()
    page = text_of(ada, path)
    assert "cannot all hold" in page
    assert "mentor Dr Mo Farahani has too many pins" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fit=strong", 1),
        ("fit=thin", 0),
        ("q=farahani", 1),
        ("q=LINDQVIST", 1),
        ("q=nobody", 0),
        ("specialty=general_surgery", 1),
        ("specialty=urology", 0),
        ("show=pinned", 0),
        ("show=removed", 0),
        ("show=no_slot", 0),
        ("sort=thin&page=7&fit=unknown", 1),
    ],
)
def test_filters_of_the_board_stand_in_the_address(ada, session, cast, base, query, found):
    round_ = make_round(session, cast.programme)
    make_scenario(session, round_, [(cast.mentor, cast.mentee)])
    session.commit()
    assert text_of(ada, f"{base}/{round_.id}?{query}").count('<tr class="') == found


def test_board_of_200_pairs_takes_no_more_queries_than_one_of_one(ada, session, cast, base, count_queries):
    small, large = make_round(session, cast.programme), make_round(session, cast.programme)
    make_scenario(session, small, [(cast.mentor, cast.mentee)])
    mentees = [make_mentee(session, cast.programme, make_person(session, f"Mentee {n}")) for n in range(200)]
    scenario = make_scenario(session, large, [(cast.mentor, mentee) for mentee in mentees])
    scenario.unmatched = [
        {"membership_id": str(cast.mentee.id), "side": "mentee", "why": "no_room", "acceptable": 1, "codes": {}}
    ]
    session.commit()
    with count_queries() as few:
        text_of(ada, f"{base}/{small.id}")
    with count_queries() as many:
        page = text_of(ada, f"{base}/{large.id}?page=2")
    assert page.count('<tr class="') == 25
    assert "page=3" in page
    assert len(few) <= len(many) <= 12
