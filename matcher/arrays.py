"""The array types of the engine, in one place, and what is done with arrays everywhere."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_Scalar = TypeVar("_Scalar", bound=np.generic)


def read_only(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return `array` after closing it for writing."""
    array.flags.writeable = False
    return array


def as_pairs(pairs: Any) -> IntArray:
    """Return pairs as an int64 array of shape (n_pairs, 2), sorted by mentor, then mentee."""
    array = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    return array[np.lexsort((array[:, 1], array[:, 0]))]


def common_pairs(pairs: IntArray, others: IntArray) -> IntArray:
    """Return those of `pairs`, in their order, that are among `others` too; shapes (n, 2)."""
    return pairs[_are_among(pairs, others)]


def other_pairs(pairs: IntArray, others: IntArray) -> IntArray:
    """Return those of `pairs`, in their order, that are not among `others`; shapes (n, 2)."""
    return pairs[~_are_among(pairs, others)]


def _are_among(pairs: IntArray, others: IntArray) -> BoolArray:
    known = set(map(tuple, others.tolist()))
    return np.array([tuple(pair) in known for pair in pairs.tolist()], dtype=np.bool_)


def as_tuples(pairs: IntArray) -> list[tuple[int, int]]:
    """Return pairs as tuples of ints, in the order given."""
    return [(int(mentor), int(mentee)) for mentor, mentee in pairs]


def rank_within(groups: IntArray, values: FloatArray) -> IntArray:
    """Return the rank of each value within its group, the largest first, earlier ones first in ties."""
    order = np.lexsort((-values, groups))
    in_order = groups[order]
    starts: BoolArray = np.ones(len(order), dtype=np.bool_)
    starts[1:] = in_order[1:] != in_order[:-1]
    positions = np.arange(len(order))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = positions - np.maximum.accumulate(np.where(starts, positions, 0))
    return ranks
