"""Names as people write them, with titles, particles and pictures."""

import pytest

from webapp.presenters.names import short_name
from webapp.views.filters import initials


@pytest.mark.parametrize(
    ("name", "short", "letters"),
    [
        ("Dr Tomoko Ōe-Straßmann 🩺", "Dr Ōe-Straßmann", "TŌ"),
        ("ليلى الفراهاني", "ليلى", "لا"),
        ("Dr Noor van den Akker", "Dr van den Akker", "NA"),
        ("Maya", "Maya", "M"),
        ("🩺", "🩺", "·"),
        ("(Dr) (Ana)", "(Dr)", "DA"),
    ],
)
def test_names_are_called_by_their_words(name, short, letters):
    assert short_name(name) == short
    assert initials(name) == letters
