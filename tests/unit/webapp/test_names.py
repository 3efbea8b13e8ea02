"""Names as people write them, with titles, particles and pictures."""

import pytest

from webapp.presenters.names import isolated, short_name
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
        ("د. ليلى عبد الرحمن الخوري", "د. الخوري", "دا"),
        ("J. Smith", "J. Smith", "JS"),
        ("Aa" * 100, "Aa" * 23 + "A…", "A"),
    ],
)
def test_names_are_called_by_their_words(name, short, letters):
    assert short_name(name) == short
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("name", "written"),
    [("Dr Mo Farahani", "Dr Mo Farahani"), ("Dr כהן", "\u2068Dr כהן\u2069"), ("ليلى", "\u2068ليلى\u2069"), ("", "")],
)
def test_figures_after_a_name_stay_where_they_are(name, written):
    assert isolated(name) == written
