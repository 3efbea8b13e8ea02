"""What is wrong in a file, with its place."""

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.errors import MatcherError

__all__ = ["Fault", "TableError", "column_letter"]


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
