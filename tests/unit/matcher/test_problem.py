"""What makes a problem, and every way it can fail to be one."""

import numpy as np
import pytest
from scipy import sparse

from matcher import InvalidProblemError, MatcherError, Problem, WeightSource, solve, verify

NAN = float("nan")
WEIGHTS = [[0.5, NAN, 0.0], [1.0, 0.25, NAN]]


class Chunks:
    """A source that makes its weights when asked."""

    def __init__(self, weights, shape=None, chunk_shape=None):
        self._weights = np.asarray(weights, dtype=float)
        self.shape = self._weights.shape if shape is None else shape
        self._chunk_shape = chunk_shape

    def chunk(self, start, stop):
        if self._chunk_shape:
            return np.zeros(self._chunk_shape)
        return self._weights[:, start:stop].copy()


def stored(weights):
    array = np.asarray(weights, dtype=float)
    rows, columns = np.nonzero(~np.isnan(array))
    return sparse.coo_array((array[rows, columns], (rows, columns)), shape=array.shape)


def faults_of(*args, **kwargs):
    with pytest.raises(InvalidProblemError) as raised:
        Problem(*args, **kwargs)
    return raised.value.faults


@pytest.mark.parametrize("kind", ["csr", "csc", "lil", "dok"])
def test_sparse_dense_and_chunked_weights_make_the_same_problem(kind):
    dense = Problem(WEIGHTS, 1, 1)
    thin = Problem(stored(WEIGHTS).asformat(kind), 1, 1)
    chunked = Problem(Chunks(WEIGHTS), 1, 1)
    assert isinstance(Chunks(WEIGHTS), WeightSource)
    assert dense.sha256 == thin.sha256 == chunked.sha256
    for problem in (dense, thin, chunked):
        np.testing.assert_array_equal(problem.weights, WEIGHTS)
        assert verify(problem, solve(problem)).ok


def test_a_stored_zero_is_acceptable_and_a_missing_entry_is_not():
    problem = Problem(stored(WEIGHTS), 1, 1)
    assert problem.weights_of(np.array([[0, 2], [0, 1]])).tolist() == pytest.approx([0.0, NAN], nan_ok=True)


def test_whole_number_weights_and_missing_values_are_read():
    assert Problem([[1, 0]], 1, 1).weights.dtype == np.float64
    assert np.isnan(Problem([[1, None]], 1, 1).weights[0, 1])


def test_one_number_is_the_capacity_of_all():
    problem = Problem(np.ones((2, 3)), 2, [1, 2.0, 3])
    assert problem.mentor_capacity.tolist() == [2, 2]
    assert problem.mentee_capacity.tolist() == [1, 2, 3]
    assert problem.mentee_capacity.dtype == np.int64


def test_a_problem_does_not_change():
    weights = np.ones((2, 2))
    problem = Problem(weights, 1, 1, [30, 30], [60, 60], [(0, 0)], [1, 1])
    weights[0, 0] = 0.0
    assert problem.weights[0, 0] == 1.0
    for array in (problem.weights, problem.pinned, problem.minutes, problem.priority, problem.places):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    with pytest.raises(AttributeError, match="does not change"):
        problem.pinned = None
    with pytest.raises(AttributeError, match="stays"):
        del problem.pinned


def test_content_has_a_name_and_any_change_another():
    base = {
        "weights": np.full((2, 3), 0.5),
        "mentor_capacity": 1,
        "mentee_capacity": 1,
        "minutes": [30, 30, 30],
        "mentor_minutes": [60, 60],
    }
    changes = [
        {},
        {"weights": np.full((2, 3), 0.25)},
        {"weights": np.full((2, 3), 0.5) * [1, 1, NAN]},
        {"weights": np.full((3, 3), 0.5), "mentor_minutes": [60] * 3},
        {"mentor_capacity": 2},
        {"mentee_capacity": 2},
        {"minutes": [30, 30, 60]},
        {"minutes": np.full((2, 3), 30)},
        {"mentor_minutes": [60, 90]},
        {"pinned": [(0, 1)]},
        {"priority": [0, 0, 1]},
        {"person": [0, 0, 1]},
        {"mentor_ranks": np.zeros((2, 3), int)},
        {"mentee_ranks": np.zeros((2, 3), int)},
    ]
    names = [Problem(**(base | change)).sha256 for change in changes]
    assert len(set(names)) == len(changes)
    assert Problem(**base).sha256 == names[0]
    assert names[0][:12] in repr(Problem(**base))


def test_numbers_of_persons_do_not_matter_only_who_is_whose():
    one = Problem(np.ones((1, 3)), 1, 1, person=[9, 9, 12], priority=[1, 3, 2])
    assert one.person.tolist() == [0, 0, 1]
    assert one.person_columns.tolist() == [2, 1]
    assert one.person_priority.tolist() == [3, 2]
    assert one.sha256 == Problem(np.ones((1, 3)), 1, 1, person=[0, 0, 1], priority=[1, 3, 2]).sha256


def test_minutes_fold_into_places_where_they_are_equal():
    problem = Problem(np.ones((3, 3)), 9, 1, [[30, 30, 30], [30, 60, 60], [0, 0, 0]], [70, 70, 0])
    assert problem.places.tolist() == [2, 2, 3]
    assert problem.mixed.tolist() == [False, True, False]
    assert problem.minutes_mode == "mixed"
    assert Problem(np.ones((1, 2)), 2, 1, [30, 60], [120]).minutes_mode == "uniform"
    assert Problem(np.ones((1, 2)), 2, 1).minutes_mode == "none"


