"""Repairs against brute force, and the promises of a repair by name."""

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher import (
    Certificate,
    InvalidProblemError,
    Problem,
    SolveStatus,
    fill_waiting_list,
    problem_after_answers,
    repair,
    solve,
    verify,
)
from matcher.feasibility import is_feasible
from tests.strategies import Given, given_problems
from tests.unit.matcher.brute_force import repair_by_trying

NONE = float("nan")


def rows(pairs):
    return [tuple(pair) for pair in pairs.tolist()]


@st.composite
def answered_rounds(draw, **kinds):
    """Draw a problem with answers, whatever its limits are by now: accepted, open and declined pairs."""
    problem = draw(given_problems(pins=False, **kinds))
    n_mentors, n_mentees = problem.weights.shape
    assume(n_mentors and n_mentees)
    pair = st.tuples(st.integers(0, n_mentors - 1), st.integers(0, n_mentees - 1))
    accepted = draw(st.lists(pair, max_size=3, unique=True))
    offers = st.lists(pair, max_size=5, unique=True).map(lambda pairs: [p for p in pairs if p not in accepted])
    open_offers = draw(offers)
    declined = [p for p in draw(offers) if p not in open_offers]
    person = range(n_mentees) if problem.person is None else problem.person
    fillers = [(j, person[i]) for j, i in accepted + open_offers]
    assume(len(set(fillers)) == len(fillers))
    return problem, {
        "accepted": accepted,
        "open_offers": open_offers,
        "declined": declined,
        "most_withdrawn": draw(st.sampled_from([None, 0, 1, 2])),
    }


