"""People become columns, and every fault is told at once."""

from datetime import date

import numpy as np
import pytest

from matcher.errors import MatcherError
from matcher.pool import Exclusion, Interest, InvalidPoolError, Pool, Ties
from matcher.scoring import Settings, score
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


def test_people_added_later_score_as_if_all_had_been_built_at_once():
    mentors = [
        mentor("a", zone="Europe/Paris", languages=("fr",), background=("first generation",)),
        mentor("b", specialties=("vascular_surgery",), topics=("grants",)),
        mentor("c", zone="Asia/Tokyo", languages=("en", "ja"), stages_welcome=("intern",)),
    ]
    mentees = [
        mentee("n", languages=("ja",), specialties=("vascular_surgery", "general_surgery"), topics=("grants",)),
        mentee("o", zone="Asia/Kolkata", background=("first generation",), specialties=("general_surgery",)),
    ]
    late = Ties((Interest("c", "o", "mentee"),), (Exclusion("a", "o"),))
    ties = Ties((Interest("a", "n", "mentor", 1), *late.interests), (Exclusion("b", "n"), *late.exclusions))
    whole = Pool.build(mentors, mentees, ties=ties)
    start = Pool.build(mentors[:2], mentees[:1], ties=Ties(ties.interests[:1], ties.exclusions[:1]))
    grown = start.extended(mentors[2:], mentees[1:], late)
    settings = Settings(starts_on=date(2027, 3, 1), ends_on=date(2028, 2, 28))
    ours, theirs = score(grown, settings), score(whole, settings)
    np.testing.assert_array_equal(ours.weights, theirs.weights)
    np.testing.assert_array_equal(ours.codes, theirs.codes)
    for name, part in theirs.parts.items():
        np.testing.assert_array_equal(ours.parts[name], part)
        np.testing.assert_array_equal(ours.stated[name], theirs.stated[name])
    assert (grown.mentor_index("c"), grown.mentee_index("o")) == (2, 1)
    assert start.shape == (2, 1)


def test_a_side_that_nobody_joins_is_not_copied():
    pool = Pool.build([mentor("a"), mentor("b")], [])
    assert pool.extended(mentees=[mentee("n")]).mentor_side.free is pool.mentor_side.free


def test_faults_of_those_added_are_told_and_a_key_stands_once():
    pool = Pool.build([mentor("a")], [mentee("n")])
    with pytest.raises(InvalidPoolError) as caught:
        pool.extended([mentor("a"), mentor("b", minutes=-1)], [mentee("n")], Ties(exclusions=(Exclusion("x", "n"),)))
    assert caught.value.faults == [
        "mentor b: minutes must be at least 0, not -1",
        "mentor a: the key is used already",
        "mentee n: the key is used already",
        "exclusion of a mentor who is not in the pool: x",
    ]
