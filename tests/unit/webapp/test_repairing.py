"""The engine's side of a repair, from plain values to plain values."""

import numpy as np
import pytest

from tests.unit.webapp.test_solving import SETTINGS, mentee, mentor, work
from webapp.engine.repairing import repair_work
from webapp.engine.solving import solve_work

WEEKLY = SETTINGS | {"cadence": "weekly"}


def plain(mentors, mentees, *, offers=(), declined=(), most=None, overdrawn=None, **values):
    made = work(mentors, mentees, **values)
    made["snapshot"] |= {"booked": [], "overdrawn": overdrawn or {}}
    asked = {"objective": "repair", "offers": list(offers), "declined": list(declined), "most_withdrawn": most}
    return made | asked


def repaired(*people, **values):
    return repair_work(plain(*people, **values), lambda *_said: None)


def pairs(result):
    return {(p["mentor_id"], p["mentee_id"]) for p in result["proposals"]}


def test_hours_are_shared_out_so_that_everybody_is_covered():
    one, two = [[0, 1020, 1080]], [[0, 1020, 1140]]
    mentors = [mentor("m", minutes=480, windows=one), mentor("n", minutes=480, windows=two)]
    result = repaired(
        mentors, [mentee("a", windows=one), mentee("b", windows=one), mentee("c", windows=two)], settings=WEEKLY
    )
    assert {mentee for _, mentee in pairs(result)} == {"a", "b", "c"}
    assert all(proposal["slot_weekday"] == 0 for proposal in result["proposals"])


def scarce(seed):
    random = np.random.default_rng(seed)

    def hours():
        return sorted(
            [int(day), int(hour) * 60, int(hour) * 60 + 60]
            for day, hour in zip(random.choice(7, 2, replace=False), random.integers(16, 20, 2), strict=True)
        )

    mentors = [mentor(f"m{j}", minutes=2400, places=5, windows=hours()) for j in range(10)]
    return mentors, [mentee(f"n{i}", windows=hours()) for i in range(30)]


@pytest.mark.parametrize("seed", range(3))
def test_scarce_hours_cost_a_repair_little_more_than_a_round(seed):
    people = scarce(seed)
    solved = solve_work(work(*people, settings=WEEKLY), lambda *_said: None)
    result = repaired(*people, settings=WEEKLY)
    assert len(result["proposals"]) >= 0.9 * len(solved["proposals"])
    slots = [(p["mentor_id"], p["slot_weekday"], p["slot_minute"]) for p in result["proposals"]]
    assert len(set(slots)) == len(slots)


def test_a_repair_that_hours_held_back_is_not_called_proved():
    people = (
        [mentor("m", minutes=960, places=3, windows=[[0, 1020, 1140]])],
        [
            mentee("a", windows=[[0, 1020, 1080]]),
            mentee("b", windows=[[0, 1020, 1080]]),
        ],
    )
    result = repaired(*people, settings=WEEKLY)
    assert (len(result["proposals"]), result["result_status"], result["verified"]) == (1, "FEASIBLE", True)


def test_time_that_runs_out_leaves_the_best_with_hours(monkeypatch):
    monkeypatch.setattr("webapp.engine.repairing.MOST_SECONDS", 0.0)
    result = repaired(*scarce(0), settings=WEEKLY)
    assert (result["status"], result["verified"]) == ("solved", True)
    assert all(proposal["slot_weekday"] is not None for proposal in result["proposals"])


def test_somebody_beyond_a_lowered_limit_gets_nothing_new_whatever_is_withdrawn():
    # Only m fits c; b could go to n. But m holds two pairs and gives one place by now.
    people = (
        [mentor("m", places=0, minutes=0), mentor("n", languages=["sv"], places=1, minutes=60)],
        [
            mentee("a", wanted=0),
            mentee("b", wanted=0, languages=["en", "sv"]),
            mentee("c"),
        ],
    )
    held = {"offers": [["o", "m", "b", 60]], "taken": [["m", "a"], ["m", "b"]]}
    assert pairs(repaired(*people, **held)) == {("m", "c"), ("n", "b")}
    assert pairs(repaired(*people, **held, overdrawn={"mentor m": [60, 1]})) == set()


def test_a_mentee_beyond_a_lowered_wish_gets_nobody_new():
    people = [mentor("m"), mentor("n")], [mentee("a", wanted=0)]
    held = {"offers": [["o", "m", "a", 60]], "taken": [["m", "a"]]}
    result = repaired(*people, **held, overdrawn={"mentee a": [0, 1]})
    assert (pairs(result), result["totals"]["withdrawn"]) == (set(), [])


def test_an_offer_gives_back_what_it_holds_and_not_what_is_asked_for_today():
    # b asked for 30 minutes then and for 60 now: withdrawing frees 30, which is not enough for c.
    people = (
        [mentor("m", places=0, minutes=0), mentor("n", languages=["sv"], places=1, minutes=60)],
        [
            mentee("b", wanted=0, languages=["en", "sv"]),
            mentee("c"),
        ],
    )
    assert pairs(repaired(*people, offers=[["o", "m", "b", 60]], taken=[["m", "b"]])) == {("m", "c"), ("n", "b")}
    assert pairs(repaired(*people, offers=[["o", "m", "b", 30]], taken=[["m", "b"]])) == set()


def test_without_any_mentor_nobody_can_be_helped():
    result = repaired([], [mentee("a")])
    assert (pairs(result), [row["why"] for row in result["unmatched"]]) == (set(), ["nobody"])
