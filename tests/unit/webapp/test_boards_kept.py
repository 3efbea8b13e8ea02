"""Boards of mentors beside what holds already: pins, pairs at work, repairs, and who is left out."""

import pytest

from tests.unit.webapp.board_rounds import (
    NEEDS,
    answers_of,
    board,
    checked,
    random_round,
    solved,
    triples,
    try_everything,
)
from tests.unit.webapp.test_solving import mentee, mentor, work
from webapp.engine.repairing import repair_work

MANY = range(12)


class TestPins:
    def test_a_pin_holds_in_the_place_that_it_names(self):
        mentors = [mentor("m", topics=NEEDS[:1]), mentor("n", topics=NEEDS[:2])]
        result = solved(work(mentors, [board("a", NEEDS[:2])], pinned=[["m", "a", NEEDS[1]]]))
        assert triples(result) == {("m", "a", NEEDS[1]), ("n", "a", NEEDS[0])}
        assert {p["mentor_id"]: p["origin"] for p in result["proposals"]} == {"m": "pinned", "n": "solver"}

    def test_a_pin_without_a_place_takes_the_one_she_fits_best_that_is_left(self):
        mentors = [mentor("m", topics=NEEDS[:2]), mentor("n", topics=NEEDS[:2])]
        pins = [["n", "a"], ["m", "a", NEEDS[0]]]
        assert triples(solved(work(mentors, [board("a", NEEDS[:2])], pinned=pins))) == {
            ("m", "a", NEEDS[0]),
            ("n", "a", NEEDS[1]),
        }

    def test_more_pins_than_places_are_told_by_the_person(self):
        mentors = [mentor(key) for key in "mno"]
        pins = [[key, "a"] for key in "mno"]
        result = solved(work(mentors, [board("a", NEEDS[:2])], pinned=pins))
        assert result["status"] == "infeasible"
        assert result["conflicts"] == ["mentee a has 3 pinned mentors and wants 2: drop a pin"]

    @pytest.mark.parametrize("seed", MANY)
    def test_the_best_with_a_pin_is_the_best_of_all_that_hold_it(self, seed):
        free = random_round(seed)
        everything = try_everything(free)
        role = free["snapshot"]["mentees"][1]["roles"][1]
        result = solved(free | {"pinned": [["m0", "n1", role]]})
        found = result["totals"]["coverage"], result["totals"]["total"]
        assert found == pytest.approx(everything.best(everything.has("m0", "n1", role)))


class TestPairsThatHold:
    def test_a_filled_place_stays_filled_and_the_open_one_is_matched(self):
        mentors = [mentor("m", topics=NEEDS[:1]), mentor("n", topics=NEEDS[1:2])]
        mentees = [board("a", NEEDS[1:2], filled=[["m", NEEDS[0]]])]
        held = {"taken": [["m", "a"]], "exclusions": [["m", "a", "ALREADY_PAIRED"]]}
        result = solved(work(mentors, mentees, **held))
        assert triples(result) == {("n", "a", NEEDS[1])}
        assert (result["totals"]["served"], result["totals"]["coverage"]) == (["a"], 1)
        assert checked(work(mentors, mentees, **held), result)["ok"]

    def test_who_has_a_mentor_on_her_board_waits_for_those_without(self):
        mentors = [mentor("m"), mentor("n", topics=NEEDS[1:2], places=1)]
        mentees = [board("a", NEEDS[1:2], filled=[["m", NEEDS[0]]]), mentee("b")]
        held = {"taken": [["m", "a"]], "exclusions": [["m", "a", "ALREADY_PAIRED"], ["m", "b", "EXCLUDED"]]}
        assert triples(solved(work(mentors, mentees, **held))) == {("n", "b", "")}


def repair_of(mentors, mentees, *, offers=(), declined=(), overdrawn=None, **values):
    made = work(mentors, mentees, **values)
    made["snapshot"] |= {"booked": [], "overdrawn": overdrawn or {}}
    asked = {"objective": "repair", "offers": list(offers), "declined": list(declined), "most_withdrawn": 0}
    return repair_work(made | asked, lambda *_said: None)


class TestRepairs:
    def test_a_declined_mentor_comes_in_no_place_again_and_another_fills_it(self):
        mentors = [mentor(key, topics=NEEDS[:2]) for key in "mno"]
        mentees = [board("a", NEEDS[1:2], filled=[["m", NEEDS[0]]])]
        result = repair_of(mentors, mentees, taken=[["m", "a"]], declined=[["n", "a"]])
        assert triples(result) == {("o", "a", NEEDS[1])}

    def test_an_open_offer_holds_its_place(self):
        mentors = [mentor(key, topics=NEEDS[:2]) for key in "mn"]
        mentees = [board("a", NEEDS[1:2], filled=[["m", NEEDS[0]]])]
        result = repair_of(mentors, mentees, taken=[["m", "a"]], offers=[["offer", "m", "a", 60]])
        assert (triples(result), result["totals"]["withdrawn"]) == ({("n", "a", NEEDS[1])}, [])

    def test_who_has_more_than_she_wants_by_now_gets_nothing_new(self):
        mentors = [mentor(key, topics=NEEDS[:2]) for key in "mn"]
        mentees = [board("a", [], filled=[["m", NEEDS[0]]])]
        result = repair_of(mentors, mentees, taken=[["m", "a"]], overdrawn={"mentee a": [0, 1]})
        assert triples(result) == set()


class TestLeftOut:
    def test_the_smallest_change_of_a_board_is_one_that_a_full_solve_confirms(self):
        late, early = [[0, 1260, 1380]], [[0, 1020, 1140]]
        mentors = [mentor("m", topics=NEEDS[:1], windows=early), mentor("n", topics=NEEDS[1:2], windows=early)]
        plain = work(mentors, [board("a", NEEDS[:2], windows=late)], objective="coverage")
        assert solved(plain)["unmatched"][0] | {"codes": {}} == {
            "membership_id": "a",
            "side": "mentee",
            "why": "no_shared_hours",
            "acceptable": 0,
            "codes": {},
        }
        found = answers_of(plain).left_out("a", "mentee")
        assert (found["state"], found["change"]["key"]) == ("left_out", "edit_hours")
        assert set(found["entering"]) <= {("m", "a"), ("n", "a")}

    def test_somebody_with_a_mentor_in_one_place_is_not_left_out(self):
        plain = work([mentor("m", topics=NEEDS[:1])], [board("a", NEEDS[:2])])
        assert answers_of(plain).left_out("a", "mentee") is None
        assert solved(plain)["unmatched"] == []
