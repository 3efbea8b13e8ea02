"""From what a caller gives to clean arrays, collecting every fault on the way.

Each ``read_*`` function returns an array that later checks may rely on, even where it found a fault: a
stand-in of the right shape. Nothing is raised here; `matcher.Problem` raises once, with all faults.
"""

from contextlib import suppress
from typing import Any

import numpy as np

from matcher.arrays import FloatArray, IntArray, read_only
from matcher.weight_sources import DenseWeights, SparseWeights, WeightSource

_EMPTY = (0, 0)


def read_weights(weights: Any, faults: list[str]) -> WeightSource:
    """Return `weights` as a source of chunks; an empty one if they cannot be read."""
    if hasattr(weights, "tocsc") or isinstance(weights, WeightSource):
        shape = weights.shape
        if len(shape) == 2 and all(isinstance(side, int | np.integer) and side >= 0 for side in shape):
            return weights if isinstance(weights, WeightSource) else SparseWeights(weights)
        faults.append(f"weights: the shape must be (n_mentors, n_mentees), not {shape}")
        return DenseWeights(np.empty(_EMPTY))
    return _read_dense(weights, faults)


def _read_dense(weights: Any, faults: list[str]) -> DenseWeights:
    array = np.asarray(None)
    with suppress(TypeError, ValueError):  # rows of different lengths, or things that are no numbers
        array = np.asarray(weights)
        if array.dtype.kind == "O":
            array = array.astype(np.float64)  # None becomes NaN
    if array.dtype.kind not in "fiub":
        faults.append("weights: give numbers in [0, 1], and NaN where a pair is not acceptable")
        return DenseWeights(np.empty(_EMPTY))
    if array.ndim != 2:
        faults.append(f"weights: give two dimensions (n_mentors, n_mentees), not {array.ndim}")
        return DenseWeights(np.empty(_EMPTY))
    return DenseWeights(array)


def read_whole_numbers(
    values: Any, name: str, shape: tuple[int, ...], faults: list[str], *, least: int = 0
) -> IntArray:
    """Return `values` as int64 of `shape`; fractions, values below `least` and other shapes are faults."""
    stand_in = np.full(shape, max(least, 0), dtype=np.int64)
    try:
        array = np.asarray(values)
    except ValueError:  # rows of different lengths
        array = np.asarray(None)
    if array.size == 0 and array.dtype.kind == "f":
        array = array.astype(np.int64)  # what an empty list becomes
    if array.dtype.kind not in "fiu":
        faults.append(f"{name}: give whole numbers, not {_kind(array)}")
        return stand_in
    if array.shape != shape:
        faults.append(f"{name}: give the shape {shape}, not {array.shape}")
        return stand_in
    in_range = (array >= least) & (array < float(2**62))  # NaN is in no range
    whole = in_range & (array == np.floor(array))
    if not whole.all():
        at = tuple(int(k) for k in np.argwhere(~whole)[0])
        place = at[0] if len(at) == 1 else at
        faults.append(
            f"{name}: give whole numbers from {least} up; {array[at]} at {place} is none"
            f"{_and_more(int((~whole).sum()))}"
        )
        return stand_in
    return read_only(array.astype(np.int64))


def read_capacity(values: Any, name: str, n: int, faults: list[str]) -> IntArray:
    """Return one capacity for each participant, from a single number or from an array."""
    try:
        array = np.asarray(values)
    except ValueError:
        array = np.asarray(None)
    if array.ndim == 0 and array.dtype.kind in "fiu":
        one = read_whole_numbers(array.reshape(1), name, (1,), faults)
        return read_only(np.repeat(one, n))
    return read_whole_numbers(values, name, (n,), faults)


def read_minutes(
    minutes: Any, mentor_minutes: Any, shape: tuple[int, int], faults: list[str]
) -> tuple[IntArray | None, IntArray | None]:
    """Return the minutes pairs take, (n_mentees,) or (n_mentors, n_mentees), and those mentors give."""
    if minutes is None and mentor_minutes is None:
        return None, None
    if mentor_minutes is None:
        faults.append("mentor_minutes: say how many minutes each mentor gives, or leave out minutes")
        mentor_minutes = np.zeros(shape[0], dtype=np.int64)
    if minutes is None:
        faults.append("minutes: say how many minutes each pair takes, or leave out mentor_minutes")
        minutes = np.zeros(shape[1], dtype=np.int64)
    wanted = shape if np.ndim(minutes) == 2 else shape[1:]
    return (
        read_whole_numbers(minutes, "minutes", wanted, faults),
        read_whole_numbers(mentor_minutes, "mentor_minutes", shape[:1], faults),
    )


def read_pins(pinned: Any, shape: tuple[int, int], faults: list[str], *, name: str = "pinned") -> IntArray:
    """Return the listed pairs that exist, sorted and each once, as (n_pins, 2)."""
    if np.size(pinned) == 0:
        return read_only(np.empty((0, 2), dtype=np.int64))
    array = np.asarray(pinned)
    if array.ndim != 2 or array.shape[1] != 2 or array.dtype.kind not in "iu":
        faults.append(f"{name}: give pairs (mentor, mentee) of whole numbers, in the shape (n_pairs, 2)")
        return read_only(np.empty((0, 2), dtype=np.int64))
    inside = ((array >= 0) & (array < np.asarray(shape))).all(axis=1)
    for mentor, mentee in array[~inside].tolist():
        faults.append(
            f"{name}: ({mentor}, {mentee}) is out of range; there are {shape[0]} mentors and {shape[1]} mentees"
        )
    pins, times = np.unique(array[inside].astype(np.int64), axis=0, return_counts=True)
    for mentor, mentee in pins[times > 1].tolist():
        faults.append(f"{name}: ({mentor}, {mentee}) stands more than once; give each pair once")
    return read_only(pins)


def read_most(most: Any, name: str, faults: list[str]) -> int | None:
    """Return a largest number, None if there is none."""
    if most is None:
        return None
    if isinstance(most, bool) or not isinstance(most, int | np.integer) or most < 0:
        faults.append(f"{name}: give a whole number from 0 up, or None for any number, not {most!r}")
        return None
    return int(most)


def read_priority(priority: Any, n_mentees: int, faults: list[str]) -> FloatArray:
    """Return the priorities, zero for all if there are none."""
    none = read_only(np.zeros(n_mentees))
    if priority is None:
        return none
    try:
        array = np.asarray(priority, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.asarray(np.nan)
    if array.shape != (n_mentees,):
        faults.append(f"priority: give one number for each of the {n_mentees} mentees")
        return none
    if not (np.isfinite(array) & (array >= 0)).all():
        mentee = int(np.argmin(np.isfinite(array) & (array >= 0)))
        faults.append(f"priority: give finite numbers from 0 up; mentee {mentee} has {array[mentee]}")
        return none
    return read_only(array.copy())


def read_person(person: Any, n_mentees: int, faults: list[str]) -> IntArray:
    """Return for each column the person it belongs to, counted from 0 in the order of the numbers given."""
    if person is None:
        return read_only(np.arange(n_mentees, dtype=np.int64))
    numbers = read_whole_numbers(person, "person", (n_mentees,), faults, least=-(2**62))
    return read_only(np.unique(numbers, return_inverse=True)[1].astype(np.int64))


def _kind(array: Any) -> str:
    return {"b": "true and false", "U": "text", "c": "complex numbers"}.get(array.dtype.kind, "these")


def _and_more(count: int) -> str:
    return "" if count == 1 else f" (and {count - 1} more)"
