"""Own weights in files: a table or an array of weights, and capacities."""

import difflib
import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from matcher.tables import Fault, Row, TableError, column_letter, read_table

__all__ = ["WeightTable", "read_capacity", "read_weights"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+", re.ASCII)
CELLS_OF_A_MARK = 20


@dataclass(frozen=True)
class WeightTable:
    """
    Weights with names.

    Attributes
    ----------
    mentors, mentees : tuple of str
    weights : ndarray of float64, shape (n_mentors, n_mentees)
        NaN is not acceptable.
    """

    mentors: tuple[str, ...]
    mentees: tuple[str, ...]
    weights: NDArray[np.float64]


def read_weights(path: Path, *, blank: str | None = None, clip: bool = False) -> WeightTable:
    """
    Read weights from CSV, XLSX (first row mentees, first column mentors) or NPY (axis 0 mentors).

    Parameters
    ----------
    path : Path
    blank : str, optional
        A text or number that means "not acceptable", as an empty cell does.
    clip : bool
        Whether to move what lies outside [0, 1] to its nearer end.

    Raises
    ------
    TableError
        With every fault.
    """
    if path.suffix.lower() == ".npy":
        return _read_array(path, blank, clip=clip)
    header, *rows = read_table(path)
    faults = _name_faults(path.name, header, rows)
    width = len(header.cells)
    weights = np.full((len(rows), max(width - 1, 0)), np.nan)
    for line, row in enumerate(rows):
        if len(row.cells) != width:
            message = f"has {len(row.cells)} cells where the first row has {width}"
            faults.append(Fault(path.name, row.number, None, f"{message}: one cell for each mentee, empty or not"))
            continue
        for position, text in enumerate(row.cells[1:], start=1):
            if text and not _is_blank(text, blank):
                value = _read_number(text, clip=clip)
                if isinstance(value, str):
                    faults.append(Fault(path.name, row.number, column_letter(position), value))
                else:
                    weights[line, position - 1] = value
    if faults:
        raise TableError(faults)
    return WeightTable(tuple(row.cells[0] for row in rows), header.cells[1:], weights)


def read_capacity(text: str, names: Sequence[str], what: str) -> NDArray[np.int64]:
    """
    Read capacities: one number for all, or a file of two columns, name and capacity.

    Raises
    ------
    TableError
        With every fault.
    """
    if re.fullmatch(r"[+-]?\d{1,9}", text, re.ASCII):
        if int(text) < 0:
            raise TableError([Fault(what, None, None, f"must be at least 0, not {text}")])
        return np.full(len(names), int(text), dtype=np.int64)
    path = Path(text)
    if not path.suffix:
        raise TableError([Fault(what, None, None, f"{text!r} is neither a whole number nor a .csv or .xlsx file")])
    rows = read_table(path)
    if len(rows[0].cells) > 1 and not re.search(r"\d", rows[0].cells[1]):
        rows = rows[1:]  # a header
    found: dict[str, int] = {}
    faults: list[Fault] = []
    for row in rows:
        fault = _capacity_fault(row, names, found)
        if fault is None:
            found[row.cells[0]] = int(row.cells[1])
        else:
            faults.append(Fault(path.name, row.number, *fault))
    named = {row.cells[0] for row in rows}
    faults += [Fault(path.name, None, None, f"no capacity for {name}") for name in names if name not in named]
    if faults:
        raise TableError(faults)
    return np.array([found[name] for name in names], dtype=np.int64)


def _capacity_fault(row: Row, names: Sequence[str], found: dict[str, int]) -> tuple[str | None, str] | None:
    if len(row.cells) != 2:
        return None, f"has {len(row.cells)} cells: write a name and a capacity"
    name, number = row.cells
    if name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        return "A", f"{name!r} is not in the weights" + (f"; did you mean {close[0]}?" if close else "")
    if name in found:
        return "A", f"{name!r} has a capacity already: keep one row"
    if not re.fullmatch(r"\d{1,9}", number, re.ASCII):
        return "B", f"{number!r} is not a whole number of at least 0"
    return None


def _name_faults(file: str, header: Row, rows: Sequence[Row]) -> list[Fault]:
    faults: list[Fault] = []
    if len(header.cells) < 2:
        faults.append(Fault(file, header.number, None, "the first row names no mentee: write one from column B on"))
    if not rows:
        faults.append(Fault(file, None, None, "there is no row of a mentor under the first row"))
    mentees = [(header.number, column_letter(place), name) for place, name in enumerate(header.cells) if place]
    mentors = [(row.number, "A", row.cells[0] if row.cells else "") for row in rows]
    for what, named in (("mentee", mentees), ("mentor", mentors)):
        counts = Counter(name for _, _, name in named)
        for number, letter, name in named:
            if not name:
                faults.append(Fault(file, number, letter, f"the name of the {what} is missing"))
            elif counts[name] > 1:
                faults.append(Fault(file, number, letter, f"the {what} {name!r} is named {counts[name]} times"))
    return faults


def _is_blank(text: str, blank: str | None) -> bool:
    if blank is None:
        return False
    numbers = _NUMBER.fullmatch(text), _NUMBER.fullmatch(blank)
    return text == blank or (all(numbers) and float(text) == float(blank))


def _read_number(text: str, *, clip: bool) -> float | str:
    """Read a weight, or say what is wrong with it."""
    if _DECIMAL_COMMA.fullmatch(text):
        return f"{text!r} has a decimal comma: write {text.replace(',', '.')}"
    if not _NUMBER.fullmatch(text):
        return f"{text!r} is not a number: write one from 0 to 1, or leave the cell empty for “not acceptable”"
    value = float(text)
    if 0 <= value <= 1:
        return value
    return min(max(value, 0.0), 1.0) if clip and np.isfinite(value) else _outside(text)


def _outside(text: str) -> str:
    message = f"{text} is outside 0 to 1: write a number from 0 to 1, or let --clip move it to the nearer end"
    return f"{message}, or let --blank {text} make it “not acceptable”" if text.startswith("-") else message


def _read_array(path: Path, blank: str | None, *, clip: bool) -> WeightTable:
    table = _load_array(path)
    weights = table.astype(np.float64)
    if blank is not None:
        if not _NUMBER.fullmatch(blank):
            raise TableError([Fault("--blank", None, None, f"{blank!r} is not a number, so no array can hold it")])
        weights[weights == float(blank)] = np.nan
    if clip:
        weights = np.where(np.isinf(weights), weights, np.clip(weights, 0.0, 1.0))
    outside = ~np.isnan(weights) & ~((weights >= 0) & (weights <= 1))
    if outside.any():
        raise TableError(_array_faults(path.name, weights, outside))
    names = tuple(tuple(str(number) for number in range(length)) for length in weights.shape)
    return WeightTable(names[0], names[1], weights)


def _array_faults(file: str, weights: NDArray[np.float64], outside: NDArray[np.bool_]) -> list[Fault]:
    """List each value that many cells hold once, with their number; then what else is below 0, and above 1."""
    values, counts = np.unique(weights[outside], return_counts=True)
    often = values[counts >= CELLS_OF_A_MARK]
    groups = [weights == value for value in often]
    rest = outside & ~np.isin(weights, often)
    groups += [rest & (weights < 0), rest & (weights > 1)]
    faults: list[Fault] = []
    for group in groups:
        places = np.argwhere(group)
        if len(places):
            row, column = (int(number) for number in places[0])
            cells = "1 cell" if len(places) == 1 else f"{len(places)} cells"
            message = _outside(repr(float(weights[row, column])).removesuffix(".0"))
            faults.append(Fault(file, row, str(column), f"{message} ({cells} like it)"))
    return faults


def _load_array(path: Path) -> NDArray[np.float64]:
    def refuse(message: str) -> TableError:
        return TableError([Fault(path.name, None, None, message)])

    try:
        table = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror or error}") from error
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        raise refuse("is not an array of numbers that can be read: save it with numpy.save") from error
    if not isinstance(table, np.ndarray) or table.ndim != 2 or table.dtype.kind not in "fiub":
        raise refuse("must hold one array of numbers with two axes: mentors, then mentees")
    if 0 in table.shape:
        raise refuse(f"has shape {table.shape}: there must be at least one mentor and one mentee")
    return table
