"""People become columns, and every fault is told at once."""

import numpy as np
import pytest

from matcher.errors import MatcherError
from matcher.pool import Exclusion, Interest, InvalidPoolError, Pool, Ties
from tests.unit.matcher.people import mentee, mentor


def test_every_fault_of_every_person_is_told():
    mentors = [
        mentor("m", zone="Mars/Olympus", specialties=("magic",), topics=("gossip",), stage="wizard"),
        mentor("m", stages_welcome=("elf",), minutes=-1, places=-2),
    ]
    mentees = [mentee("n", wanted=-1, minutes=0, priority=float("nan")), mentee("o", priority=-1.0)]
    ties = Ties(
        (Interest("x", "n", "mentee"), Interest("m", "n", "aunt", -1)),
        (Exclusion("m", "y"), Exclusion("m", "n", 0)),
    )
    with pytest.raises(InvalidPoolError) as caught:
        Pool.build(mentors, mentees, ties=ties)
    told = "\n".join(caught.value.faults)
    for fault in [
        "mentor m: the key is used 2 times",
        "mentor m: 'Mars/Olympus' is not a time zone",
        "mentor m: 'magic' is not a known specialty",
        "mentor m: 'gossip' is not a known topic",
        "mentor m: 'wizard' is not a known stage",
        "mentor m: 'elf' is not a known stage",
        "mentor m: minutes must be at least 0, not -1",
        "mentor m: places must be at least 0, not -2",
        "mentee n: mentors wanted must be at least 0, not -1",
        "mentee n: minutes with a mentor must be at least 1, not 0",
        "mentee n: priority must be a number of at least 0, not nan",
        "mentee o: priority must be a number of at least 0, not -1.0",
        "interest of a mentor who is not in the pool: x",
        "exclusion of a mentee who is not in the pool: y",
        "interest of m and n: side must be mentor or mentee",
        "interest of m and n: rank must be at least 0",
        "exclusion of m and n: 0 is not a reason",
    ]:
        assert fault in told
    assert len(caught.value.faults) == 17
    assert isinstance(caught.value, MatcherError)


def test_people_are_found_by_key_also_after_taking_some():
    pool = Pool.build([mentor("a"), mentor("b")], [mentee("n"), mentee("o"), mentee("p")])
    assert (pool.mentor_index("b"), pool.mentee_index("p")) == (1, 2)
    some = pool.take([1], slice(1, 3))
    assert some.shape == (1, 2)
    assert (some.mentor_index("b"), some.mentee_index("p")) == (0, 1)
    assert [m.key for m in some.mentees] == ["o", "p"]


def test_ties_follow_their_people_and_leave_with_them():
    ties = Ties((Interest("b", "o", "mentee"),), (Exclusion("a", "o"), Exclusion("b", "n")))
    pool = Pool.build([mentor("a"), mentor("b")], [mentee("n"), mentee("o")], ties=ties)
    some = pool.take([1, 0], [1])
    assert some.wishes.tolist() == [[0.0, 0.0, 1.0, 1.0]]
    assert some.barred.tolist() == [[1, 0, 2]]


def test_person_in_both_roles_has_one_number():
    pool = Pool.build([mentor("a", person="kim"), mentor("b")], [mentee("n", person="kim")])
    assert pool.mentor_side.persons[0] == pool.mentee_side.persons[0]
    assert pool.mentor_side.persons[1] != pool.mentee_side.persons[0]


def test_taking_everybody_copies_nothing():
    pool = Pool.build([mentor()], [mentee()])
    assert np.shares_memory(pool.take().mentor_side.free, pool.mentor_side.free)
