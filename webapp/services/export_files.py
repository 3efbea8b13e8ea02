"""Rows as the content of a file, one at a time: CSV, XLSX or JSON.

A name that a spreadsheet would run as a formula is made harmless in CSV and XLSX; JSON is read by programs, which
get every text as it is.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from matcher.tables import harmless

Rows = Iterable[Sequence[Any]]
LONGEST_CELL = 32_767  # letters; a spreadsheet refuses more


def write_csv(out: IO[bytes], columns: Sequence[str], rows: Rows, about: Mapping[str, str]) -> int:
    """Write UTF-8 with a byte order mark, without which Excel takes names for another encoding."""
    del about
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        writer.writerow([harmless(_cell(value)) for value in row])
    text.flush()
    text.detach()
    return number


def write_xlsx(out: IO[bytes], columns: Sequence[str], rows: Rows, about: Mapping[str, str]) -> int:
    """Write one sheet whose first row stays in sight; a text is a text whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(about["what"])
    sheet.freeze_panes = "A2"
    sheet.append(columns)
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        sheet.append([_typed(sheet, _cell(value)) for value in row])
    book.save(out)
    return number


def write_json(out: IO[bytes], columns: Sequence[str], rows: Rows, about: Mapping[str, str]) -> int:
    """Write what it is, its columns, and the rows as objects."""
    head = json.dumps({**about, "columns": list(columns)}, ensure_ascii=False)
    out.write(f'{head[:-1]}, "rows": ['.encode())
    number = 0
    for number, row in enumerate(rows, 1):
        line = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)
        out.write((",\n" if number > 1 else "\n").encode() + line.encode())
    out.write(b"\n]}\n")
    return number


WRITERS: Mapping[str, Callable[[IO[bytes], Sequence[str], Rows, Mapping[str, str]], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
}


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(str(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value if isinstance(value, int | float) else str(value)


def _typed(sheet: Any, value: str | float) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL])
    cell.data_type = "s"  # never a formula
    return cell
