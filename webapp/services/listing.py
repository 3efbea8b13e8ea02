"""One page of a long list, found together with how long the list is."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session


class Numbered:
    """A page of a list that says which rows it shows, counted from 1."""

    number: int
    total: int
    per_page: ClassVar[int]

    @property
    def first(self) -> int:
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.per_page, self.total)


@dataclass(frozen=True)
class Listed:
    """The ids on a page in their order, the page's number, how many pages there are, and how many ids.

    Where the query has several columns, an id is what they say together.
    """

    ids: tuple[Any, ...]
    number: int
    pages: int
    total: int


def find_listed(
    session: Session, found: Select[Any], number: int, size: int, total: Select[Any] | None = None
) -> Listed:
    """Return one page of ids in the order of the query; a number past the end means the last page.

    The conditions are looked at once, for the page and for the count. `total` counts by itself where an index knows
    the number, and the whole list need not be read for it.
    """
    count = func.count().over() if total is None else total.scalar_subquery()
    counted = found.add_columns(count)
    rows = session.execute(counted.limit(size).offset((number - 1) * size)).all()
    if not rows and number > 1:
        everything = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
        number = max(1, -(-everything // size))
        rows = session.execute(counted.limit(size).offset((number - 1) * size)).all()
    all_of_them = int(rows[0][-1]) if rows else 0
    ids = tuple(row[0] if len(row) == 2 else tuple(row[:-1]) for row in rows)
    return Listed(ids, number, max(1, -(-all_of_them // size)), all_of_them)
