"""One reading of all weights: what every later step needs to know about them."""

import hashlib
from dataclasses import dataclass

import numpy as np

from matcher.arrays import FloatArray, IntArray
from matcher.weight_sources import WeightSource, spans

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Survey:
    """What one reading of all weights found.

    Attributes
    ----------
    faults : tuple of str
        Sentences on weights that are no weights, and on pinned or offered pairs that are not acceptable.
    mentor_degree, mentee_degree : IntArray
        Acceptable pairs of each mentor, shape (n_mentors,), and of each mentee, shape (n_mentees,).
    least_minutes, most_minutes : IntArray
        Fewest and most minutes that an acceptable pair of each mentor takes, shape (n_mentors,);
        0 for mentors without one, and when the problem has no minutes.
    digest : str
        SHA-256 of the weights in chunks; the same for a dense array, a sparse one and a source.
    """

    faults: tuple[str, ...]
    mentor_degree: IntArray
    mentee_degree: IntArray
    least_minutes: IntArray
    most_minutes: IntArray
    digest: str


def survey_weights(source: WeightSource, minutes: IntArray | None, pinned: IntArray, open_offers: IntArray) -> Survey:
    """Read all weights once, chunk by chunk.

    Parameters
    ----------
    source
        The weights.
    minutes
        Minutes of pairs, (n_mentees,) or (n_mentors, n_mentees), if the problem has minutes.
    pinned
        Pinned pairs within range, (n_pins, 2).
    open_offers
        Open offers within range, (n_open, 2).

    Returns
    -------
    Survey
        In O(n_mentors n_mentees) time and the memory of one chunk.
    """
    n_mentors, n_mentees = source.shape
    faults: list[str] = []
    mentor_degree = np.zeros(n_mentors, dtype=np.int64)
    mentee_degree = np.zeros(n_mentees, dtype=np.int64)
    least = np.full(n_mentors, _NEVER, dtype=np.int64)
    most = np.zeros(n_mentors, dtype=np.int64)
    content = hashlib.sha256(f"{n_mentors} {n_mentees}".encode())
    for start, stop in spans(n_mentees):
        chunk = source.chunk(start, stop)
        if chunk.shape != (n_mentors, stop - start):
            faults.append(
                f"weights: the chunk of mentees {start} to {stop - 1} must have the shape "
                f"{(n_mentors, stop - start)}, not {chunk.shape}"
            )
            continue
        acceptable = ~np.isnan(chunk)
        faults += _faults_in(chunk, acceptable, start)
        mentor_degree += acceptable.sum(axis=1)
        mentee_degree[start:stop] = acceptable.sum(axis=0)
        content.update(np.packbits(acceptable).tobytes())
        # Adding zero turns -0.0 into 0.0, so that equal weights have equal bits.
        content.update((chunk[acceptable] + 0.0).astype("<f8").tobytes())
        if minutes is not None:
            taken = np.broadcast_to(minutes[..., start:stop], chunk.shape)
            np.minimum(least, taken.min(axis=1, where=acceptable, initial=_NEVER), out=least)
            np.maximum(most, taken.max(axis=1, where=acceptable, initial=0), out=most)
        for pairs, name, what in ((pinned, "pinned", "pin"), (open_offers, "open_offers", "offer")):
            here = pairs[(pairs[:, 1] >= start) & (pairs[:, 1] < stop)]
            for mentor, mentee in here[~acceptable[here[:, 0], here[:, 1] - start]].tolist():
                faults.append(f"{name}: ({mentor}, {mentee}) is not acceptable; give it a weight or drop the {what}")
    least[least == _NEVER] = 0
    return Survey(tuple(faults), mentor_degree, mentee_degree, least, most, content.hexdigest())


def _faults_in(chunk: FloatArray, acceptable: np.ndarray, start: int) -> list[str]:
    outside = acceptable & ~((chunk >= 0) & (chunk <= 1))
    if not outside.any():
        return []
    count = int(outside.sum())
    mentor, column = (int(k) for k in np.argwhere(outside)[0])
    found = chunk[mentor, column]
    more = "" if count == 1 else f" (and {count - 1} more)"
    what = "infinite" if np.isinf(found) else f"{found:g}, outside [0, 1]"
    where = f"mentor {mentor}, mentee {start + column}"
    return [f"weights: {where} is {what}; give a number in [0, 1], or NaN if not acceptable{more}"]
