"""From the bytes of an uploaded file to a table of texts, whatever somebody sends.

What a file is, its first bytes say; its name is not believed. Nothing is written to disk, and the work is bounded
before it begins: bytes, rows, columns, and what a workbook unpacks to.
"""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from xml.etree.ElementTree import ParseError

from matcher.csv_stream import guess_delimiter
from matcher.tables import cell_text
from webapp.services.errors import InvalidInputError

MOST_BYTES = 8 * 1024 * 1024
MOST_UNPACKED = 48 * 1024 * 1024
MOST_PARTS = 500
MOST_TAGS = 100_000  # in a part of a workbook, but for its cells and texts
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 5_000

_LAST_ROW = 1_048_576  # of any spreadsheet
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?!\?xml[^>]*encoding=[\"'](?!utf-?8|us-ascii))", re.IGNORECASE)
# What a spreadsheet may hold many of, and how many: its cells, and the texts that they point to.
_CELLS = (
    b"</row>",
    b"<c ",
    b"<c>",
    b"</c>",
    b"<v>",
    b"</v>",
    b"<is>",
    b"</is>",
    b"<t>",
    b"<t ",
    b"</t>",
    b"<f>",
    b"</f>",
)
_TEXTS = (b"</si>", b"<t>", b"<t ", b"<t/", b"</t>", b"<r>", b"</r>", b"<rPr>", b"</rPr>")
_MANY = {b"<row": 200_000, b"<c": MOST_ROWS * MOST_COLUMNS, b"<si": 400_000}
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127))


@dataclass(frozen=True)
class Line:
    """One row with something in it, under its number in the file."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    lines: tuple[Line, ...]


def read_upload(data: bytes) -> Table:
    """Read a CSV file or a workbook.

    Raises
    ------
    InvalidInputError
        The file cannot be taken; `file` says why: large, empty, old, kind, broken, unpacked, encoding, quote, rows,
        columns, cell, formula, header, people.

    """
    if len(data) > MOST_BYTES:
        raise _refused("large")
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise _refused("empty")
    if data.startswith(_OLE):
        raise _refused("old")
    rows = _workbook_rows(data) if data.startswith(_ZIP) else _text_rows(_decoded(data))
    lines = [Line(number, cells) for number, cells in _bounded(rows) if any(cells)]
    if not lines:
        raise _refused("empty")
    header, *people = lines
    if not people:
        raise _refused("people")
    width = max((i + 1 for line in lines for i, cell in enumerate(line.cells) if cell), default=0)
    names = _padded(header.cells, width)
    if len({name.casefold() for name in names if name}) < sum(bool(name) for name in names):
        raise _refused("header")
    return Table(names, tuple(Line(line.number, _padded(line.cells, width)) for line in people))


def _refused(why: str) -> InvalidInputError:
    return InvalidInputError({"file": why})


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return cells[:width] + ("",) * (width - len(cells))


def _bounded(rows: Iterable[Iterable[object]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Give each row its number and plain texts, and stop at what is too much."""
    for number, row in enumerate(rows, start=1):
        cells = tuple(_plain(value) for value in row)
        if number > MOST_ROWS + 1 and any(cells):
            raise _refused("rows")
        if any(cells[MOST_COLUMNS:]):
            raise _refused("columns")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise _refused("cell")
        yield number, cells[:MOST_COLUMNS]


def _plain(value: object) -> str:
    """Return the text of a cell; characters that no text needs, and that a database may refuse, are left out."""
    text = cell_text(value)
    return text if text.isprintable() else text.translate(_CONTROL).strip()


def _decoded(data: bytes) -> str:
    """Return the text of a CSV file: UTF-8, with or without its mark, UTF-16 with it, or else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data[:4096]:
        raise _refused("kind")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("encoding")


def _text_rows(text: str) -> Iterator[list[str]]:
    if text.lstrip()[:1] in {"<", "{"} or text.startswith("%PDF"):
        raise _refused("kind")
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=guess_delimiter(first), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise _refused("quote") from error


def _workbook_rows(data: bytes) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a workbook's first sheet, as values; a formula counts by the value stored with it."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        has_formulas = _checked(data)
        values = _sheet(data, values=True)
        if not has_formulas:
            yield from values
            return
        for row, written in zip(values, _sheet(data, values=False), strict=True):
            if any(value is None and formula is not None for value, formula in zip_longest(row, written)):
                raise _refused("formula")
            yield row
    except (zipfile.BadZipFile, zlib.error, RuntimeError, InvalidFileException, ParseError) as error:
        raise _refused("broken") from error
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError, EOFError) as error:
        # What openpyxl meets in a workbook that is none: it has no error of its own for most of it.
        raise _refused("broken") from error


def _checked(data: bytes) -> bool:
    """Refuse what would unpack or grow to too much, before any of it does; return whether a sheet has formulas.

    The sizes stand in the archive's directory, and `zipfile` reads no part further than its size says.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _refused("unpacked")
        if "xl/workbook.xml" not in archive.namelist():
            raise _refused("kind")
        read = [part.filename for part in parts if part.filename.endswith((".xml", ".rels"))]
        formulas = [name for name in read if _has_formulas(name, archive.read(name))]
    return bool(formulas)


def _has_formulas(name: str, xml: bytes) -> bool:
    """Refuse a part that a parser would turn into far more than it is; openpyxl makes an object of each tag."""
    if not _XML.match(xml) or b"<!DOCTYPE" in xml:
        raise _refused("broken")
    is_sheet = name.startswith("xl/worksheets/")
    usual = _CELLS if is_sheet else _TEXTS if name == "xl/sharedStrings.xml" else ()
    many = {tag: xml.count(tag) for tag in _MANY}
    counted = many[b"<row"] if is_sheet else many[b"<si"] if usual else 0
    tags = xml.count(b"<") - sum(xml.count(tag) for tag in usual) - counted
    if tags > MOST_TAGS or any(number > _MANY[tag] for tag, number in many.items()):
        raise _refused("unpacked")
    return is_sheet and _FORMULA.search(xml) is not None


def _sheet(data: bytes, *, values: bool) -> Iterator[tuple[object, ...]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of a workbook that do not concern its cells
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size may be anything
            for row in sheet.iter_rows(max_row=_LAST_ROW, max_col=MOST_COLUMNS + 1, values_only=True):
                yield () if row.count(None) == len(row) else row
        finally:
            book.close()
