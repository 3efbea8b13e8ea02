"""The engine's side of a solve, from plain values to plain values."""

import json

import pytest

from matcher import Certificate
from webapp.engine.solving import UnsolvableError, name_levels, solve_work

SETTINGS = {
    "weights": {"topics": 1.0},
    "minutes": 60,
    "cadence": "monthly",
    "starts_on": "2027-03-01",
    "ends_on": "2028-02-29",
}
EVENINGS = [[day, 1020, 1200] for day in range(5)]


def mentor(key, **values):
    plain = {"key": key, "person": f"p{key}", "zone": "UTC", "stage": "attending_mid", "specialties": []}
    plain |= {"topics": ["leadership"], "stages_welcome": [], "languages": ["en"], "windows": EVENINGS}
    return plain | {"minutes": 120, "places": 2, "paused": False} | values


def mentee(key, **values):
    plain = {"key": key, "person": f"p{key}", "zone": "UTC", "stage": "resident_junior", "specialties": []}
    plain |= {"topics": ["leadership"], "languages": ["en"], "windows": EVENINGS}
    return plain | {"wanted": 1, "minutes": None, "priority": 0.0} | values


def work(mentors, mentees, *, pinned=(), forbidden=(), exclusions=(), taken=(), **values):
    snapshot = {"format": 1, "settings": SETTINGS, "mentors": mentors, "mentees": mentees}
    snapshot |= {"interests": [], "exclusions": list(exclusions), "taken": list(taken)}
    plain = {"snapshot": snapshot, "settings": SETTINGS, "objective": "coverage", "seed": 0}
    return plain | {"pinned": list(pinned), "forbidden": list(forbidden)} | values


@pytest.fixture
def told():
    return []


@pytest.fixture
def solve(told):
    return lambda *people, **values: solve_work(work(*people, **values), lambda *said: told.append(said))


def pairs(result):
    return {(p["mentor_id"], p["mentee_id"]) for p in result["proposals"]}


def test_a_result_is_plain_and_proved(solve):
    result = solve([mentor("m")], [mentee("a"), mentee("b")])
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert pairs(result) == {("m", "a"), ("m", "b")}
    assert (result["status"], result["result_status"], result["verified"]) == ("solved", "OPTIMAL", True)
    assert result["totals"]["gap"] == 0.0
    assert Certificate.from_json(result["certificate"]).pairs == [[0, 0], [0, 1]]


def test_nobody_is_proposed_to_be_in_two_meetings_at_once(solve):
    weekly = SETTINGS | {"cadence": "weekly"}
    mentees = [mentee(key, windows=[[0, 1020, 1140]]) for key in "ab"]
    first, second = solve([mentor("m", minutes=480)], mentees, settings=weekly)["proposals"]
    assert {(p["slot_weekday"], p["slot_minute"]) for p in (first, second)} == {(0, 1020), (0, 1080)}


@pytest.mark.parametrize("objective", ["coverage", "total", "fair", "stable"])
def test_every_objective_brings_plain_numbers_and_a_proof(solve, objective):
    people = (
        [mentor("m", places=1), mentor("n", topics=["research_getting_started"])],
        [mentee("a"), mentee("b", topics=[])],
    )
    result = solve(*people, objective=objective)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert (result["result_status"], result["verified"]) == ("OPTIMAL", True)
    assert Certificate.from_json(result["certificate"]).objective == objective


def test_wishes_of_both_decide_a_stable_matching(told):
    plain = work([mentor("m", places=1), mentor("n", topics=["research_getting_started"])], [mentee("a"), mentee("b")])
    plain["snapshot"]["interests"] = [["m", "b", "mentee", 0], ["m", "b", "mentor", 0]]
    plain["settings"] = SETTINGS | {"weights": {"topics": 1.0, "interest": 0.0}}
    stable = solve_work(plain | {"objective": "stable"}, lambda *said: told.append(said))
    assert ("m", "b") in pairs(stable)


def test_a_stable_matching_is_refused_in_words_where_minutes_differ(solve):
    people = [mentor("m", minutes=60)], [mentee("a", minutes=30), mentee("b", minutes=45), mentee("c", minutes=30)]
    with pytest.raises(UnsolvableError, match="minutes"):
        solve(*people, objective="stable")


def test_nobody_gets_a_second_mentor_while_a_first_is_possible_for_another(solve):
    people = [mentor("m", places=1), mentor("n", places=0, minutes=0)], [mentee("a", topics=[]), mentee("b")]
    result = solve(*people, taken=[["n", "b"]], exclusions=[["n", "b", "ALREADY_PAIRED"]])
    assert pairs(result) == {("m", "a")}
    assert (result["totals"]["coverage"], result["totals"]["served"], result["unmatched"]) == (2, ["b"], [])
    assert pairs(solve(*people)) == {("m", "b")}


def test_a_pair_that_holds_already_takes_nothing_of_what_is_free(solve):
    people = [mentor("m", places=1, minutes=60)], [mentee("a"), mentee("b")]
    result = solve(*people, taken=[["m", "a"]], exclusions=[["m", "a", "ALREADY_PAIRED"]])
    assert pairs(result) == {("m", "b")}
    assert (result["totals"]["pairs"], result["totals"]["minutes_used"]) == (1, 60)


def test_a_pair_that_holds_stays_whatever_the_rules_say_by_now(solve):
    result = solve([mentor("m", languages=["fr"])], [mentee("a"), mentee("b", languages=["fr"])], taken=[["m", "a"]])
    assert pairs(result) == {("m", "b")}


