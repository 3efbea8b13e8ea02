"""A board of mentors."""

from webapp.engine.roles import open_first, roles_of


def test_each_mentor_takes_the_first_need_that_is_left_and_hers():
    needs = ["research", "family", "leadership"]
    assert roles_of(needs, [["family", "research"], ["research"], ["family"]]) == ["research", "", "family"]


def test_needs_without_a_mentor_come_first_in_their_own_order():
    needs = ["research", "family", "leadership"]
    assert open_first(needs, [["research"]]) == ("family", "leadership", "research")
    assert open_first(needs, []) == tuple(needs)
    assert open_first(needs, [["travel"]]) == tuple(needs)
