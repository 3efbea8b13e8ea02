"""Tables in files: CSV and XLSX in, every fault with its row and column; CSV and XLSX out, all files or none."""

import csv
import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from zipfile import BadZipFile

from matcher.csv_stream import read_csv_rows
from matcher.faults import Fault, TableError, column_letter

__all__ = ["Fault", "Row", "TableError", "cell_text", "column_letter", "read_table", "table_bytes"]

_SMALL = 4096  # a file of blanks alone is hardly larger


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, stripped, and its number in the file."""

    number: int
    cells: tuple[str, ...]


def read_table(path: Path) -> list[Row]:
    """
    Read the rows of a CSV or XLSX file that hold anything.

    Raises
    ------
    TableError
        If the file cannot be read as a table.
    """
    file = path.name
    ending = path.suffix.lower()
    try:
        if not path.stat().st_size or (path.stat().st_size < _SMALL and not path.read_bytes().strip()):
            raise TableError([Fault(file, None, None, "the file is empty")])
        if ending == ".csv":
            rows = _without_empty_columns([Row(number, cells) for number, cells in read_csv_rows(path) if any(cells)])
        elif ending == ".xlsx":
            rows = [row for row in _read_xlsx(file, path.read_bytes()) if any(row.cells)]
        else:
            raise TableError([Fault(file, None, None, "the name must end in .csv or .xlsx")])
    except OSError as error:
        raise TableError([Fault(file, None, None, f"cannot be read: {error.strerror or error}")]) from error
    if not rows:
        raise TableError([Fault(file, None, None, "no cell of the table holds anything")])
    return rows


def _without_empty_columns(rows: list[Row]) -> list[Row]:
    """Drop the columns at the right in which every row is empty, as spreadsheets leave them."""
    used = max((position + 1 for row in rows for position, cell in enumerate(row.cells) if cell), default=0)
    return [row if len(row.cells) <= used else Row(row.number, row.cells[:used]) for row in rows]


def _read_xlsx(file: str, data: bytes) -> list[Row]:
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        values = _sheet(data, values=True)
        formulas = _sheet(data, values=False)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, OSError, EOFError) as error:
        raise TableError(
            [Fault(file, None, None, "is not a workbook that can be read: save it as .xlsx again")]
        ) from error
    faults: list[Fault] = []
    rows: list[Row] = []
    for number, (cells, written) in enumerate(zip(values, formulas, strict=True), start=1):
        for position, (value, formula) in enumerate(zip(cells, written, strict=True)):
            if value is None and formula is not None:
                message = "the formula has no stored value: write the value itself"
                faults.append(Fault(file, number, column_letter(position), message))
        rows.append(Row(number, tuple(cell_text(value) for value in cells)))
    if faults:
        raise TableError(faults)
    width = max((len(row.cells) for row in rows), default=0)
    padded = [Row(row.number, row.cells + ("",) * (width - len(row.cells))) for row in rows]
    return _without_empty_columns(padded)


def _sheet(data: bytes, *, values: bool) -> list[tuple[object, ...]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of a workbook that do not concern its cells
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=values)
        try:
            return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        finally:
            book.close()


def cell_text(value: object) -> str:
    """Write the value of a spreadsheet's cell as a CSV file would hold it, without blanks around it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def table_bytes(ending: str, rows: Sequence[Sequence[object]]) -> bytes:
    """
    Write rows as the content of a `.csv` or `.xlsx` file.

    Notes
    -----
    In a CSV file a text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    return _xlsx_bytes(rows) if ending.lower() == ".xlsx" else _csv_bytes(rows)


def _csv_bytes(rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _xlsx_bytes(rows: Sequence[Sequence[object]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for row in rows:
        line = []
        for value in row:
            clean = value if isinstance(value, int | float) else ILLEGAL_CHARACTERS_RE.sub("", str(value))
            cell = WriteOnlyCell(sheet, value=clean)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula
            line.append(cell)
        sheet.append(line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