def test_pairs_that_find_no_hour_are_not_proposed_and_the_gap_is_told(solve):
    weekly = SETTINGS | {"cadence": "weekly"}
    # The mentor meets two of the three, and two of them at one hour only.
    people = (
        [mentor("m", minutes=960, places=3, windows=[[0, 1020, 1140]])],
        [
            mentee("a", windows=[[0, 1020, 1080]]),
            mentee("b", windows=[[0, 1020, 1080]], topics=["leadership", "career_change"]),
            mentee("c", windows=[[0, 1080, 1140]], topics=[]),
        ],
    )
    result = solve(*people, settings=weekly, objective="total")
    assert pairs(result) == {("m", "a"), ("m", "c")}
    assert all(p["slot_weekday"] == 0 for p in result["proposals"])
    assert [(row["mentee_id"], row["code"], row["beside"]) for row in result["totals"]["no_hour"]] == [
        ("b", "clash", 1)
    ]
    assert (result["verified"], result["result_status"], result["totals"]["gap"] > 0) == (True, "FEASIBLE", True)


def test_hours_that_nobody_gave_are_left_to_the_two(solve):
    (proposal,) = solve([mentor("m")], [mentee("a", windows=[])])["proposals"]
    assert (proposal["slot_weekday"], proposal["slot_minute"], proposal["slot_week"]) == (None, None, None)


def test_an_hour_that_is_taken_is_not_given_again(solve):
    weekly = SETTINGS | {"cadence": "weekly"}
    plain = work([mentor("m", minutes=480)], [mentee("a")], settings=weekly)
    plain["snapshot"]["booked"] = [["o", "pm", "UTC", 0, 1020, 0, 60, "weekly"]]
    (proposal,) = solve_work(plain, lambda *_said: None)["proposals"]
    assert (proposal["slot_weekday"], proposal["slot_minute"]) == (0, 1080)


def test_progress_names_the_stages_in_order(solve, told):
    solve([mentor("m")], [mentee("a")])
    stages = list(dict.fromkeys(said[0] for said in told))
    solving = [stage for stage in stages if stage.startswith("solve.")]
    assert stages == ["people", "weights", *solving, "slots", "verify", "reasons"]
    assert {"solve.coverage", "solve.total"} < set(solving)


def test_pins_that_exceed_places_are_infeasible_and_name_the_mentor(solve):
    result = solve([mentor("m", places=1)], [mentee("a"), mentee("b")], pinned=[["m", "a"], ["m", "b"]])
    assert (result["status"], result["proposals"], result["certificate"]) == ("infeasible", [], None)
    assert result["conflicts"] == ["mentor m has 2 pinned mentees and 1 free places: drop a pin"]


def test_pins_that_exceed_minutes_or_wishes_name_both_sides(solve):
    result = solve(
        [mentor("m", minutes=60), mentor("n")],
        [mentee("a"), mentee("b")],
        pinned=[["m", "a"], ["m", "b"], ["n", "a"]],
    )
    assert result["conflicts"] == [
        "mentor m has pins of 120 minutes a month and 60 to give: drop a pin",
        "mentee a has 2 pinned mentors and wants 1: drop a pin",
    ]


def test_a_pin_of_somebody_who_left_is_told(solve):
    (words,) = solve([mentor("m")], [mentee("a")], pinned=[["gone", "a"]])["conflicts"]
    assert words.startswith("mentor gone is pinned, but was not to be matched")


def test_a_pin_that_is_excluded_is_told_with_the_reason(solve):
    result = solve([mentor("m")], [mentee("a")], pinned=[["m", "a"]], exclusions=[["m", "a", "CONFLICT"]])
    assert result["conflicts"] == [
        "mentor m and mentee a are pinned, but cannot be a pair: The two have a conflict of interest."
    ]


def test_a_forbidden_pair_goes_to_the_other_mentor(solve):
    result = solve([mentor("m"), mentor("n")], [mentee("a")], forbidden=[["m", "a"]])
    assert pairs(result) == {("n", "a")}


def test_those_left_out_carry_the_reason_and_the_figures(solve):
    result = solve([mentor("m", places=1)], [mentee("a"), mentee("b"), mentee("c", languages=["fi"])])
    left = {entry["membership_id"]: entry for entry in result["unmatched"]}
    assert left["c"] == {
        "membership_id": "c",
        "side": "mentee",
        "why": "no_shared_language",
        "acceptable": 0,
        "codes": {"NO_SHARED_LANGUAGE": 1},
    }
    (other,) = left.keys() - {"c"}
    assert (left[other]["why"], left[other]["acceptable"]) == ("no_room", 1)


def test_a_mentor_with_room_and_no_mentee_is_listed(solve):
    result = solve([mentor("m"), mentor("n"), mentor("o", paused=True)], [mentee("a")])
    assert [entry["side"] for entry in result["unmatched"]] == ["mentor"]


def test_nobody_who_fits_is_a_result_too(solve):
    result = solve([mentor("m", languages=["fi"])], [mentee("a")])
    assert (result["status"], result["totals"]["pairs"], result["verified"]) == ("solved", 0, True)
    json.dumps(result, allow_nan=False)


def test_people_that_make_no_pool_are_refused_in_words(solve):
    with pytest.raises(UnsolvableError, match="stage"):
        solve([mentor("m", stage="banana")], [mentee("a")])


def test_what_is_solved_anew_for_want_of_hours_is_told_as_the_search_for_hours():
    told = []
    tell = name_levels(lambda *progress: told.append(progress))
    for stage in ("coverage", "done", "times", "coverage", "done", "times"):
        tell(stage, 1, 3, 4.0, float("inf"))
    assert [stage for stage, *_rest in told] == ["solve.coverage", "solve.done", *["slots"] * 4]
    assert told[-1] == ("slots", 0, 1, 4.0, None)
