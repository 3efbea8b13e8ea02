"""One criterion at a time, on one pair or a few."""

import pytest

from matcher import criteria
from matcher.overlap import find_overlap
from matcher.pool import Interest, Pool, Ties
from tests.unit.matcher.people import mentee, mentor, settings


def one(mine=None, theirs=None, ties=None):
    return Pool.build([mentor(**(mine or {}))], [mentee(**(theirs or {}))], ties=ties)


def only(part):
    return part.score[0, 0], bool(part.stated[0, 0])


@pytest.mark.parametrize(
    ("practice", "interest", "expected"),
    [
        (("urology",), ("urology",), (1.0, True)),
        (("general_surgery",), ("breast_surgery",), (0.85, True)),
        (("orthopaedic_surgery",), ("general_surgery",), (0.6, True)),
        (("urology",), ("vascular_surgery",), (0.3, True)),
        (("psychiatry",), ("vascular_surgery",), (0.0, True)),
        (("psychiatry", "urology"), ("vascular_surgery", "urology"), (1.0, True)),
        ((), ("urology",), (0.5, False)),
        (("urology",), (), (0.5, False)),
    ],
)
def test_specialty_is_the_best_tie(practice, interest, expected):
    assert only(criteria.specialty(one({"specialties": practice}, {"specialties": interest}))) == expected


def test_mentees_with_fewer_interests_are_not_helped_by_the_padding():
    pool = Pool.build(
        [mentor(specialties=("urology",))],
        [mentee("a", specialties=("psychiatry",)), mentee("b", specialties=("psychiatry", "urology"))],
    )
    assert criteria.specialty(pool).score.tolist() == [[0.0, 1.0]]


@pytest.mark.parametrize(
    ("offered", "needed", "expected"),
    [
        (("grants", "leadership"), ("grants", "leadership"), (1.0, True)),
        (("grants",), ("grants", "leadership"), (2 / 3, True)),
        (("leadership",), ("grants", "leadership"), (1 / 3, True)),
        (("burnout",), ("grants",), (0.0, True)),
        (("grants",), ("grants", "grants"), (1.0, True)),
        ((), ("grants",), (0.5, False)),
        (("grants",), (), (0.5, False)),
    ],
)
def test_topics_count_the_first_need_double(offered, needed, expected):
    assert only(criteria.topics(one({"topics": offered}, {"topics": needed}))) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("mine", "theirs", "welcome", "expected"),
    [
        ("attending_mid", "intern", (), (1.0, True)),
        ("resident_junior", "intern", (), (0.5, True)),
        ("intern", "intern", (), (0.0, True)),
        ("intern", "fellow", (), (0.0, True)),
        ("attending_mid", "intern", ("fellow",), (0.0, True)),
        ("attending_mid", "fellow", ("fellow",), (1.0, True)),
        (None, "intern", (), (0.5, False)),
        ("fellow", None, ("intern",), (0.5, False)),
    ],
)
def test_stage_wants_far_enough_ahead_and_welcome(mine, theirs, welcome, expected):
    pool = one({"stage": mine, "stages_welcome": welcome}, {"stage": theirs})
    assert only(criteria.stage(pool, settings())) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("Mon 10:00-13:00", "Mon 10:00-20:00", (1.0, True)),
        ("Mon 10:00-11:00", "Mon 10:00-20:00", (1 / 3, True)),
        ("Mon 10:00-11:00", "Tue 10:00-20:00", (0.0, True)),
        ("", "Tue 10:00-20:00", (0.5, False)),
        ("Mon 10:00-11:00", "", (0.5, False)),
    ],
)
def test_availability_saturates(mine, theirs, expected):
    pool = one({"hours": mine}, {"hours": theirs})
    part = criteria.availability(find_overlap(pool, settings()), settings())
    assert only(part) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (("en", "fr"), ("fr",), (1.0, True)),
        (("en",), ("fr",), (0.0, True)),
        ((), ("fr",), (0.5, False)),
        (("en",), (), (0.5, False)),
    ],
)
def test_one_shared_language_is_enough(mine, theirs, expected):
    assert only(criteria.languages(one({"languages": mine}, {"languages": theirs}))) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (("parent", "first"), ("parent",), (1.0, True)),
        (("parent",), ("parent", "first"), (0.75, True)),
        (("parent",), ("first",), (0.5, True)),
        ((), ("first",), (0.5, False)),
        (("parent",), (), (0.5, False)),
    ],
)
def test_background_never_lowers_a_pair(mine, theirs, expected):
    assert only(criteria.background(one({"background": mine}, {"background": theirs}))) == expected


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ([], (0.5, False)),
        ([("mentee", 0, True)], (0.75, True)),
        ([("mentee", 0, True), ("mentor", 0, True)], (1.0, True)),
        ([("mentee", 2, True)], (0.65, True)),
        ([("mentee", 99, True)], (0.525, True)),
        ([("mentor", 0, False)], (0.25, True)),
        ([("mentor", 0, False), ("mentee", 0, False)], (0.0, True)),
    ],
)
def test_interest_is_the_mean_of_both_sides(wishes, expected):
    ties = Ties(tuple(Interest("mo", "lee", side, rank, positive) for side, rank, positive in wishes))
    assert only(criteria.interest(one(ties=ties))) == pytest.approx(expected)


def test_earlier_choice_scores_higher_for_every_rank_people_give():
    scores = [
        criteria.interest(one(ties=Ties((Interest("mo", "lee", "mentee", rank),)))).score[0, 0] for rank in range(5)
    ]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 5


@pytest.mark.parametrize("sides", [(0, 0), (0, 2), (2, 0)])
def test_empty_sides_give_empty_scores(sides):
    pool = Pool.build([mentor(f"m{n}") for n in range(sides[0])], [mentee(f"n{n}") for n in range(sides[1])])
    parts = criteria.score_criteria(pool, settings(), find_overlap(pool, settings()))
    assert {part.score.shape for part in parts.values()} == {sides}
