"""Meetings on real dates, minute by minute, and every way to place a few; shares nothing with the engine's times."""

from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
from scipy.optimize import LinearConstraint, milp

EVERY = {"weekly": 1, "fortnightly": 2, "monthly": 4, "bimonthly": 4}
WEEK = 7 * 24 * 60


def minute_of(moment):
    return round(moment.timestamp()) // 60


def begins(zone, slot, settings, cadence):
    """All meetings of a slot from the first to the last day, as minutes since 1970."""
    return _begins(zone, slot, settings.starts_on, settings.ends_on, cadence)


@cache
def _begins(zone, slot, starts_on, ends_on, cadence):
    monday = starts_on - timedelta(days=starts_on.weekday())
    day = monday + timedelta(days=slot.weekday, weeks=slot.week % EVERY[cadence])
    found = []
    while day <= ends_on:
        if day >= starts_on:
            clock = time(slot.start // 60, slot.start % 60, tzinfo=ZoneInfo(zone))
            found.append(minute_of(datetime.combine(day, clock)))
        day += timedelta(weeks=EVERY[cadence])
    return tuple(found)


def clashes(settings, meetings):
    """Persons who are twice in a meeting in some minute; meetings are (persons, zone, slot, length, cadence)."""
    first = minute_of(datetime.combine(settings.starts_on, time(), UTC)) - 2 * 24 * 60
    length = ((settings.ends_on - settings.starts_on).days + 6) * 24 * 60
    calendar = {}
    for persons, zone, slot, minutes, cadence in meetings:
        for person in set(persons):
            taken = calendar.setdefault(person, np.zeros(length, dtype=np.int8))
            for start in begins(zone, slot, settings, cadence):
                taken[start - first : start - first + minutes] += 1
    return {person for person, taken in calendar.items() if taken.max() > 1}


def is_free(person, starts, minutes):
    """Whether all meetings lie in the person's hours on her own clock."""
    free = np.zeros(WEEK, dtype=bool)
    for window in person.windows:
        free[window.weekday * 1440 + window.start : window.weekday * 1440 + window.end] = True
    taken = np.concatenate([[0], np.cumsum(~np.tile(free, 2))])
    inside = taken[minutes : WEEK + minutes] == taken[:WEEK]
    zone = ZoneInfo(person.zone)
    here = [datetime.fromtimestamp(start * 60, zone) for start in starts]
    return all(inside[now.weekday() * 1440 + now.hour * 60 + now.minute] for now in here)


class Options:
    """For each pair all its possible meetings on real dates; weekly, of an hour."""

    def __init__(self, pool, settings, pairs, slots_of):
        self.persons = [{pool.mentors[j].person, pool.mentees[i].person} for j, i in pairs]
        self.starts = []
        for j, i in pairs:
            mo, lee = pool.mentors[j], pool.mentees[i]
            real = [begins(mo.zone, slot, settings, settings.cadence) for slot in slots_of(mo)]
            self.starts.append([s for s in real if s and is_free(mo, s, 60) and is_free(lee, s, 60)])

    def clash(self, one, mine, other, theirs):
        if not self.persons[one] & self.persons[other]:
            return False
        a, b = np.array(mine), np.array(theirs)
        return bool((np.abs(a[:, np.newaxis] - b) < 60).any())

    def can_all_meet(self, chosen, placed=()):
        """Try everything."""
        if not chosen:
            return True
        one, *rest = chosen
        return any(
            self.can_all_meet(rest, (*placed, (one, start)))
            for start in self.starts[one]
            if not any(self.clash(one, start, *before) for before in placed)
        )

    def most(self):
        """The largest number of pairs that can be placed: one row for every two options that clash."""
        options = [(one, start) for one, starts in enumerate(self.starts) for start in starts]
        rows = [[number for number, (one, _) in enumerate(options) if one == p] for p in range(len(self.starts))]
        rows += [
            [a, b]
            for a, one in enumerate(options)
            for b, other in enumerate(options[:a])
            if one[0] != other[0] and self.clash(*one, *other)
        ]
        matrix = np.zeros((len(rows), len(options)))
        for number, row in enumerate(rows):
            matrix[number, row] = 1
        solution = milp(
            -np.ones(len(options)),
            integrality=np.ones(len(options)),
            bounds=(0, 1),
            constraints=LinearConstraint(matrix, ub=1),
        )
        return round(-solution.fun)
