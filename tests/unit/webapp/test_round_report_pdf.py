"""The PDF of a round's report: always one page, the same bytes for the same figures, no letter as a box."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from config import ROOT
from webapp.presenters.round_report import Bar, Column, Figure, Plot, Report
from webapp.presenters.round_report_pdf import BOTTOM, INK, TOKENS, print_report

MADE = {"made_at": datetime(2027, 2, 15, 18, 0, tzinfo=UTC), "language": "en"}
LONG = "Otolaryngology, head and neck surgery, and whatever else is done by the same people in that building"


@pytest.fixture
def report():
    return Report(
        programme="Lakeland Women in Surgery",
        round="Spring 2027",
        slug="lakeland",
        title="All 62 mentees were offered a mentor",
        lead="68 of 78 offers have a yes from both.",
        dates="Published on Mon 15 Feb 2027.",
        published="Mon 15 Feb 2027",
        figures=(Figure("Pairs", "77", "15 second mentors"),) * 4,
        proof="No better matching exists - checked",
        proved=True,
        rule="Coverage first",
        fits=(Column("0.4 to 0.5", 3, low=True), Column("0.5 to 0.6", 22, low=False)),
        fits_title="How well the best mentor fits",
        fits_note="One tile is one mentee.",
        tile=1,
        plots=(Plot("Answers", "", (Bar("Both said yes", 8, 10, "8"),)),),
    )


def test_same_figures_and_moment_give_the_same_bytes(report):
    assert print_report(report, **MADE) == print_report(report, **MADE)
    assert print_report(report, **MADE) != print_report(replace(report, lead="Nobody has answered."), **MADE)


def test_the_fullest_report_ends_on_its_one_page(report):
    # As long as the longest names of the vocabulary and the longest cause for being left out.
    names, causes, words = ((f"{LONG[:length]}", lines) for length, lines in ((50, 7), (95, 6), (24, 5)))
    plots = tuple(
        Plot(LONG[:40], LONG[:60], (Bar(label, 500, 1000, "500 of 1000", "low"),) * lines)
        for label, lines in (words, words, names, names, words, causes)
    )
    piles = tuple(Column(f"0.{n} to 0.{n + 1}", 60, low=False) for n in range(10))
    full = replace(report, programme=LONG[:120], title=LONG, fits=piles, plots=plots)
    printed = print_report(full, **MADE)
    assert len(re.findall(rb"/Type /Page\b(?!s)", printed.content)) == 1
    assert printed.end <= BOTTOM


def test_a_report_without_any_pair_is_a_page_too(report):
    printed = print_report(replace(report, fits=(Column("0.9 to 1.0", 0, low=False),), plots=()), **MADE)
    assert len(re.findall(rb"/Type /Page\b(?!s)", printed.content)) == 1
    assert printed.end < BOTTOM


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Åsas krets", "Åsas krets"),
        ("Зоя и Ελένη", "Зоя и Ελένη"),
        ("محمد", "lakeland"),
        ("山田", "lakeland"),
        ("Ward 👩", "lakeland"),
    ],
)
def test_a_name_that_no_font_can_draw_gives_way_to_the_address(report, name, drawn):
    printed = print_report(replace(report, programme=name), **MADE)
    assert printed.title == f"{drawn}, Spring 2027: All 62 mentees were offered a mentor"
    assert printed.replaced == (drawn != name)


def test_inks_are_the_light_colours_of_the_theme():
    theme = (ROOT / "webapp/static/theme.css").read_text(encoding="utf-8")
    for name, ink in INK.items():
        token = re.search(rf"--{TOKENS.get(name, name)}: #([0-9a-f]{{6}})", theme)[1]
        assert bytes(ink).hex() == token
