"""What is told of how many people share time with a week."""

from itertools import groupby

import pytest

from webapp.services.possible_partners import tell


@pytest.mark.parametrize("total", range(3, 80))
def test_one_person_more_is_seen_at_borders_between_steps_alone(total):
    """Of every number that could be: small programmes have two steps, and each step of others holds three or more."""
    told = [tell(total, shared)[1:] for shared in range(total + 1)]
    shown = [("few" if share == "nobody" else share, about) for share, about in told]
    steps = [(what, len(list(run))) for what, run in groupby(shown)]
    assert steps[0] == (("few", None), 3)
    assert len({what for what, _number in steps}) == len(steps), "what is told grows with the number"
    if total < 10:
        assert steps[1:] == [(("some", None), total - 2)]
        return
    assert steps[-1][0] == ("most", None)
    assert min(number for _what, number in steps) >= 3
    assert all(about is None or abs(about - shared) <= 5 for shared, (_share, about) in enumerate(told))


def test_of_fewer_than_three_nothing_is_told():
    for total in range(3):
        for shared in range(total + 1):
            assert tell(total, shared) == (None, None, None)
