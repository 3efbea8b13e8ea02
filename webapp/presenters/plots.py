"""Plots in tiles, as the squares, lines and words that a template draws; every plot stands as a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from flask_babel import gettext as _

TILES = 66  # of one column at most; beyond it one tile stands for more people
THIN = 0.5
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)


@dataclass(frozen=True)
class Square:
    kind: str  # a, b or low
    x: float
    y: float


@dataclass(frozen=True)
class Label:
    text: str
    x: float
    y: float
    anchor: str = "middle"
    kind: str = ""


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    size: float
    squares: tuple[Square, ...]
    labels: tuple[Label, ...]
    lines: tuple[tuple[float, float, float], ...] = ()  # from x, to x, at y


@dataclass(frozen=True)
class Column:
    """One class of fits, and how many mentees are in it in either scenario."""

    name: str
    least: float
    first: int
    second: int


@dataclass(frozen=True)
class FitPlot:
    """Both scenarios' best fits; `each` is how many mentees one tile stands for."""

    each: int
    columns: tuple[Column, ...]
    wide: Drawing
    narrow: Drawing


def plot_fits(names: tuple[str, str], fits: tuple[Sequence[float], Sequence[float]]) -> FitPlot:
    """Draw how well each mentee's best mentor fits her, the first scenario up and the second down."""
    columns = _columns(fits)
    most = max((max(column.first, column.second) for column in columns), default=0)
    each = next((step for step in _STEPS if most <= step * TILES), _STEPS[-1])
    weakest = (min(fits[0], default=None), min(fits[1], default=None))
    return FitPlot(each, columns, _wide(names, columns, each, weakest), _narrow(names, columns, each))


def _columns(fits: tuple[Sequence[float], Sequence[float]]) -> tuple[Column, ...]:
    """Return the tenths from the lowest that has anybody in it; at least five, so that the axis keeps its sense."""
    counts = [[0] * 10, [0] * 10]
    for count, some in zip(counts, fits, strict=True):
        for fit in some:
            count[min(9, max(0, int(fit * 10 + 1e-9)))] += 1
    first = min(next((tenth for tenth in range(10) if counts[0][tenth] or counts[1][tenth]), 5), 5)
    return tuple(
        Column(
            _("%(least)s to %(most)s", least=f"{tenth / 10:.1f}", most=f"{(tenth + 1) / 10:.1f}"),
            tenth / 10,
            counts[0][tenth],
            counts[1][tenth],
        )
        for tenth in range(first, 10)
    )


def _wide(
    names: tuple[str, str], columns: Sequence[Column], each: int, weakest: tuple[float | None, float | None]
) -> Drawing:
    """Draw columns upwards and downwards from one axis."""
    left, pitch, size, width = 104.0, 15.0, 13.0, 830.0
    step = (width - left) / len(columns)
    across = max(2, int((step - 12) // pitch))
    rows = [max((-(-_tiles(n, each) // across) for n in side), default=0) for side in _sides(columns)]
    axis = rows[0] * pitch + 44  # room for the number over the highest, and "weakest" over that
    under = axis + 24
    squares: list[Square] = []
    labels = [Label(line, 0, axis - 10 - 16 * i, "start", "hd") for i, line in enumerate(reversed(_lines(names[0])))]
    labels += [Label(line, 0, under + 18 + 16 * i, "start", "hd") for i, line in enumerate(_lines(names[1]))]
    lowest = [next((c.least for c, n in zip(columns, side, strict=True) if n), None) for side in _sides(columns)]
    for number, column in enumerate(columns):
        middle = left + step * (number + 0.5)
        start = middle - (across * pitch - 2) / 2
        labels.append(Label(column.name, middle, axis + 17))
        for side, count, kind in ((0, column.first, "a"), (1, column.second, "b")):
            if not count:
                continue
            tiles = _tiles(count, each)
            for tile in range(tiles):
                row = tile // across
                y = axis - 4 - size - row * pitch if side == 0 else under + 4 + row * pitch
                squares.append(Square("low" if column.least < THIN else kind, start + tile % across * pitch, y))
            high = -(-tiles // across) * pitch
            y = axis - 4 - high - 6 if side == 0 else under + 4 + high + 14
            labels.append(Label(f"{count:,}", middle, y, kind="hd"))
            if column.least == lowest[side] and weakest[side] is not None:
                said = _("weakest %(fit)s", fit=f"{weakest[side]:.2f}")
                labels.append(Label(said, middle, y - 17 if side == 0 else y + 17))
    height = under + rows[1] * pitch + 44
    return Drawing(width, height, size, tuple(squares), tuple(labels), ((left, width, axis), (left, width, under)))


def _narrow(names: tuple[str, str], columns: Sequence[Column], each: int) -> Drawing:
    """Draw rows to the left and to the right of one axis, for a phone."""
    pitch, size, width, across = 9.5, 8.0, 360.0, 12
    y = 34.0
    squares: list[Square] = []
    labels = [
        Label(_lines(names[0], 22)[0], 0, 14, "start", "hd"),
        Label(_lines(names[1], 22)[0], width, 14, "end", "hd"),
    ]
    for column in columns:
        rows = max(1, *(-(-_tiles(n, each) // across) for n in (column.first, column.second)))
        middle = y + rows * pitch / 2 + 3
        labels.append(Label(f"{column.least:.1f}", width / 2, middle))
        for side, count, kind in ((0, column.first, "a"), (1, column.second, "b")):
            if count:
                at = (0.0, "start") if side == 0 else (width, "end")
                labels.append(Label(f"{count:,}", at[0], middle, at[1], "hd"))
            for tile in range(_tiles(count, each)):
                along = tile % across * pitch
                x = width / 2 - 19.5 - size - along if side == 0 else width / 2 + 19.5 + along
                kind_here = "low" if column.least < THIN else kind
                squares.append(Square(kind_here, x, y + tile // across * pitch))
        y += rows * pitch + 16
    return Drawing(width, y, size, tuple(squares), tuple(labels))


def _sides(columns: Sequence[Column]) -> tuple[list[int], list[int]]:
    return [column.first for column in columns], [column.second for column in columns]


def _tiles(count: int, each: int) -> int:
    return -(-count // each)


def _lines(name: str, width: int = 13) -> list[str]:
    """Break a scenario's name for the margin."""
    return wrap(name, width, max_lines=3 if width < 20 else 1, placeholder="…") or [""]
