"""Hours of the week that do not exist on the day on which a zone puts its clocks forward."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from matcher.availability import CELL, CELLS, DAY, regimes

__all__ = ["existing", "skipped_cells"]


def existing(free: NDArray[np.bool_], zone: str, starts_on: date, ends_on: date) -> NDArray[np.bool_]:
    """
    Leave out the cells that a change of clocks skips between two dates.

    Parameters
    ----------
    free : ndarray of bool, shape (..., 672)
        Free cells of local weeks in the zone.
    zone : str
    starts_on, ends_on : date

    Returns
    -------
    ndarray of bool, the same shape
        A weekly meeting can be in these on every day of the programme.
    """
    return free & ~skipped_cells(zone, starts_on, ends_on)


@lru_cache(maxsize=4096)
def skipped_cells(zone: str, starts_on: date, ends_on: date) -> NDArray[np.bool_]:
    """
    Mark the cells of a local week that do not exist on some date.

    Returns
    -------
    ndarray of bool, shape (672,)
        Read-only; nothing is marked where clocks are never put forward.

    Examples
    --------
    >>> skipped = skipped_cells("America/New_York", date(2027, 3, 1), date(2027, 3, 31))
    >>> [(int(cell) * 15 // 1440, int(cell) * 15 % 1440 // 60) for cell in np.flatnonzero(skipped)[::4]]
    [(6, 2)]
    """
    marked = np.zeros(CELLS, dtype=np.bool_)
    for before, after in pairwise(regimes((zone,), starts_on, ends_on)):
        if after.offsets[zone] > before.offsets[zone]:
            for day in (after.start - timedelta(days=1), after.start):  # a regime is dated by noon in UTC
                marked[[day.weekday() * (DAY // CELL) + cell for cell in _missing_on(day, zone)]] = True
    marked.setflags(write=False)
    return marked


def _missing_on(day: date, zone: str) -> list[int]:
    """List the quarters of an hour of a day that its clocks never show."""
    clock = ZoneInfo(zone)
    missing = []
    for cell in range(DAY // CELL):
        moment = datetime.combine(day, time(*divmod(cell * CELL, 60)), clock)
        if moment.astimezone(UTC).astimezone(clock).replace(tzinfo=None) != moment.replace(tzinfo=None):
            missing.append(cell)
    return missing
