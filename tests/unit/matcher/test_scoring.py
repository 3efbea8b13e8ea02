"""From parts to weights, in chunks, and to a problem."""

import pickle
import random
from datetime import date

import numpy as np
import pytest

from matcher import pair_scores, scoring, solve, verify
from matcher.pool import Exclusion, Interest, Pool, Ties
from matcher.scoring import CRITERIA, InvalidSettingsError, PoolWeights, Settings, build_problem, score
from matcher.taxonomy import load_taxonomy
from tests.unit.matcher.people import mentee, mentor, settings

ZONES = ["Europe/London", "America/New_York", "Asia/Kolkata"]


@pytest.fixture(scope="module")
def pool():
    draw, words = random.Random(4), load_taxonomy()
    specialties, topics, stages = list(words.specialties), list(words.topics), list(words.stages)

    def answers():
        days = draw.sample(["Mon", "Tue", "Wed", "Thu"], 2)
        return {
            "zone": draw.choice(ZONES),
            "hours": "; ".join(f"{day} {draw.randrange(6, 12)}:00-{draw.randrange(14, 21)}:00" for day in days),
            "specialties": tuple(draw.sample(specialties, draw.randrange(3))),
            "topics": tuple(draw.sample(topics, draw.randrange(8))),
            "stage": draw.choice([None, *stages]),
            "languages": tuple(draw.sample(["en", "fr"], draw.randrange(3))),
        }

    mentors = [mentor(f"m{n}", places=2, minutes=draw.choice([45, 60, 120]), **answers()) for n in range(12)]
    mentees = [mentee(f"n{n}", wanted=draw.choice([1, 2]), **answers()) for n in range(25)]
    ties = Ties((Interest("m3", "n20", "mentee", 1), Interest("m1", "n2", "mentor")), (Exclusion("m0", "n24"),))
    return Pool.build(mentors, mentees, ties=ties)


def test_weight_is_the_weighted_mean_of_the_parts(pool):
    chosen = settings(weights={"topics": 2, "stage": 1})
    scores = score(pool, chosen)
    expected = (2 * scores.parts["topics"] + scores.parts["stage"]) / 3
    assert np.allclose(scores.potential, expected)
    assert np.array_equal(np.isnan(scores.weights), scores.codes != 0)
    assert np.array_equal(scores.reason_codes, scores.codes)
    assert ((scores.potential >= 0) & (scores.potential <= 1)).all()


@pytest.mark.parametrize("columns", [slice(20, 25), slice(0, 1), [24, 3, 20], slice(5, 5)])
def test_column_has_the_same_bits_whichever_others_are_scored_with_it(pool, columns):
    whole, some = score(pool, settings()), score(pool, settings(), columns)
    numbers = np.arange(25)[columns]
    assert some.mentees.tolist() == numbers.tolist()
    assert np.array_equal(some.weights, whole.weights[:, numbers], equal_nan=True)
    assert np.array_equal(some.codes, whole.codes[:, numbers])
    for name in CRITERIA:
        assert np.array_equal(some.parts[name], whole.parts[name][:, numbers])


def test_pairs_scored_alone_have_the_bits_of_the_whole(pool, monkeypatch):
    monkeypatch.setattr(pair_scores, "BATCH", 5)
    whole = score(pool, settings())
    pairs = np.array([(3, 20), (1, 2), (3, 0), (11, 24), (0, 0), (1, 20), (5, 5)])
    for (j, i), one in zip(pairs.tolist(), pair_scores.score_pairs(pool, settings(), pairs), strict=True):
        assert (one.mentor, one.mentee) == (pool.mentors[j], pool.mentees[i])
        assert one.parts == {name: whole.parts[name][j, i] for name in CRITERIA}
        assert one.stated == {name: whole.stated[name][j, i] for name in CRITERIA}
        assert (one.shared_minutes, one.potential) == (whole.shared_minutes[j, i], whole.potential[j, i])
        said = {int(side): value for mine, hers, side, value in pool.wishes if (mine, hers) == (j, i)}
        assert one.wishes == (said.get(0, 0.5), said.get(1, 0.5))


def test_relabelling_people_moves_their_scores_with_them(pool):
    order, columns = np.random.default_rng(1).permutation(12), np.random.default_rng(2).permutation(25)
    moved = score(pool.take(order.tolist(), columns.tolist()), settings())
    assert np.array_equal(moved.weights, score(pool, settings()).weights[np.ix_(order, columns)], equal_nan=True)