@st.composite
def scarce_rounds(draw, *, mixed_minutes=True):
    """Draw answers to offers made at random within the limits, so that others may cover more."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    kind = draw(st.sampled_from(["none", "mixed", "boards", "both"] if mixed_minutes else ["none", "boards"]))
    n_mentees = draw(st.integers(3, 6))
    weights = np.round(generator.random((3, n_mentees)), 1)
    weights.flat[generator.permutation(weights.size)[draw(st.integers(6, 11)) :]] = NONE
    given_ = Given(weights, generator.integers(1, 3, 3).tolist(), generator.choice([1, 1, 2, 3], n_mentees).tolist())
    if kind in {"mixed", "both"}:
        given_.minutes = generator.choice([30, 45, 60], n_mentees)
        given_.mentor_minutes = generator.choice([60, 75, 100], 3).tolist()
    if kind in {"boards", "both"}:
        given_.person = [0, 0, *range(1, n_mentees - 1)]
    offered = []
    for pair in generator.permutation(np.argwhere(~np.isnan(weights))).tolist():
        if is_feasible(given_.problem(), [*offered, pair]):
            offered.append(pair)
    answers = generator.choice(["accepted", "open", "declined"], len(offered), p=[0.1, 0.8, 0.1])
    by_answer = {answer: [tuple(p) for p, a in zip(offered, answers, strict=True) if a == answer] for answer in answers}
    return given_, {
        "accepted": by_answer.get("accepted", []),
        "open_offers": by_answer.get("open", []),
        "declined": by_answer.get("declined", []),
        "most_withdrawn": draw(st.sampled_from([None, 0, 1, 1, 2])),
    }


@settings(max_examples=120, deadline=None)
@given(answered_rounds() | scarce_rounds(), st.integers(0, 3))
def test_a_repair_is_the_best_of_all(answered, seed):
    round_, answers = answered
    acceptable = [pair for pair in answers["open_offers"] if not np.isnan(round_.weights[pair])]
    best = repair_by_trying(round_, **(answers | {"open_offers": acceptable}))
    found = repair(round_.problem(), **answers, seed=seed)
    assert found.result.coverage == best.coverage
    assert len(found.kept) == best.kept
    assert found.result.total_weight == pytest.approx(best.total, abs=1e-6)
    assert len(found.withdrawn) == found.fewest_withdrawn == len(acceptable) - best.kept
    assert found.proved
    assert found.result.status == SolveStatus.OPTIMAL
    assert verify(found.problem, found.result).ok, verify(found.problem, found.result).faults
    assert rows(found.accepted) == sorted(answers["accepted"])
    assert sorted(rows(found.kept) + rows(found.withdrawn)) == sorted(acceptable)
    assert sorted(rows(found.lapsed) + acceptable) == sorted(answers["open_offers"])
    assert sorted(rows(found.accepted) + rows(found.kept) + rows(found.new)) == rows(found.result.pairs)
    assert not set(rows(found.new)) & {*answers["declined"], *answers["open_offers"], *answers["accepted"]}


@settings(max_examples=60, deadline=None)
@given(scarce_rounds(mixed_minutes=False))
def test_without_mixed_minutes_prices_alone_prove_every_level(answered):
    round_, answers = answered
    certificate = repair(round_.problem(), **answers).result.certificate
    assert certificate.solver_bounds is None
    assert certificate.bounds["coverage"] == certificate.values["coverage"]
    assert certificate.bounds["kept"] == certificate.values["kept"]


def test_an_offer_is_withdrawn_only_where_it_covers_one_more():
    # Mentee 1 can go to mentor 0 alone, who has offered her one place to mentee 0; mentor 1 can take mentee 0.
    problem = Problem([[0.9, 0.9], [0.1, NONE]], 1, 1)
    found = repair(problem, open_offers=[(0, 0)])
    assert (rows(found.withdrawn), rows(found.new)) == ([(0, 0)], [(0, 1), (1, 0)])
    assert found.fewest_withdrawn == 1
    better_but_no_more = Problem([[0.1, NONE], [0.9, NONE]], 1, 1)
    assert not len(repair(better_but_no_more, open_offers=[(0, 0)]).withdrawn)


def test_spare_capacity_only_touches_no_open_offer():
    problem = Problem([[0.9, 0.9, 0.2], [0.1, NONE, 0.3]], 1, 1)
    found = repair(problem, open_offers=[(0, 0)], most_withdrawn=0)
    assert (rows(found.kept), rows(found.new), found.fewest_withdrawn) == ([(0, 0)], [(1, 2)], 0)
    assert found.result.coverage == 2
    assert found.proved


@pytest.mark.parametrize(("most", "covered", "withdrawn"), [(0, 2, 0), (1, 2, 0), (2, 3, 2), (None, 3, 2)])
def test_a_cap_that_allows_half_a_change_allows_none_and_the_prices_prove_it(most, covered, withdrawn):
    # Mentee 0 comes in when mentee 1 moves to mentor 1 and mentee 2 to mentor 2: two offers, or the half of it.
    problem = Problem([[0.5, 0.5, NONE], [NONE, 0.5, 0.5], [NONE, NONE, 0.5]], 1, 1)
    found = repair(problem, open_offers=[(0, 1), (1, 2)], most_withdrawn=most)
    assert (found.result.coverage, len(found.withdrawn), found.fewest_withdrawn) == (covered, withdrawn, withdrawn)
    assert found.proved
    assert found.result.certificate.bounds["coverage"] == covered


def test_the_declined_do_not_come_back_and_the_accepted_do_not_move():
    generator = np.random.default_rng(8)
    problem = Problem(generator.random((20, 40)), 2, 1)
    round_ = solve(problem)
    accepted, declined, open_offers = round_.pairs[:20], round_.pairs[20:24], round_.pairs[24:]
    found = repair(problem, accepted=accepted, open_offers=open_offers, declined=declined)
    assert rows(found.accepted) == rows(accepted)
    assert {*rows(accepted)} <= {*rows(found.result.pairs)}
    assert not {*rows(declined)} & {*rows(found.result.pairs)}
    assert found.result.coverage == 40
    assert is_feasible(found.problem, found.result.pairs)


def test_a_lowered_limit_keeps_what_is_there_and_reserves_nothing_new():
    weights = np.full((2, 4), 0.5)
    problem = Problem(weights, [1, 0], [1, 0, 1, 1], [30] * 4, [45, 0])
    found = repair(problem, accepted=[(0, 0), (0, 1)], open_offers=[(1, 2)])
    assert found.proved
    assert rows(found.result.pairs) == [(0, 0), (0, 1), (1, 2)]
    assert found.problem.mentor_capacity.tolist() == [2, 1]
    assert found.problem.mentor_minutes.tolist() == [60, 30]
    assert found.problem.mentee_capacity.tolist() == [1, 1, 1, 1]


def test_a_place_that_a_withdrawn_offer_leaves_above_a_lowered_limit_stays_empty():
    # Mentor 0 has lowered two places to one. Withdrawing an offer of hers would free no place for mentee 2.
    problem = Problem([[0.5, 0.5, 0.5], [0.5, NONE, NONE]], 1, 1)
    found = repair(problem, open_offers=[(0, 0), (0, 1)])
    assert (rows(found.kept), rows(found.new)) == ([(0, 0), (0, 1)], [])


def test_an_accepted_pair_that_is_no_longer_acceptable_stands_and_an_open_one_lapses():
    problem = Problem([[NONE, NONE, 0.7]], 3, 1)
    found = repair(problem, accepted=[(0, 0)], open_offers=[(0, 1), (0, 2)], most_withdrawn=0)
    assert (rows(found.accepted), rows(found.lapsed), rows(found.kept)) == ([(0, 0)], [(0, 1)], [(0, 2)])
    assert found.result.total_weight == pytest.approx(0.7)
    assert found.fewest_withdrawn == 0


def test_pins_priorities_and_ranks_of_the_round_play_no_part():
    ranks = np.zeros((1, 3), dtype=int)
    round_ = Problem([[0.5, 0.6, 0.7]], 1, 1, pinned=[(0, 0)], priority=[9, 9, 0], mentor_ranks=ranks)
    found = repair(round_, declined=[(0, 0)])
    assert rows(found.new) == [(0, 2)]
    assert list(found.result.certificate.values) == ["coverage", "kept", "total"]


def test_the_waiting_list_gets_spare_capacity_and_nobody_else_gains():
    problem = Problem([[0.9, 0.8, 0.4, 0.6], [0.2, 0.3, 0.5, 0.1]], [2, 1], [1, 2, 1, 1])
    found = fill_waiting_list(problem, waiting=np.array([2]), taken=[(0, 0)], declined=[(1, 2)])
    assert (rows(found.accepted), rows(found.new)) == ([(0, 0)], [(0, 2)])
    assert verify(found.problem, found.result).ok
    assert not len(fill_waiting_list(problem, waiting=[], taken=[(0, 0)]).new)


@pytest.mark.parametrize("waiting", [[4], [-1], [0.5], [[0]]])
def test_columns_that_wait_must_be_there(waiting):
    with pytest.raises(InvalidProblemError, match="waiting: give the columns of mentees"):
        fill_waiting_list(Problem(np.ones((1, 4)), 1, 1), waiting=waiting)


def test_all_faults_of_the_answers_are_told_together():
    problem = Problem(np.ones((2, 3)), 1, 1, person=[0, 0, 1])
    with pytest.raises(InvalidProblemError) as caught:
        repair(
            problem,
            accepted=[(0, 0), (0, 2), (7, 0)],
            open_offers=[(0, 1), (0, 2), (1, 2)],
            declined=[(0, 2), (1, 2), (1, 2)],
            most_withdrawn=-1,
        )
    board = "mentor 0 has 2 accepted pairs and open offers on one person's board; she can have one: "
    board += "decline the others, of columns [0, 1]"
    assert caught.value.faults == [
        "accepted: (7, 0) is out of range; there are 2 mentors and 3 mentees",
        "declined: (1, 2) stands more than once; give each pair once",
        "most_withdrawn: give a whole number from 0 up, or None for any number, not -1",
        "(0, 2) is both accepted and open; say which",
        "(0, 2) is both accepted and declined; say which",
        "(0, 2) is both open and declined; say which",
        "(1, 2) is both open and declined; say which",
        board,
    ]


def test_a_time_limit_must_be_a_time():
    for call in (repair, lambda problem, **rest: fill_waiting_list(problem, waiting=[], **rest)):
        with pytest.raises(ValueError, match="time_limit is in seconds"):
            call(Problem([[0.5]], 1, 1), time_limit=-1)


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("most_withdrawn", [None, 0])
def test_without_time_all_that_is_there_is_kept_and_the_distance_shown(mixed, most_withdrawn):
    generator = np.random.default_rng(3)
    minutes = generator.choice([30, 45, 60], 30) if mixed else None
    problem = Problem(generator.random((12, 30)), 2, 1, minutes, [90] * 12 if mixed else None)
    pairs = solve(problem, time_limit=0.5).pairs
    found = repair(problem, accepted=pairs[:8], open_offers=pairs[8:], most_withdrawn=most_withdrawn, time_limit=0)
    assert not found.proved
    assert not len(found.withdrawn)
    assert verify(found.problem, found.result).ok


def test_a_pool_read_by_chunks_is_repaired_as_one_that_is_held():
    generator = np.random.default_rng(5)
    weights = generator.random((60, 1100))
    weights[generator.random(weights.shape) < 0.9] = NONE
    pairs = solve(Problem(weights, 3, 1)).pairs
    answers = {"accepted": pairs[:50], "open_offers": pairs[60:], "declined": pairs[50:60]}
    held = repair(Problem(weights, 3, 1), **answers)
    by_chunks = repair(Problem(Chunks(weights), 3, 1), **answers)
    assert rows(held.result.pairs) == rows(by_chunks.result.pairs)
    assert held.problem.sha256 == by_chunks.problem.sha256 != Problem(weights, 3, 1).sha256
    assert verify(held.problem, by_chunks.result).ok


class Chunks:
    """Weights that can only be had by chunks."""

    def __init__(self, weights):
        self._weights = weights
        self.shape = weights.shape

    def chunk(self, start, stop):
        return self._weights[:, start:stop]


def test_equal_answers_make_an_equal_problem_and_others_do_not():
    problem = Problem(np.ones((2, 2)), 1, 1)
    names = {
        problem_after_answers(problem, **answers).sha256
        for answers in (
            {},
            {"open_offers": [(0, 0)]},
            {"open_offers": [(0, 0)], "most_withdrawn": 1},
            {"open_offers": [(0, 1)]},
            {"most_withdrawn": 0},
        )
    }
    assert len(names) == 5
    assert problem_after_answers(problem).sha256 == problem.sha256


def test_an_open_offer_of_a_problem_must_be_acceptable():
    with pytest.raises(InvalidProblemError, match=r"open_offers: \(0, 0\) is not acceptable"):
        Problem([[NONE]], 1, 1, open_offers=[(0, 0)])


def test_certificates_of_other_objectives_have_the_fields_they_had():
    problem = Problem([[0.5, 0.6]], 1, 1)
    other, repaired = solve(problem).certificate, repair(problem).result.certificate
    assert set(json.loads(repaired.to_json())) - set(json.loads(other.to_json())) == {"repair"}
    assert set(repaired.digests) - set(other.digests) == {"repair"}
    assert "kept" not in other.prices["total"]
    assert Certificate.from_json(other.to_json()).repair is None
