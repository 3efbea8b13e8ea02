"""Rounds in which some mentees asked for a mentor for each need, against trying everything."""

import json

import numpy as np
import pytest

from matcher import solve
from matcher.availability import Window
from matcher.people import Mentee, Mentor
from tests.unit.webapp.board_rounds import (
    LEAST,
    NEEDS,
    answers_of,
    board,
    checked,
    posed,
    random_round,
    solved,
    triples,
    try_everything,
)
from tests.unit.webapp.test_solving import SETTINGS, mentee, mentor, work
from webapp.engine.answering import Answers
from webapp.engine.snapshots import hash_of, plain_mentee, plain_mentor, without_boards

MANY = range(12)


@pytest.mark.parametrize("boards", [True, False], ids=["boards", "none"])
@pytest.mark.parametrize("seed", MANY)
def test_what_is_proposed_is_as_good_as_the_best_of_all_matchings(seed, boards):
    plain = random_round(seed, boards=boards)
    result, everything = solved(plain), try_everything(plain)
    assert result["verified"]
    assert (result["totals"]["coverage"], result["totals"]["total"]) == pytest.approx(everything.best())
    proposed = [triple in triples(result) for triple in everything.triples]
    assert (everything.chosen == proposed).all(axis=1).any()


@pytest.mark.parametrize("seed", MANY)
def test_what_a_change_costs_is_what_trying_everything_says(seed):
    plain = random_round(seed)
    answers, everything = answers_of(plain), try_everything(plain)
    best = everything.best()

    def same(found, holds):
        expected = everything.best(holds)
        if expected == (LEAST, LEAST):
            return found["state"] == "not_possible"
        differences = found["coverage"], found["total"]
        return found["exact"] and differences == pytest.approx(np.subtract(expected, best), abs=1e-6)

    mentors = [row["key"] for row in plain["snapshot"]["mentors"]]
    for row in plain["snapshot"]["mentees"]:
        key = row["key"]
        for one in mentors:
            held = everything.has(one, key)
            assert same(answers.change(one, key), held)
            assert same(answers.change(one, key, out=True), ~held)
            for role in row.get("roles", ()):
                assert same(answers.change(one, key, role=role), everything.has(one, key, role))
            for old in set(mentors) - {one}:
                assert same(answers.change(one, key, old=old), held & ~everything.has(old, key))


@pytest.mark.parametrize("seed", MANY)
def test_why_not_tells_of_the_place_that_costs_least(seed):
    plain = random_round(seed)
    answers, everything = answers_of(plain), try_everything(plain)
    coverage, total = everything.best()
    for one, key, _role in everything.triples:
        found = answers.pair(one, key)
        held = everything.best(everything.has(one, key))
        if held == pytest.approx((coverage, total)):
            assert found["key"] in {"paired", "cost_nothing"}
        elif held[0] < coverage:
            assert (found["key"], found["params"]["count"]) == ("cost_coverage", coverage - held[0])
        else:
            assert (found["key"], float(found["params"]["total"])) == (
                "cost_total",
                pytest.approx(total - held[1], rel=0.01),
            )
        assert all("#" not in part for pair in (*found["entering"], *found["leaving"]) for part in pair)


@pytest.mark.parametrize("objective", ["coverage", "total", "fair", "stable"])
def test_every_objective_knows_boards_and_its_proof_holds(objective):
    for seed in range(4):
        plain = random_round(seed, objective=objective)
        result = solved(plain)
        assert (result["verified"], result["status"]) == (True, "solved")
        assert checked(plain, result)["ok"]
        for key in ("n0", "n1", "n2"):
            mentors = [j for j, i, _r in triples(result) if i == key]
            assert len(mentors) == len(set(mentors))


def test_a_board_counts_as_one_person_and_comes_second_to_a_first_mentor():
    people = [mentor("m", topics=NEEDS[:2], places=2)], [board("a", NEEDS[:2]), mentee("b", topics=["career_change"])]
    result = solved(work(*people))
    assert (result["totals"]["coverage"], result["totals"]["mentees"], result["totals"]["wanted"]) == (2, 2, 3)
    assert {i for _j, i, _r in triples(result)} == {"a", "b"}


def test_one_mentor_fills_one_place_at_most_and_the_one_who_offers_the_need_fills_it():
    mentors = [mentor("m", topics=NEEDS[:1], places=5), mentor("n", topics=NEEDS[1:2], places=5)]
    result = solved(work(mentors, [board("a", NEEDS[:2])]))
    assert triples(result) == {("m", "a", NEEDS[0]), ("n", "a", NEEDS[1])}
    assert [reason["key"] for p in result["proposals"] for reason in p["reasons"][:1]] == ["role_offered"] * 2
    assert len(solved(work(mentors[:1], [board("a", NEEDS[:2])]))["proposals"]) == 1


def test_a_place_without_a_need_of_its_own_is_for_all_of_them():
    mentors = [mentor(key, topics=[need], places=1) for key, need in zip("mno", [*NEEDS[:2], NEEDS[1]], strict=True)]
    result = solved(work(mentors, [board("a", [*NEEDS[:2], ""], topics=NEEDS[:2])]))
    assert sorted(role for _j, _i, role in triples(result)) == ["", NEEDS[1], NEEDS[0]]


def test_two_places_never_meet_at_the_same_time():
    hours = [[0, 1020, 1140]]
    mentors = [
        mentor(key, topics=[need], minutes=480, windows=hours) for key, need in zip("mn", NEEDS[:2], strict=True)
    ]
    weekly = SETTINGS | {"cadence": "weekly"}
    first, second = solved(work(mentors, [board("a", NEEDS[:2], windows=hours)], settings=weekly))["proposals"]
    assert {(p["slot_weekday"], p["slot_minute"]) for p in (first, second)} == {(0, 1020), (0, 1080)}