def test_chunks_of_a_large_pool_join_to_the_whole(pool, monkeypatch):
    monkeypatch.setattr(scoring, "CHUNK", 7)
    told = []
    problem, scores = build_problem(pool, settings(), progress=told.append)
    whole = score(pool, settings())
    assert np.array_equal(scores.weights, whole.weights, equal_nan=True)
    assert np.array_equal(scores.codes, whole.codes)
    assert told == [7 / 25, 14 / 25, 21 / 25, 1.0]
    assert problem.shape == (12, 25)


def test_source_of_weights_gives_the_same_chunks(pool):
    source = PoolWeights(pool, settings())
    whole = score(pool, settings()).weights
    assert source.shape == (12, 25)
    assert np.array_equal(source.chunk(10, 20), whole[:, 10:20], equal_nan=True)


def test_problem_of_a_pool_is_solved_and_verified(pool):
    problem, scores = build_problem(pool, settings())
    result = solve(problem)
    assert verify(problem, result).ok
    assert len(result.pairs) > 5
    assert all(scores.codes[mentor_, mentee_] == 0 for mentor_, mentee_ in result.pairs)


def test_problem_takes_places_minutes_pauses_priorities_and_pins():
    pool = Pool.build(
        [mentor("a", places=3, minutes=90), mentor("b", paused=True, places=4)],
        [mentee("n", wanted=2, minutes=30), mentee("o", priority=2.0), mentee("p", minutes=600)],
    )
    problem, _ = build_problem(pool, settings(cadence="fortnightly"), pinned=[(0, 0)])
    assert problem.mentor_capacity.tolist() == [3, 0]
    assert problem.mentor_minutes.tolist() == [90, 60]
    assert problem.mentee_capacity.tolist() == [2, 1, 1]
    assert problem.minutes.ravel()[:3].tolist() == [30, 120, 120]
    assert problem.priority.tolist() == [0.0, 2.0, 0.0]
    assert problem.pinned.tolist() == [[0, 0]]


def test_pool_without_mentees_makes_an_empty_problem():
    problem, scores = build_problem(Pool.build([mentor()], []), settings())
    assert problem.shape == (1, 0)
    assert scores.weights.shape == (1, 0)


@pytest.mark.parametrize(
    ("cadence", "minutes", "asked", "length"),
    [
        ("monthly", 60, None, 60),
        ("monthly", 60, 30, 30),
        ("monthly", 60, 90, 60),
        ("weekly", 240, 120, 30),
        ("fortnightly", 120, 90, 45),
        ("bimonthly", 30, 20, 40),
    ],
)
def test_cadence_and_length_make_the_minutes_of_a_month(cadence, minutes, asked, length):
    chosen = settings(cadence=cadence)
    assert chosen.monthly_minutes == minutes
    assert chosen.meeting_length(asked) == length


def test_settings_survive_toml_json_and_pickling():
    chosen = settings(weights={"topics": 2.5}, minimum=0.25, specialty_required=True, min_shared_minutes=90)
    assert Settings.from_toml(chosen.to_toml()) == chosen
    assert Settings.from_dict(chosen.to_dict()) == chosen
    assert pickle.loads(pickle.dumps(chosen)) == chosen
    assert Settings.from_toml("starts_on = 2026-09-01\nends_on = 2026-12-01").starts_on == date(2026, 9, 1)


def test_default_settings_run_for_a_year_even_from_a_leap_day():
    assert Settings.default(date(2028, 2, 29)).ends_on == date(2029, 2, 28)
    assert Settings.default().starts_on <= Settings.default().ends_on


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("minutes = ", ["not TOML"]),
        ("minuets = 3", ["'minuets' is not a setting; known are cadence"]),
        ("minutes = true", ["minutes: must be a whole number, not True"]),
        ('minutes = "an hour"\nweights = 3', ["minutes: must be a whole", "weights: must be a table"]),
        ('starts_on = "soon"', ["starts_on must be a date such as 2026-09-01"]),
        ("starts_on = 2027-01-01\nends_on = 2026-01-01", ["ends_on (2026-01-01) is before"]),
        ('cadence = "daily"\nminutes = 0', ["minutes must be between 1", "cadence must be one of weekly"]),
        ("[weights]\nlooks = 1", ["'looks' is not a criterion"]),
        ("[weights]\ntopics = -1\nstage = inf", ["the weight of topics", "the weight of stage"]),
        ("[weights]\ntopics = true", ["the weight of topics must be a number"]),
        ("[weights]\ntopics = 0", ["at least one criterion needs a weight above 0"]),
        ("minimum = 1.5\nspecialty_floor = -1", ["minimum must be", "specialty_floor must be"]),
    ],
)
def test_wrong_settings_are_told_all_at_once(text, faults):
    with pytest.raises(InvalidSettingsError) as caught:
        Settings.from_toml(text)
    assert len(caught.value.faults) == len(faults)
    assert all(any(told.startswith(fault) for told in caught.value.faults) for fault in faults)
