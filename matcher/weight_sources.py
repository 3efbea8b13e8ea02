"""Where weights come from: a dense array, a sparse array, or anything that can hand them out in chunks.

The engine reads weights in *chunks*: all mentors against a run of mentees, as a dense array in which NaN
marks a pair that is not acceptable. A pool too large for memory then needs only to know how to make one chunk.
"""

from collections.abc import Iterator
from typing import Any, Protocol, runtime_checkable

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, read_only

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


class AmendedWeights:
    """Weights of another source, with some pairs struck out and some put in; nothing is held but the amendments.

    Parameters
    ----------
    source
        The weights.
    closed_mentors, closed_mentees
        bool, shapes (n_mentors,) and (n_mentees,): all of their pairs are struck out.
    struck
        int, shape (n, 2): further pairs that are not acceptable.
    pairs, weights
        int, shape (m, 2), and float, shape (m,): pairs that have these weights whatever was struck out.
    """

    def __init__(
        self,
        source: WeightSource,
        *,
        closed_mentors: BoolArray,
        closed_mentees: BoolArray,
        struck: IntArray,
        pairs: IntArray,
        weights: FloatArray,
    ) -> None:
        self._source = source
        self._closed_mentors = closed_mentors
        self._closed_mentees = closed_mentees
        of_struck, of_pairs = (np.argsort(listed[:, 1], kind="stable") for listed in (struck, pairs))
        self._struck, self._pairs, self._weights = struck[of_struck], pairs[of_pairs], weights[of_pairs]

    @property
    def shape(self) -> tuple[int, int]:
        """``(n_mentors, n_mentees)``."""
        return self._source.shape

    def chunk(self, start: int, stop: int) -> FloatArray:
        """Return a chunk of the source, amended."""
        chunk = np.array(self._source.chunk(start, stop), dtype=np.float64)
        chunk[self._closed_mentors] = np.nan
        chunk[:, self._closed_mentees[start:stop]] = np.nan
        gone = self._struck[slice(*np.searchsorted(self._struck[:, 1], [start, stop]))]
        chunk[gone[:, 0], gone[:, 1] - start] = np.nan
        here = slice(*np.searchsorted(self._pairs[:, 1], [start, stop]))
        chunk[self._pairs[here, 0], self._pairs[here, 1] - start] = self._weights[here]
        return chunk


def spans(n_mentees: int, width: int = CHUNK) -> Iterator[tuple[int, int]]:
    """Yield ``(start, stop)`` of the chunks that together hold all mentees."""
    for start in range(0, n_mentees, width):
        yield start, min(start + width, n_mentees)
