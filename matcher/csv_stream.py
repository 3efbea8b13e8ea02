"""Reading CSV line by line, so that memory holds the cells of a file and never the file beside them."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from sys import intern

from matcher.faults import Fault, TableError, column_letter

__all__ = ["MOST_FAULTS", "MOST_ROWS", "guess_delimiter", "read_csv_rows"]

MOST_ROWS = 1_000_000
"""Rows of the largest table that is read."""

MOST_FAULTS = 1_000
"""Lines that are told apart; in a file of another encoding nearly all are at fault."""

ENCODING_ADVICE = "save the file as “CSV UTF-8”"
_UNDECODED = re.compile("[\udc80-\udcff]")


def read_csv_rows(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """
    Yield the number and the stripped cells of each row.

    Raises
    ------
    TableError
        With every line that is not UTF-8, or where the table breaks off. Rows before it have been yielded.
    OSError
        If the file cannot be read.
    """
    file, number = path.name, 0
    lines = _Lines(path)
    with path.open("rb") as head:
        _refuse_other_kinds(file, head.read(4096))
    reader = csv.reader(lines, delimiter=lines.delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS:
                message = f"has more than {MOST_ROWS:,} rows: split it into several files"
                raise TableError([*lines.faults, Fault(file, number, None, message)])
            # Zones, topics and empty cells come again and again: each text is kept once.
            yield number, tuple(intern(cell.strip()) for cell in cells)
    except csv.Error as error:
        if not lines.faults:
            message = f"cannot be read as CSV from here on ({error}): look for a quotation mark that is not closed"
            raise TableError([Fault(file, number + 1, None, message)]) from error
    if lines.faults:
        raise TableError(lines.faults)


class _Lines:
    """The lines of a file as text; what is not UTF-8 becomes a fault, and reading goes on."""

    def __init__(self, path: Path) -> None:
        self.faults: list[Fault] = []
        self._path = path
        self.delimiter = guess_delimiter(next((line for line in self._text() if line.strip("\r\n")), ""))

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._text(), start=1):
            if "\0" in line:
                raise TableError([Fault(self._path.name, None, None, _not_utf8())])
            if not line.isascii() and (found := _UNDECODED.search(line)) is not None:
                self.faults.append(self._fault(number, line, found.start()))
                if len(self.faults) == MOST_FAULTS:
                    return
            yield line

    def _text(self) -> Iterator[str]:
        with self._path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            yield from text

    def _fault(self, number: int, line: str, position: int) -> Fault:
        byte = line[position].encode("utf-8", "surrogateescape")
        seen = byte.decode("cp1252", errors="replace")
        message = f"byte 0x{byte.hex().upper()} is not UTF-8 ({seen} in Windows-1252): {ENCODING_ADVICE}"
        return Fault(self._path.name, number, column_letter(line[:position].count(self.delimiter)), message)


def _refuse_other_kinds(file: str, head: bytes) -> None:
    if head.startswith(b"PK\x03\x04"):
        raise TableError([Fault(file, None, None, "is a workbook: let its name end in .xlsx")])
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head:
        raise TableError([Fault(file, None, None, _not_utf8())])


def _not_utf8() -> str:
    return f"is not UTF-8 text (perhaps UTF-16): {ENCODING_ADVICE}"


def guess_delimiter(line: str) -> str:
    """Take the separator the first line uses most: comma, semicolon or tab."""
    return max(",;\t", key=re.sub(r'"[^"]*"', "", line).count)
