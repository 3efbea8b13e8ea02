"""When an entry of a calendar comes again: asked day by day, so that no rule can take longer than the days looked at.

A library that runs through a rule from its beginning is at the mercy of whoever wrote it: every second since 1970, or a
rule that never comes true and is looked for until the year 9999. Here a rule only answers whether a day is one of its
own, and what a file may ask in all is counted. What is not understood (every hour, weeks of a year) is left out and
said, never guessed.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_UNDERSTOOD = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
_LONGEST_INTERVAL = 1000


@dataclass
class Budget:
    """How many days may still be asked about, over all rules of a file."""

    days: int

    def spend(self, days: int) -> bool:
        """Whether there was enough left."""
        self.days -= days
        return self.days >= 0


@dataclass(frozen=True)
class Rule:
    """A rule that is understood; `by_day` holds ordinal and weekday, 0 where every such weekday is meant."""

    start: date
    frequency: str
    interval: int
    count: int | None
    until: date | datetime | None
    by_day: tuple[tuple[int, int], ...]
    by_month_day: tuple[int, ...]
    by_month: tuple[int, ...]
    by_position: tuple[int, ...]
    week_start: int

    def days_between(self, first: date, last: date, budget: Budget) -> list[date] | None:
        """Return the days of the rule in a stretch, without looking at `until`; None where it asks for too much."""
        begin = self.start if self.count is not None else max(first, self.start)
        length = max(0, (last - begin).days + 1)
        if not budget.spend(length * (31 if self.by_position else 1)):
            return None
        days = (begin + timedelta(days=number) for number in range(length))
        found = [day for day in days if self._is_one(day)]
        if self.count is not None:
            found = found[: self.count]
        return [day for day in found if day >= first]

    def _is_one(self, day: date) -> bool:
        if not self._fits(day):
            return False
        if not self.by_position:
            return True
        length = calendar.monthrange(day.year, day.month)[1]
        own = [n for n in range(1, length + 1) if self._fits(day.replace(day=n))]
        place = own.index(day.day)
        return place + 1 in self.by_position or place - len(own) in self.by_position

    def _fits(self, day: date) -> bool:
        if self.by_month and day.month not in self.by_month:
            return False
        return {
            "DAILY": self._fits_daily,
            "WEEKLY": self._fits_weekly,
            "MONTHLY": self._fits_monthly,
            "YEARLY": self._fits_yearly,
        }[self.frequency](day)

    def _fits_daily(self, day: date) -> bool:
        return (day - self.start).days % self.interval == 0 and self._on_weekday(day) and self._on_month_day(day)

    def _fits_weekly(self, day: date) -> bool:
        weeks = (self._week_of(day) - self._week_of(self.start)).days // 7
        named = self._on_weekday(day) if self.by_day else day.weekday() == self.start.weekday()
        return weeks % self.interval == 0 and named

    def _fits_monthly(self, day: date) -> bool:
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        return months % self.interval == 0 and self._on_day_of_month(day)

    def _fits_yearly(self, day: date) -> bool:
        in_month = bool(self.by_month) or day.month == self.start.month
        return (day.year - self.start.year) % self.interval == 0 and in_month and self._on_day_of_month(day)

    def _on_day_of_month(self, day: date) -> bool:
        if not self.by_day and not self.by_month_day:
            return day.day == self.start.day
        return self._on_weekday(day) and self._on_month_day(day)

    def _on_month_day(self, day: date) -> bool:
        if not self.by_month_day:
            return True
        length = calendar.monthrange(day.year, day.month)[1]
        return day.day in self.by_month_day or day.day - length - 1 in self.by_month_day

    def _on_weekday(self, day: date) -> bool:
        if not self.by_day:
            return True
        length = calendar.monthrange(day.year, day.month)[1]
        places = {0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)}
        return any(weekday == day.weekday() and ordinal in places for ordinal, weekday in self.by_day)

    def _week_of(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.week_start) % 7)


def read_rule(values: Mapping[str, Sequence[Any]], start: date) -> Rule | None:
    """Return the rule in these values of an RRULE; None where it is not understood."""
    frequency = str(_one(values, "FREQ", "")).upper()
    if set(values) - _UNDERSTOOD or frequency not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}:
        return None
    try:
        rule = Rule(
            start=start,
            frequency=frequency,
            interval=int(_one(values, "INTERVAL", 1)),
            count=int(values["COUNT"][0]) if "COUNT" in values else None,
            until=_one(values, "UNTIL", None),
            by_day=tuple(_weekday(str(word)) for word in values.get("BYDAY", ())),
            by_month_day=tuple(int(n) for n in values.get("BYMONTHDAY", ())),
            by_month=tuple(int(n) for n in values.get("BYMONTH", ())),
            by_position=tuple(int(n) for n in values.get("BYSETPOS", ())),
            week_start=WEEKDAYS.index(str(_one(values, "WKST", "MO")).upper()),
        )
    except (ValueError, IndexError, TypeError):
        return None
    return rule if _is_understood(rule) else None


def _is_understood(rule: Rule) -> bool:
    ordinals = any(ordinal for ordinal, _weekday in rule.by_day)
    return (
        1 <= rule.interval <= _LONGEST_INTERVAL
        and (rule.count is None or rule.count >= 1)
        # Ordinals of a whole year, and places within a day, a week or a year, are for rules that nobody's clinic has.
        and not (ordinals and rule.frequency in {"DAILY", "WEEKLY"})
        and not (rule.by_day and rule.frequency == "YEARLY" and not rule.by_month)
        and not (rule.by_month_day and rule.frequency == "WEEKLY")
        and not (rule.by_position and rule.frequency != "MONTHLY")
    )


def _weekday(word: str) -> tuple[int, int]:
    return int(word[:-2] or 0), WEEKDAYS.index(word[-2:].upper())


def _one(values: Mapping[str, Sequence[Any]], name: str, default: Any) -> Any:
    return values[name][0] if values.get(name) else default
