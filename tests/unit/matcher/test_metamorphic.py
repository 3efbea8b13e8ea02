"""What a change of the problem does to its best matching, whatever that is."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from matcher import solve
from tests.strategies import examples, given_problems

NAN = float("nan")
OBJECTIVES = ["coverage", "total"]
FLOORS_ALIKE = 2e-5


def values_of(problem, objective):
    result = solve(problem, objective)
    assume(result.certificate)
    return result.certificate.values


@examples(40)
@given(given_problems(), st.randoms(use_true_random=False))
def test_relabelling_rows_and_columns_keeps_the_values(given_, random):
    rows = random.sample(range(given_.weights.shape[0]), given_.weights.shape[0])
    columns = random.sample(range(given_.weights.shape[1]), given_.weights.shape[1])

    def pick(values, order):
        return None if values is None else np.asarray(values, dtype=np.asarray(values).dtype)[order]

    minutes = given_.minutes
    if minutes is not None:
        minutes = minutes[columns] if minutes.ndim == 1 else minutes[np.ix_(rows, columns)]
    relabelled = given_.problem(
        weights=given_.weights[np.ix_(rows, columns)],
        mentor_capacity=pick(given_.mentor_capacity, rows),
        mentee_capacity=pick(given_.mentee_capacity, columns),
        minutes=minutes,
        mentor_minutes=pick(given_.mentor_minutes, rows),
        pinned=[(rows.index(j), columns.index(i)) for j, i in given_.pinned],
        priority=pick(given_.priority, columns),
        person=pick(given_.person, columns),
    )
    for objective in OBJECTIVES:
        before, after = solve(given_.problem(), objective), solve(relabelled, objective)
        assert after.status is before.status
        assert after.total_weight == pytest.approx(before.total_weight, abs=1e-6)
        if before.certificate:
            assert after.certificate.values == pytest.approx(before.certificate.values, abs=1e-6)


@examples(40)
@given(given_problems(), st.data())
def test_more_capacity_never_lowers_coverage_or_total(given_, data):
    more_mentors = [c + data.draw(st.integers(0, 1)) for c in given_.mentor_capacity]
    more_mentees = [c + data.draw(st.integers(0, 1)) for c in given_.mentee_capacity]
    larger = given_.problem(mentor_capacity=more_mentors, mentee_capacity=more_mentees)
    before, after = solve(given_.problem(), "total"), solve(larger, "total")
    assert after.total_weight >= before.total_weight - 1e-6
    before, after = solve(given_.problem(), "coverage"), solve(larger, "coverage")
    assert after.coverage >= before.coverage
    before, after = solve(given_.problem(), "fair"), solve(larger, "fair")
    assert after.coverage >= before.coverage


@examples(25)
@given(given_problems())
def test_half_the_weights_give_half_the_total_and_half_the_floor(given_):
    halved = given_.problem(weights=given_.weights / 2)
    for objective in OBJECTIVES:
        before = values_of(given_.problem(), objective)
        half = before | {"total": before["total"] / 2}
        assert values_of(halved, objective) == pytest.approx(half, abs=1e-6)
    before, after = values_of(given_.problem(), "fair"), values_of(halved, "fair")
    assert after["coverage"] == before["coverage"]
    assert after["floor"] == pytest.approx(before["floor"] / 2, abs=FLOORS_ALIKE)


@examples(25)
@given(given_problems(), st.sampled_from([2, 7, 60]))
def test_minutes_in_another_unit_change_nothing(given_, factor):
    assume(given_.mentor_minutes is not None)
    other = given_.problem(minutes=given_.minutes * factor, mentor_minutes=np.array(given_.mentor_minutes) * factor)
    for objective in OBJECTIVES:
        assert values_of(other, objective) == pytest.approx(values_of(given_.problem(), objective), abs=1e-6)


@examples(25)
@given(given_problems(), st.sampled_from([0.125, 3.0]))
def test_priorities_in_another_unit_count_the_same(given_, factor):
    assume(given_.priority is not None)
    before = values_of(given_.problem(), "coverage")
    after = values_of(given_.problem(priority=[factor * p for p in given_.priority]), "coverage")
    scaled = {"priority": factor * before["priority"]} if "priority" in before else {}
    assert after == pytest.approx(before | scaled, abs=1e-6)


@examples(25)
@given(given_problems())
def test_pins_on_the_best_pairs_and_the_others_ruled_out_change_nothing(given_):
    for objective in OBJECTIVES:
        best = solve(given_.problem(), objective)
        assume(best.certificate)
        pinned = given_.problem(pinned=best.pairs)
        alone = np.full(given_.weights.shape, NAN)
        alone[best.pairs[:, 0], best.pairs[:, 1]] = given_.weights[best.pairs[:, 0], best.pairs[:, 1]]
        for other in (pinned, given_.problem(weights=alone)):
            assert values_of(other, objective) == pytest.approx(best.certificate.values, abs=1e-6)


@examples(25)
@given(given_problems(), st.sampled_from(["no places", "nobody acceptable"]))
def test_a_mentor_who_can_have_nobody_changes_nothing(given_, why):
    n_mentees = given_.weights.shape[1]
    row = np.full((1, n_mentees), 1.0 if why == "no places" else NAN)
    minutes, mentor_minutes = given_.minutes, given_.mentor_minutes
    if minutes is not None:
        minutes = np.broadcast_to(minutes, given_.weights.shape)
        minutes = np.vstack([minutes, np.full((1, n_mentees), 30)])
        mentor_minutes = [*mentor_minutes, 200]
    other = given_.problem(
        weights=np.vstack([given_.weights, row]),
        mentor_capacity=[*given_.mentor_capacity, 0 if why == "no places" else 3],
        minutes=minutes,
        mentor_minutes=mentor_minutes,
    )
    for objective in OBJECTIVES:
        assert values_of(other, objective) == pytest.approx(values_of(given_.problem(), objective), abs=1e-6)
