"""Plots in tiles: every person is counted, and large pools stay drawable."""

import pytest

from webapp.presenters.plots import TILES, plot_fits

NAMES = ("Coverage first", "Fair floor")


def test_each_mentee_is_one_tile_in_her_column():
    plot = plot_fits(NAMES, ([0.41, 0.55, 0.55, 1.0], [0.59, 0.6]))
    assert plot.each == 1
    assert [(column.name, column.first, column.second) for column in plot.columns] == [
        ("0.4 to 0.5", 1, 0),
        ("0.5 to 0.6", 2, 1),
        ("0.6 to 0.7", 0, 1),
        ("0.7 to 0.8", 0, 0),
        ("0.8 to 0.9", 0, 0),
        ("0.9 to 1.0", 1, 0),
    ]
    for drawing in (plot.wide, plot.narrow):
        assert len(drawing.squares) == 6
        assert [square.kind for square in drawing.squares].count("low") == 1
    assert "weakest 0.41" in [label.text for label in plot.wide.labels]
    assert "weakest 0.59" in [label.text for label in plot.wide.labels]


@pytest.mark.parametrize("n", [0, 1, 66, 67, 10_000])
def test_tiles_stay_inside_the_drawing_and_few(n):
    plot = plot_fits(NAMES, ([0.75] * n, [0.3] * n))
    assert sum(column.first for column in plot.columns) == n
    assert n <= plot.each * TILES
    for drawing in (plot.wide, plot.narrow):
        assert len(drawing.squares) <= 2 * TILES
        for square in drawing.squares:
            assert 0 <= square.x <= drawing.width - drawing.size
            assert 0 <= square.y <= drawing.height - drawing.size


def test_no_two_tiles_lie_on_each_other():
    plot = plot_fits(NAMES, ([0.75] * 40 + [0.85] * 9, [0.75] * 17))
    for drawing in (plot.wide, plot.narrow):
        assert len({(square.x, square.y) for square in drawing.squares}) == len(drawing.squares)


def test_a_long_name_is_broken_and_cut():
    plot = plot_fits(("A scenario with quite a long name that goes on and on", "B"), ([0.9], [0.9]))
    margin = [label.text for label in plot.wide.labels if label.x == 0]
    assert max(map(len, margin)) <= 13
    assert any(text.endswith("…") for text in margin)
