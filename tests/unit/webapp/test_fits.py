"""The order of suggestions."""

import uuid
from collections import Counter
from datetime import date

import numpy as np

from matcher.pool import Mentee, Mentor, Pool, Window
from matcher.scoring import Settings
from webapp.services.fits import SPREAD, Fits, bits_of, choose, turns_of

SETTINGS = Settings(starts_on=date(2027, 3, 1), ends_on=date(2028, 2, 28))
EVENINGS = tuple(Window(day, 1080, 1200) for day in range(5))


def key(number):
    return str(uuid.UUID(int=number))


def mentor(number, **values):
    facts = {"stage": "attending_mid", "specialties": ("general_surgery",), "topics": ("grants", "leadership")}
    facts |= {"languages": ("en",), "windows": EVENINGS, "places": 2, "minutes": 120}
    return Mentor(key(number), f"mentor {number}", "UTC", **(facts | values))


def mentee(number, **values):
    facts = {"stage": "intern", "specialties": ("general_surgery",), "topics": ("grants", "leadership")}
    facts |= {"languages": ("en",), "windows": EVENINGS}
    return Mentee(key(1000 + number), f"mentee {number}", "UTC", **(facts | values))


def fits_of(me, others, barred=None):
    pool = Pool.build([], others) if isinstance(me, Mentor) else Pool.build(others, [])
    return Fits(me, pool, SETTINGS, barred or {})


def ordered(me, others, crowd=None, barred=None):
    turns = turns_of(bits_of(uuid.UUID(one.key) for one in others), uuid.UUID(me.key))
    return fits_of(me, others, barred).ordered(crowd or {}, turns)


def first_of(me, mentors, crowd=None):
    return ordered(me, mentors, crowd)[0].id


def test_mentors_who_fit_equally_take_turns_over_the_mentees():
    mentors = [mentor(number) for number in range(6)]
    firsts = Counter(first_of(mentee(number), mentors) for number in range(120))
    assert len(firsts) == 6
    assert max(firsts.values()) < 60


def test_a_mentor_whom_many_want_steps_back_behind_one_who_fits_as_well():
    mentors = [mentor(number) for number in range(2)]
    star = key(0)
    alone = sum(str(first_of(mentee(number), mentors)) == star for number in range(80))
    wanted = sum(str(first_of(mentee(number), mentors, {star: 9})) == star for number in range(80))
    assert wanted < alone / 4


def test_spreading_never_puts_a_clearly_better_fit_behind():
    better, worse = mentor(1), mentor(2, topics=("burnout",))
    fits = fits_of(mentee(1), [better, worse])
    assert fits.scores.weights[0, 0] - fits.scores.weights[1, 0] > 2 * SPREAD
    for number in range(60):
        assert str(first_of(mentee(number), [better, worse], {key(1): 50})) == key(1)


def test_the_order_is_the_same_on_every_visit():
    mentors = [mentor(number) for number in range(9)]
    orders = [[fit.id for fit in ordered(mentee(1), mentors)] for _ in range(3)]
    assert orders[0] == orders[1] == orders[2]


def test_a_full_mentor_is_last_and_says_so():
    fits = ordered(mentee(1), [mentor(1, places=0), mentor(2, minutes=30), mentor(3)])
    assert [fit.key for fit in fits] == ["acceptable", "full", "full"]
    assert str(fits[0].id) == key(3)


def test_whoever_asks_for_shorter_meetings_fits_into_less_time():
    assert ordered(mentee(1, minutes=30), [mentor(1, minutes=30)])[0].key == "acceptable"


def test_private_causes_are_not_told():
    fits = ordered(mentee(1), [mentor(1), mentor(2)], barred={key(1): "CONFLICT", key(2): "EXCLUDED"})
    assert {fit.key for fit in fits} == {"not_available"}


def test_nobody_is_on_the_other_side():
    assert list(ordered(mentee(1), [])) == []
    assert list(ordered(mentor(1), [])) == []


def test_a_mentor_sees_the_mentees_in_the_same_order_of_fit():
    near, far = mentee(1), mentee(2, topics=("burnout",))
    assert str(ordered(mentor(1), [far, near])[0].id) == near.key


def test_at_least_three_undecided_people_are_shown_beside_those_she_likes():
    fits = ordered(mentee(1), [mentor(number) for number in range(12)])
    assert len(choose(fits, [])) == 5
    assert choose(fits, [fits[0].id]) == choose(fits, [])
    liked = [fit.id for fit in fits[:4]]
    assert len(choose(fits, liked)) == 7
    late = choose(fits, [fits[11].id])
    assert len(late) == 5
    assert late[-1] == fits[11]


def test_only_pairs_that_are_possible_become_cards():
    fits = ordered(mentee(1), [mentor(1), mentor(2, languages=("fi",))])
    assert [str(fit.id) for fit in choose(fits, [uuid.UUID(key(2))])] == [key(1)]


def test_the_first_card_stands_before_the_order_and_takes_the_place_of_the_last():
    fits = ordered(mentee(1), [mentor(number) for number in range(12)])
    chosen = choose(fits, [], first=fits[7])
    assert [fit.position for fit in chosen] == [fits[7].position, *(fit.position for fit in fits[:4])]
    assert choose(fits, [], first=fits[0]) == choose(fits, [])


def test_only_those_looked_at_are_in_the_order():
    others = [mentor(number) for number in range(4)]
    turns = turns_of(bits_of(uuid.UUID(one.key) for one in others), uuid.UUID(mentee(1).key))
    fits = fits_of(mentee(1), others).ordered({}, turns, np.array([True, False, True, False]))
    assert {str(fit.id) for fit in fits} == {key(0), key(2)}
    assert fits.possible == 2