def test_a_mentor_without_an_hour_is_left_out_of_the_whole_board_and_the_proof_still_holds():
    one, weekly = [[0, 1020, 1080]], SETTINGS | {"cadence": "weekly"}
    mentors = [mentor(key, topics=[*NEEDS[:2]], minutes=480, windows=one) for key in "mn"]
    plain = work(mentors, [board("a", NEEDS[:2], windows=one)], settings=weekly)
    result = solved(plain)
    [proposal], [left] = result["proposals"], result["totals"]["no_hour"]
    assert {proposal["mentor_id"], left["mentor_id"]} == {"m", "n"}
    assert (left["mentee_id"], sorted(left["roles"])) == ("a", sorted(NEEDS[:2]))
    assert checked(plain, result)["ok"]
    answers = Answers(plain, result["certificate"], result["totals"]["no_hour"])
    assert answers.pair(left["mentor_id"], "a")["key"] == "hour_clash"


def test_without_boards_the_problem_is_the_one_it_always_was():
    plain = random_round(3, boards=False)
    assert (posed(plain).problem.person == np.arange(3)).all()
    assert "columns" not in solved(plain)["totals"]
    assert without_boards(plain["snapshot"]) == plain["snapshot"]
    with_one = random_round(3)
    assert posed(with_one).problem.sha256 != posed(plain).problem.sha256
    assert solved(with_one)["totals"]["columns"] > 3


def test_a_certificate_that_was_tampered_with_fails():
    plain = random_round(1)
    result = solved(plain)
    assert checked(plain, result) | {"seconds": 0} == {"ok": True, "covers": "best", "faults": [], "seconds": 0}
    certificate = json.loads(result["certificate"])
    certificate["pairs"] = certificate["pairs"][1:]
    assert not checked(plain, result, certificate=json.dumps(certificate))["ok"]
    moved = [["m0", "n1", "burnout"], ["m0", "n1", "career_change"], ["m0", "n1", "leadership"]]
    assert not checked(plain, result, stored=moved)["ok"]


def test_a_pool_of_several_chunks_with_boards_is_solved_and_proved():
    random = np.random.default_rng(0)
    mentors = [mentor(f"m{j}", topics=[NEEDS[j % 3]], minutes=6000, places=60) for j in range(24)]
    mentees = [
        board(f"n{i}", NEEDS[:2], languages=["en"] if random.random() < 0.8 else ["fr"])
        if i % 2
        else mentee(f"n{i}", topics=[NEEDS[i % 3]])
        for i in range(800)
    ]
    loose = SETTINGS | {
        "hours_required": False,
        "language_required": False,
        "weights": {"topics": 1.0, "languages": 1.0},
    }
    plain = work([one | {"windows": []} for one in mentors], [one | {"windows": []} for one in mentees], settings=loose)
    problem = posed(plain).problem
    assert problem.n_mentees == 1200  # and a chunk has 1,024
    result = solve(problem, "coverage")
    assert (result.coverage, result.gap) == (800, 0.0)


class TestWithoutBoards:
    """A round of which nobody asked for a board, worked out before there were any: these are its hashes."""

    @pytest.fixture
    def plain(self):
        hours = tuple(Window(day, 1020, 1200) for day in range(3))
        known = {"zone": "UTC", "windows": hours}
        mentors = [
            Mentor(f"m{j}", f"pm{j}", topics=("leadership", "burnout")[: j + 1], minutes=120, places=2, **known)
            for j in range(2)
        ]
        mentees = [
            Mentee(f"n{i}", f"pn{i}", topics=("burnout", "leadership")[i % 2 :], wanted=1 + i % 2, **known)
            for i in range(4)
        ]
        settings = SETTINGS | {"weights": {"topics": 2.0, "availability": 1.0}}
        plain = work(
            [plain_mentor(one) for one in mentors],
            [plain_mentee(one) for one in mentees],
            pinned=[["m1", "n0"]],
            forbidden=[["m0", "n0"]],
            exclusions=[["m1", "n2", "EXCLUDED"], ["m0", "n3", "ALREADY_PAIRED"]],
            taken=[["m0", "n3"]],
            settings=settings,
        )
        plain["snapshot"] |= {"settings": settings, "interests": [["m0", "n1", "mentee", 0]]}
        return plain

    def test_the_snapshot_is_the_same_to_the_byte(self, plain):
        expected = "11145e87aca4b104d1321727ead5c0c70de10ac155607152e039328016065ce3"
        assert hash_of(plain["snapshot"]) == expected

    def test_so_is_the_problem(self, plain):
        expected = "e2d42a40d88ffa71c7c5538a4ec228f9c4134545e6649e50adc7d2ccf22c4332"
        assert posed(plain).problem.sha256 == expected


def test_a_mentor_who_would_rather_have_somebody_blocks_once_for_all_her_places():
    loose = SETTINGS | {"weights": {"topics": 1.0, "languages": 1.0}, "language_required": False}
    people = [mentor("m", topics=NEEDS[:2], places=1)], [board("a", NEEDS[:2], languages=["fr"]), mentee("b")]
    plain = work(*people, settings=loose, objective="total")
    plain["snapshot"]["interests"] = [["m", "a", side, 0] for side in ("mentor", "mentee")]
    result = solved(plain)
    assert (triples(result), result["totals"]["blocking"]) == ({("m", "b", "")}, 1)
