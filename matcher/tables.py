"""Tables in files: CSV and XLSX in, every fault with its row and column; CSV and XLSX out, all files or none."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from zipfile import BadZipFile

from matcher.errors import MatcherError

__all__ = ["Fault", "Row", "TableError", "column_letter", "read_table", "table_bytes"]

ENCODING_ADVICE = "save the file as “CSV UTF-8”"


@dataclass(frozen=True, slots=True)
class Fault:
    """
    Something wrong in a file, and what to write instead.

    Attributes
    ----------
    file : str
    row : int or None
        As a spreadsheet numbers it: the first row is 1.
    column : str or None
        As a spreadsheet letters it.
    message : str
    """

    file: str
    row: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        """Write the place, then the message."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {self.column}")
        return f"{', '.join(place)}: {self.message}"


class TableError(MatcherError, ValueError):
    """Files cannot be used as they are; `faults` lists everything found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, stripped, and its number in the file."""

    number: int
    cells: tuple[str, ...]


def column_letter(position: int) -> str:
    """
    Letter a column as a spreadsheet does; the first is 0.

    Examples
    --------
    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_table(path: Path) -> list[Row]:
    """
    Read the rows of a CSV or XLSX file that hold anything.

    Raises
    ------
    TableError
        If the file cannot be read as a table.
    """
    file = path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableError([Fault(file, None, None, f"cannot be read: {error.strerror or error}")]) from error
    if not data.strip():
        raise TableError([Fault(file, None, None, "the file is empty")])
    ending = path.suffix.lower()
    if ending == ".csv":
        rows = _read_csv(file, data)
    elif ending == ".xlsx":
        rows = _read_xlsx(file, data)
    else:
        raise TableError([Fault(file, None, None, "the name must end in .csv or .xlsx")])
    rows = [row for row in rows if any(row.cells)]
    if not rows:
        raise TableError([Fault(file, None, None, "no cell of the table holds anything")])
    return rows


def _read_csv(file: str, data: bytes) -> list[Row]:
    text = _decode(file, data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(reader, start=1):
            rows.append(Row(number, tuple(cell.strip() for cell in cells)))
    except csv.Error as error:
        message = f"cannot be read as CSV from here on ({error}): look for a quotation mark that is not closed"
        raise TableError([Fault(file, len(rows) + 1, None, message)]) from error
    return _without_empty_columns(rows)


def _decode(file: str, data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        raise TableError([Fault(file, None, None, "is a workbook: let its name end in .xlsx")])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise TableError([Fault(file, None, None, f"is not UTF-8 text (perhaps UTF-16): {ENCODING_ADVICE}")])
    faults: list[Fault] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = line[error.start : error.start + 1]
            seen = byte.decode("cp1252", errors="replace")
            message = f"byte 0x{byte.hex().upper()} is not UTF-8 ({seen} in Windows-1252): {ENCODING_ADVICE}"
            column = line[: error.start].count(_delimiter(data[:4096].decode("cp1252", "replace")).encode())
            faults.append(Fault(file, number, column_letter(column), message))
    if faults:
        raise TableError(faults)
    return data.decode("utf-8-sig")


def _delimiter(text: str) -> str:
    """Take the separator the first line uses most: comma, semicolon or tab."""
    first = re.sub(r'"[^"]*"', "", text.lstrip("\ufeff\r\n").split("\n", 1)[0])
    return max(",;\t", key=first.count)


def _without_empty_columns(rows: list[Row]) -> list[Row]:
    """Drop the columns at the right in which every row is empty, as spreadsheets leave them."""
    used = max((position + 1 for row in rows for position, cell in enumerate(row.cells) if cell), default=0)
    return [Row(row.number, row.cells[:used]) for row in rows]


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
        rows.append(Row(number, tuple(_cell_text(value) for value in cells)))
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


def _cell_text(value: object) -> str:
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
    csv.writer(text, lineterminator="\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def _harmless(cell: object) -> object:
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
