"""The problem: who may be matched with whom, how well it would be, and how much each can take on."""

import hashlib
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from matcher import problem_checks as checks
from matcher.arrays import BoolArray, FloatArray, IntArray, read_only
from matcher.errors import InvalidProblemError
from matcher.survey import Survey, survey_weights
from matcher.weight_sources import CHUNK, WeightSource


class Problem:
    r"""A many-to-many matching problem between mentors and mentees.

    With mentors :math:`j` and mentees :math:`i`, choose :math:`x_{ji} \in \{0, 1\}` for acceptable pairs so
    that

    .. math::
        \sum_i x_{ji} \le P_j, \qquad \sum_i t_{ji} x_{ji} \le T_j, \qquad \sum_j x_{ji} \le k_i,

    :math:`x_{ji} = 1` for pinned pairs, and a mentor fills at most one column of each person. What is best
    is said to `matcher.solve`.

    Parameters
    ----------
    weights
        float, shape (n_mentors, n_mentees), in [0, 1]; NaN marks a pair that is not acceptable. Or a sparse
        container of SciPy: what is not stored is not acceptable, a stored zero is. Or a
        `matcher.WeightSource`.
    mentor_capacity
        Places :math:`P_j`: one int for all, or int of shape (n_mentors,).
    mentee_capacity
        Mentors wanted :math:`k_i`: one int for all, or int of shape (n_mentees,).
    minutes
        Minutes a month :math:`t` that a pair takes: int, shape (n_mentees,) or (n_mentors, n_mentees).
    mentor_minutes
        Minutes a month :math:`T_j` that a mentor gives: int, shape (n_mentors,). Goes with `minutes`.
    pinned
        int, shape (n_pins, 2): pairs (mentor, mentee) that must be in the matching.
    priority
        float >= 0, shape (n_mentees,): whom to prefer when not everyone can be covered. The columns of a
        person count with the largest of theirs.
    person
        int, shape (n_mentees,): columns with the same number are one mentee's board. By default every column
        is a person.
    mentor_ranks, mentee_ranks
        int, shape (n_mentors, n_mentees): the rank each mentor gives each mentee, and each mentee each
        mentor; 0 is the first choice, -1 is not ranked.
    open_offers
        int, shape (n_open, 2): pairs that were offered and wait for an answer; for `matcher.repair` alone.
    most_withdrawn
        How many of them may be withdrawn at most; None for any number.

    Raises
    ------
    InvalidProblemError
        With one sentence for every fault.

    Notes
    -----
    A problem does not change: its arrays are read-only, its attributes cannot be set. `sha256` names its
    content; equal content in another container has the same name.

    Examples
    --------
    >>> problem = Problem([[0.9, 0.4], [float("nan"), 0.7]], mentor_capacity=1, mentee_capacity=1)
    >>> problem.shape
    (2, 2)
    >>> problem.places
    array([1, 1])
    """

    source: WeightSource
    mentor_capacity: IntArray
    mentee_capacity: IntArray
    minutes: IntArray | None
    mentor_minutes: IntArray | None
    pinned: IntArray
    priority: FloatArray
    person: IntArray
    mentor_ranks: IntArray | None
    mentee_ranks: IntArray | None
    open_offers: IntArray
    most_withdrawn: int | None
    _survey: Survey

    def __init__(  # noqa: PLR0917 - the order is public
        self,
        weights: Any,
        mentor_capacity: Any,
        mentee_capacity: Any,
        minutes: Any = None,
        mentor_minutes: Any = None,
        pinned: Any = (),
        priority: Any = None,
        person: Any = None,
        mentor_ranks: Any = None,
        mentee_ranks: Any = None,
        open_offers: Any = (),
        most_withdrawn: Any = None,
    ) -> None:
        faults: list[str] = []
        source = checks.read_weights(weights, faults)
        if faults:  # without a shape nothing else can be checked
            raise InvalidProblemError(faults)
        shape = (int(source.shape[0]), int(source.shape[1]))
        taken, given = checks.read_minutes(minutes, mentor_minutes, shape, faults)
        content: dict[str, Any] = {
            "source": source,
            "mentor_capacity": checks.read_capacity(mentor_capacity, "mentor_capacity", shape[0], faults),
            "mentee_capacity": checks.read_capacity(mentee_capacity, "mentee_capacity", shape[1], faults),
            "minutes": taken,
            "mentor_minutes": given,
            "pinned": checks.read_pins(pinned, shape, faults),
            "priority": checks.read_priority(priority, shape[1], faults),
            "person": checks.read_person(person, shape[1], faults),
            "open_offers": checks.read_pins(open_offers, shape, faults, name="open_offers"),
            "most_withdrawn": checks.read_most(most_withdrawn, "most_withdrawn", faults),
        }
        for name, ranks in (("mentor_ranks", mentor_ranks), ("mentee_ranks", mentee_ranks)):
            content[name] = None
            if ranks is not None:
                content[name] = checks.read_whole_numbers(ranks, name, shape, faults, least=-1)
        survey = survey_weights(source, taken, content["pinned"], content["open_offers"])
        faults += survey.faults
        if faults:
            raise InvalidProblemError(faults)
        self.__dict__.update(content, _survey=survey)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Problem does not change; make a new one to set {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Problem does not change; {name} stays")

    def __repr__(self) -> str:
        return f"<Problem of {self.n_mentors} mentors and {self.n_mentees} mentees, {self.sha256[:12]}>"

    @property
    def n_mentors(self) -> int:
        """How many mentors there are."""
        return int(self.source.shape[0])

    @property
    def n_mentees(self) -> int:
        """How many mentees there are; with boards, how many columns."""
        return int(self.source.shape[1])

    @property
    def shape(self) -> tuple[int, int]:
        """``(n_mentors, n_mentees)``."""
        return self.n_mentors, self.n_mentees

    @cached_property
    def n_persons(self) -> int:
        """How many persons the mentees' columns belong to."""
        return int(self.person.max(initial=-1)) + 1

    @cached_property
    def person_columns(self) -> IntArray:
        """How many columns each person has, shape (n_persons,)."""
        return read_only(np.bincount(self.person, minlength=self.n_persons))

    @cached_property
    def person_priority(self) -> FloatArray:
        """The largest priority among each person's columns, float, shape (n_persons,)."""
        largest = np.zeros(self.n_persons)
        np.maximum.at(largest, self.person, self.priority)
        return read_only(largest)

    @cached_property
    def places(self) -> IntArray:
        r"""The most pairs each mentor can hold, int, shape (n_mentors,).

        :math:`\min(P_j, \lfloor T_j / \min_i t_{ji} \rfloor, \text{acceptable pairs of } j)`: minutes fold into
        places. When all of a mentor's pairs take the same minutes this says all that the minutes say.
        """
        places = np.minimum(self.mentor_capacity, self._survey.mentor_degree)
        if self.mentor_minutes is not None:
            least = self._survey.least_minutes
            held = np.where(least > 0, self.mentor_minutes // np.maximum(least, 1), places)
            places = np.minimum(places, held)
        return read_only(places)

    @cached_property
    def wanted(self) -> IntArray:
        """The most pairs each mentee can hold: the smaller of her capacity and her acceptable pairs, int."""
        return read_only(np.minimum(self.mentee_capacity, self.mentee_degree))

    @property
    def mentee_degree(self) -> IntArray:
        """How many acceptable pairs each mentee has, int, shape (n_mentees,)."""
        return self._survey.mentee_degree

    @cached_property
    def person_wanted(self) -> IntArray:
        """The most pairs each person can hold over all columns, int, shape (n_persons,)."""
        total = np.zeros(self.n_persons, dtype=np.int64)
        np.add.at(total, self.person, self.wanted)
        return read_only(total)

    @property
    def least_kept(self) -> int:
        """How many open offers must be kept at least."""
        return 0 if self.most_withdrawn is None else max(0, len(self.open_offers) - self.most_withdrawn)

    @cached_property
    def mixed(self) -> BoolArray:
        """Mentors whose minutes say more than `places`, bool, shape (n_mentors,).

        Their pairs take different minutes, and the longest of them would not all fit.
        """
        if self.mentor_minutes is None:
            return read_only(np.zeros(self.n_mentors, dtype=np.bool_))
        survey = self._survey
        longest = self.places.astype(np.float64) * survey.most_minutes
        return read_only((survey.least_minutes < survey.most_minutes) & (longest > self.mentor_minutes))

    @cached_property
    def minutes_mode(self) -> str:
        """``"none"``, ``"uniform"`` (minutes fold into places: a network) or ``"mixed"`` (they do not)."""
        if self.minutes is None:
            return "none"
        return "mixed" if self.mixed.any() else "uniform"

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal digits."""
        content = hashlib.sha256(self._survey.digest.encode())
        for name in (
            "mentor_capacity",
            "mentee_capacity",
            "minutes",
            "mentor_minutes",
            "pinned",
            "priority",
            "person",
            "mentor_ranks",
            "mentee_ranks",
        ):
            array = getattr(self, name)
            content.update(f"\n{name} {None if array is None else array.shape} ".encode())
            if array is not None:
                kind = "<f8" if array.dtype.kind == "f" else "<i8"
                content.update((array + array.dtype.type(0)).astype(kind).tobytes())
        if len(self.open_offers) or self.most_withdrawn is not None:  # other problems keep the name they had before
            content.update(f"\nopen_offers {self.open_offers.shape} {self.most_withdrawn} ".encode())
            content.update(self.open_offers.astype("<i8").tobytes())
        return content.hexdigest()

    @property
    def weights(self) -> FloatArray:
        """All weights as one array, float64, shape (n_mentors, n_mentees), NaN where not acceptable."""
        return self.chunk(0, self.n_mentees)

    def chunk(self, start: int, stop: int) -> FloatArray:
        """Return the weights of mentees ``start`` to ``stop - 1``, float64, NaN where not acceptable."""
        return self.source.chunk(start, stop)

    def minutes_chunk(self, start: int, stop: int) -> IntArray:
        """Return the minutes of the same pairs, int64, shape (n_mentors, stop - start); 0 without minutes."""
        shape = (self.n_mentors, stop - start)
        taken = np.zeros(stop - start, dtype=np.int64) if self.minutes is None else self.minutes[..., start:stop]
        return np.broadcast_to(taken, shape)

    def weights_of(self, pairs: IntArray) -> FloatArray:
        """Return the weight of each pair, float64, shape (n_pairs,); NaN where not acceptable."""
        weights = np.empty(len(pairs))
        blocks = pairs[:, 1] // CHUNK
        for block in np.unique(blocks).tolist():
            rows = blocks == block
            start = block * CHUNK
            chunk = self.chunk(start, min(start + CHUNK, self.n_mentees))
            weights[rows] = chunk[pairs[rows, 0], pairs[rows, 1] - start]
        return weights

    def minutes_of(self, pairs: IntArray) -> IntArray:
        """Return the minutes each pair takes, int64, shape (n_pairs,); 0 without minutes."""
        if self.minutes is None:
            return np.zeros(len(pairs), dtype=np.int64)
        if self.minutes.ndim == 1:
            return self.minutes[pairs[:, 1]]
        return self.minutes[pairs[:, 0], pairs[:, 1]]
