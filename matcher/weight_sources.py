"""Where weights come from: a dense array, a sparse array, or anything that can hand them out in chunks.

The engine reads weights in *chunks*: all mentors against a run of mentees, as a dense array in which NaN
marks a pair that is not acceptable. A pool too large for memory then needs only to know how to make one chunk.
"""

from collections.abc import Iterator
from typing import Any, Protocol, runtime_checkable

import numpy as np

from matcher.arrays import FloatArray, IntArray, read_only

CHUNK = 1024
"""Mentees in one chunk."""


@runtime_checkable
class WeightSource(Protocol):
    """Weights in [0, 1] by chunks; NaN marks a pair that is not acceptable.

    The same chunk must always hold the same bits: the proof of a result reads the weights again.

    Attributes
    ----------
    shape : tuple of int
        ``(n_mentors, n_mentees)``.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """``(n_mentors, n_mentees)``."""
        ...

    def chunk(self, start: int, stop: int) -> FloatArray:
        """Return float64 weights of mentees ``start`` to ``stop - 1``, shape ``(n_mentors, stop - start)``."""
        ...


class DenseWeights:
    """Weights held as one read-only dense array."""

    def __init__(self, array: FloatArray) -> None:
        self.array = read_only(np.array(array, dtype=np.float64, order="C"))

    @property
    def shape(self) -> tuple[int, int]:
        """``(n_mentors, n_mentees)``."""
        return self.array.shape[0], self.array.shape[1]

    def chunk(self, start: int, stop: int) -> FloatArray:
        """Return a read-only view."""
        return self.array[:, start:stop]


class SparseWeights:
    """Weights held by column; what is not stored is not acceptable, a stored zero is.

    Any of SciPy's sparse containers is taken by its methods, so that this module, and with it
    `matcher.verification`, needs no SciPy.
    """

    def __init__(self, container: Any) -> None:
        columns = container.tocsc(copy=True)
        columns.sum_duplicates()
        self._shape = (int(columns.shape[0]), int(columns.shape[1]))
        self._starts: IntArray = read_only(np.array(columns.indptr, dtype=np.int64))
        self._mentors: IntArray = read_only(np.array(columns.indices, dtype=np.int64))
        self._values: FloatArray = read_only(np.array(columns.data, dtype=np.float64))

    @property
    def shape(self) -> tuple[int, int]:
        """``(n_mentors, n_mentees)``."""
        return self._shape

    def chunk(self, start: int, stop: int) -> FloatArray:
        """Return a dense array with NaN wherever nothing is stored."""
        dense = np.full((self._shape[0], stop - start), np.nan)
        lo, hi = self._starts[start], self._starts[stop]
        columns = np.repeat(np.arange(stop - start), np.diff(self._starts[start : stop + 1]))
        dense[self._mentors[lo:hi], columns] = self._values[lo:hi]
        return dense


def spans(n_mentees: int, width: int = CHUNK) -> Iterator[tuple[int, int]]:
    """Yield ``(start, stop)`` of the chunks that together hold all mentees."""
    for start in range(0, n_mentees, width):
        yield start, min(start + width, n_mentees)