def test_all_faults_are_reported_together():
    faults = faults_of(
        [[1.5, NAN], [-0.1, float("inf")]],
        mentor_capacity=[1, -1],
        mentee_capacity=0.5,
        minutes=[30, -30],
        pinned=[(0, 1), (1, 0), (1, 0), (5, 0)],
        priority=[1, NAN],
        person=[0],
    )
    advice = "give a number in [0, 1], or NaN if not acceptable"
    assert faults == [
        "mentor_minutes: say how many minutes each mentor gives, or leave out minutes",
        "minutes: give whole numbers from 0 up; -30 at 1 is none",
        "mentor_capacity: give whole numbers from 0 up; -1 at 1 is none",
        "mentee_capacity: give whole numbers from 0 up; 0.5 at 0 is none",
        "pinned: (5, 0) is out of range; there are 2 mentors and 2 mentees",
        "pinned: (1, 0) stands more than once; give each pair once",
        "priority: give finite numbers from 0 up; mentee 1 has nan",
        "person: give the shape (2,), not (1,)",
        f"weights: mentor 0, mentee 0 is 1.5, outside [0, 1]; {advice} (and 2 more)",
        "pinned: (0, 1) is not acceptable; give it a weight or drop the pin",
    ]


def test_the_exception_reads_as_all_sentences_and_is_a_value_error():
    with pytest.raises(InvalidProblemError, match=r"mentor_capacity(.|\n)*mentee_capacity") as raised:
        Problem([[1.0]], -1, -1)
    assert isinstance(raised.value, MatcherError)
    assert isinstance(raised.value, ValueError)


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        ([1.0, 0.5], "two dimensions"),
        ("many", "give numbers in [0, 1]"),
        ([["0.5", "1"]], "give numbers in [0, 1]"),
        ([[None, "a"]], "give numbers in [0, 1]"),
        ([[None, object()]], "give numbers in [0, 1]"),
        ([[0.5], [0.5, 0.5]], "give numbers in [0, 1]"),
        (1j * np.ones((1, 1)), "give numbers in [0, 1]"),
        ([[float("inf")]], "is infinite"),
        (sparse.coo_array(np.ones(3)), "the shape must be"),
        (Chunks(WEIGHTS, shape=(2, 3, 1)), "the shape must be"),
        (Chunks(WEIGHTS, shape=(2, 2.5)), "the shape must be"),
        (Chunks(WEIGHTS, chunk_shape=(1, 3)), "the chunk of mentees 0 to 2 must have the shape (2, 3), not (1, 3)"),
    ],
)
def test_weights_that_are_none_are_refused(weights, fault):
    (only,) = faults_of(weights, 1, 1)
    assert fault in only


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("mentor_capacity", [1, 2, 3], "give the shape (2,), not (3,)"),
        ("mentor_capacity", True, "not true and false"),
        ("mentor_capacity", "two", "not text"),
        ("mentor_capacity", [[1], [2, 3]], "give whole numbers"),
        ("mentor_capacity", 10**30, "give whole numbers"),
        ("mentee_capacity", [1, 1, NAN], "nan at 2 is none"),
        ("mentee_capacity", [1, float("inf"), -4], "(and 1 more)"),
        ("mentor_minutes", [30, 30], "minutes: say how many minutes each pair takes"),
        ("pinned", [0, 1], "give pairs"),
        ("pinned", [(0.5, 0)], "give pairs"),
        ("pinned", [(-1, 0)], "(-1, 0) is out of range"),
        ("priority", [1, 2], "one number for each of the 3 mentees"),
        ("priority", ["a", "b", "c"], "one number for each"),
        ("priority", [1, -2, 0], "mentee 1 has -2.0"),
        ("person", [0, 1, 0.5], "0.5 at 2 is none"),
        ("mentor_ranks", [[0, 1, 2]], "give the shape (2, 3), not (1, 3)"),
        ("mentee_ranks", np.full((2, 3), -2), "from -1 up; -2 at (0, 0) is none"),
    ],
)
def test_each_part_names_what_to_change(name, value, fault):
    content = {"weights": np.ones((2, 3)), "mentor_capacity": 1, "mentee_capacity": 1} | {name: value}
    (only,) = faults_of(**content)
    assert fault in only
    assert only.startswith(name if name != "mentor_minutes" else "minutes")


def test_minutes_come_by_mentee_or_by_pair():
    by_mentee = Problem(np.ones((2, 2)), 1, 1, [30, 60], [60, 60])
    by_pair = Problem(np.ones((2, 2)), 1, 1, [[30, 45], [0, 60]], [60, 60])
    pairs = np.array([[0, 1], [1, 0]])
    assert by_mentee.minutes_of(pairs).tolist() == [60, 30]
    assert by_pair.minutes_of(pairs).tolist() == [45, 0]
    assert Problem(np.ones((2, 2)), 1, 1).minutes_of(pairs).tolist() == [0, 0]
    assert Problem(np.ones((2, 2)), 1, 1).minutes_chunk(0, 2).tolist() == [[0, 0], [0, 0]]
    assert "minutes: give the shape (2,), not ()" in faults_of(np.ones((2, 2)), 1, 1, 30, [60, 60])


def test_empty_lists_make_empty_sides():
    problem = Problem(np.empty((0, 0)), [], [], minutes=[], mentor_minutes=[], person=[], priority=[])
    assert (problem.shape, problem.n_persons) == ((0, 0), 0)


def test_weights_are_read_chunk_by_chunk_over_wide_pools():
    weights = np.random.default_rng(0).random((2, 2500))
    problem = Problem(Chunks(weights), 1, 1)
    pairs = np.array([[0, 2499], [1, 0], [1, 1024]])
    assert problem.weights_of(pairs).tolist() == weights[pairs[:, 0], pairs[:, 1]].tolist()
    assert problem.sha256 == Problem(weights, 1, 1).sha256 == Problem(stored(weights), 1, 1).sha256
