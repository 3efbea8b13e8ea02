"""A mentor's ledger summed by month: what it books, what was spent, what came back."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from webapp.services.my_time import GivenTime, Line


@dataclass(frozen=True)
class MonthSum:
    """Minutes of one month; `given` is what counted at its end, `booked` what pairs hold, `new` what open offers hold.

    `spent` really took place, `left` of the pairs' minutes are not spent yet, and `over` is by how much all of it goes
    past what is given.
    """

    given: int
    booked: int
    new: int
    spent: int
    returned: int
    left: int

    @property
    def over(self) -> int:
        return max(0, self.left + self.new + self.spent - self.given)

    @property
    def free(self) -> int:
        return max(0, self.given - self.left - self.new - self.spent)


def sum_month(given: GivenTime, month: date) -> MonthSum:
    """Sum the lines of a ledger for the month that begins on this day."""
    running = [line for line in given.lines if counts_in(line, month, given.ends_on)]
    spent = [line for line in given.lines if line.kind == "spent" and line.month == month]
    of_pair: Counter[uuid.UUID | None] = Counter()
    for line in spent:
        of_pair[line.offer_id] += line.minutes
    pairs = [line for line in running if line.offer_state != "open"]
    # A first call stands beside what an offer holds; what a pair meets comes out of what is booked for it.
    left = sum(max(0, line.minutes - of_pair[line.offer_id]) for line in pairs)
    return MonthSum(
        given=given.given_in(month),
        booked=booked_by(given.lines, month) if month <= given.ends_on else 0,
        new=sum(line.minutes for line in running if line.offer_state == "open"),
        spent=sum(line.minutes for line in spent),
        returned=sum(line.minutes for line in given.lines if line.kind == "returned" and line.month == month),
        left=left,
    )


def counts_in(line: Line, month: date, ends_on: date) -> bool:
    """Whether this line books minutes of that month: a pair takes them each month until the programme ends."""
    return line.kind == "reserved" and line.holds and line.month <= month <= (line.until or ends_on)


def booked_by(lines: Iterable[Line], month: date) -> int:
    """Return what was reserved and not returned by the end of a month, from the ledger alone.

    What a talk took, it took up to the month in which it was; the line that returns it comes later.
    """
    sign = {"reserved": 1, "returned": -1}
    counted = [line for line in lines if line.month <= month and (line.until is None or month <= line.until)]
    return sum(sign.get(line.kind, 0) * line.minutes for line in counted)


def month_after(day: date, months: int) -> date:
    """Return the first day of the month so many months after that of a day; before it, for a negative number."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
