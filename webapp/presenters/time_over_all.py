"""A person's time over all programmes in figures, and who waits when she is about to pause."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _

from webapp.presenters.time import total_of
from webapp.services.my_time import GivenTime
from webapp.services.pausing import WaitingMentee
from webapp.services.time_months import month_after, sum_month


@dataclass(frozen=True)
class FigureRow:
    """One month over all programmes, in figures."""

    month: str
    given: int
    reserved: int
    spent: int
    returned: int


@dataclass(frozen=True)
class OverAll:
    programmes: int
    given: int
    reserved: int
    spent: int
    returned: int
    cap: int | None
    note: str
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True)
class Waiting:
    """A mentee whose offer a pause would take back."""

    offer_id: uuid.UUID
    name: str
    minutes: int
    day: str


def present_over_all(givens: Sequence[GivenTime], cap: int | None, *, now: datetime, zone: str) -> OverAll:
    """Sum what somebody gives over all programmes, month by month."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first = min([today, *(line.month for given in givens for line in given.lines)])
    months = [month_after(today, n) for n in range(-2, 3) if month_after(today, n) >= first.replace(day=1)]
    rows = [_figures(givens, month) for month in months]
    reserved = sum(given.reserved_minutes for given in givens)
    given_now = sum(given.minutes for given in givens)
    return OverAll(
        programmes=len(givens),
        given=given_now,
        reserved=reserved,
        spent=sum(total_of(given, "spent") for given in givens),
        returned=sum(total_of(given, "returned") for given in givens),
        cap=cap,
        note=_cap_note(cap, reserved, given_now),
        rows=tuple(rows),
    )


def _figures(givens: Sequence[GivenTime], month: date) -> FigureRow:
    sums = [sum_month(given, month) for given in givens]
    return FigureRow(
        month=str(format_date(month, "MMMM y")),
        given=sum(each.given for each in sums),
        reserved=sum(each.booked for each in sums),
        spent=sum(each.spent for each in sums),
        returned=sum(each.returned for each in sums),
    )


def _cap_note(cap: int | None, reserved: int, given: int) -> str:
    if cap is None:
        return _("No cap: each programme may book what you give there.")
    if reserved > cap:
        over = reserved - cap
        return _("%(n)d minutes more are booked than this. Your pairs stay; nothing new is added.", n=over)
    if cap < given:
        return _("At most %(n)d minutes a month, whatever you give in each.", n=cap)
    return _("It is no less than what you give in all of them together.")


def present_waiting(offers: Sequence[WaitingMentee]) -> list[Waiting]:
    return [
        Waiting(offer.offer_id, offer.name, offer.minutes, str(format_date(offer.begins_on, "EEEE d MMMM")))
        for offer in offers
    ]
