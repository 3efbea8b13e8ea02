"""The people of a programme as columns: what each side offers, wants and knows, checked once."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matcher.availability import Window
from matcher.columns import (
    Bools,
    Chosen,
    Floats,
    Ints,
    Side,
    Vocabulary,
    barred,
    continued,
    index,
    renumber,
    rows_of,
    stack,
    wishes,
)
from matcher.people import Exclusion, Interest, Mentee, Mentor, Ties
from matcher.pool_checks import InvalidPoolError, check_people, check_ties
from matcher.taxonomy import Taxonomy, load_taxonomy

__all__ = ["Exclusion", "Interest", "InvalidPoolError", "Mentee", "Mentor", "Pool", "Ties", "Window"]


@dataclass(frozen=True)
class Pool:
    """
    Mentors and mentees as columns; make it with `Pool.build`.

    Attributes
    ----------
    mentors, mentees : tuple
        The people in the order of axis 0 and axis 1.
    mentor_side, mentee_side : Side
        Columns of both; `stages` holds positions in the taxonomy and -1 for "not stated".
    practice, offered, welcome : ndarray of bool
        Per mentor: specialties, topics, and stages welcome (the last column is "not stated").
    interests, needs : ndarray
        Per mentee: positions of specialties of interest, padded with -1; weight of each topic needed.
    wishes : ndarray of float64, shape (n_wishes, 4)
        Rows of mentor, mentee, side (0 mentor, 1 mentee), score in [0, 1].
    barred : ndarray of int64, shape (n_barred, 3)
        Rows of mentor, mentee, code.
    """

    taxonomy: Taxonomy
    mentors: tuple[Mentor, ...]
    mentees: tuple[Mentee, ...]
    mentor_side: Side
    mentee_side: Side
    practice: Bools
    offered: Bools
    welcome: Bools
    interests: Ints
    needs: Floats
    wishes: Floats
    barred: Ints
    positions: tuple[dict[str, int], dict[str, int]] = field(repr=False)
    vocabulary: Vocabulary = field(repr=False)

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones that the numbers in `mentor_side.zones` and `mentee_side.zones` stand for."""
        return tuple(self.vocabulary.zones)

    @property
    def shape(self) -> tuple[int, int]:
        """Number of mentors, number of mentees."""
        return len(self.mentors), len(self.mentees)

    @property
    def persons(self) -> Ints | None:
        """Whose each column of mentees is, for `matcher.Problem`; None where nobody has a board."""
        if not any(mentee.board for mentee in self.mentees):
            return None
        numbers: dict[tuple[str, str], int] = {}
        owners = (("board", mentee.board) if mentee.board else ("alone", mentee.key) for mentee in self.mentees)
        return np.array([numbers.setdefault(owner, len(numbers)) for owner in owners], dtype=np.int64)

    def mentor_index(self, key: str) -> int:
        """Return the row of a mentor's key."""
        return self.positions[0][key]

    def mentee_index(self, key: str) -> int:
        """Return the column of a mentee's key."""
        return self.positions[1][key]

    @classmethod
    def build(
        cls,
        mentors: Sequence[Mentor],
        mentees: Sequence[Mentee],
        taxonomy: Taxonomy | None = None,
        ties: Ties | None = None,
    ) -> "Pool":
        """
        Check the people whole and turn them into columns.

        Raises
        ------
        InvalidPoolError
            With every fault found.
        """
        taxonomy = taxonomy or load_taxonomy()
        ties = ties or Ties()
        faults = check_people(mentors, mentees, taxonomy)
        positions = (index(m.key for m in mentors), index(m.key for m in mentees))
        faults += check_ties(ties.interests, ties.exclusions, *positions)
        if faults:
            raise InvalidPoolError(faults)
        vocabulary = Vocabulary.of([*mentors, *mentees], taxonomy)
        return cls(
            taxonomy=taxonomy,
            mentors=tuple(mentors),
            mentees=tuple(mentees),
            mentor_side=vocabulary.side(mentors),
            mentee_side=vocabulary.side(mentees),
            practice=vocabulary.practice(mentors),
            offered=vocabulary.offered(mentors),
            welcome=vocabulary.welcome(mentors),
            interests=vocabulary.interests(mentees),
            needs=vocabulary.needs(mentees),
            wishes=wishes(ties, *positions),
            barred=barred(ties, *positions),
            positions=positions,
            vocabulary=vocabulary,
        )

    def take(self, mentors: Chosen = None, mentees: Chosen = None) -> "Pool":
        """
        Keep some people, in the order given; cheap, for nothing is checked or built again.

        Examples
        --------
        >>> lee = Mentee("n", "Lee", "UTC")
        >>> Pool.build([Mentor("m", "Mo", "UTC")], [lee, Mentee("o", "Kim", "UTC")]).take(mentees=[0]).shape
        (1, 1)
        """
        rows = rows_of(mentors, len(self.mentors))
        columns = rows_of(mentees, len(self.mentees))
        # A side that stays whole is looked at, not copied.
        mine, theirs = (
            slice(None) if chosen is None else kept for chosen, kept in ((mentors, rows), (mentees, columns))
        )
        kept_mentors = self.mentors if mentors is None else tuple(self.mentors[row] for row in rows)
        kept_mentees = self.mentees if mentees is None else tuple(self.mentees[column] for column in columns)
        return Pool(
            taxonomy=self.taxonomy,
            mentors=kept_mentors,
            mentees=kept_mentees,
            mentor_side=self.mentor_side.take(mine),
            mentee_side=self.mentee_side.take(theirs),
            practice=self.practice[mine],
            offered=self.offered[mine],
            welcome=self.welcome[mine],
            interests=self.interests[theirs],
            needs=self.needs[theirs],
            wishes=renumber(self.wishes, rows, columns, self.shape),
            barred=renumber(self.barred, rows, columns, self.shape),
            positions=(
                self.positions[0] if mentors is None else index(m.key for m in kept_mentors),
                self.positions[1] if mentees is None else index(m.key for m in kept_mentees),
            ),
            vocabulary=self.vocabulary,
        )

    def extended(
        self, mentors: Sequence[Mentor] = (), mentees: Sequence[Mentee] = (), ties: Ties | None = None
    ) -> "Pool":
        """
        Add people, and what is said about pairs; only they are checked and made into columns.

        Raises
        ------
        InvalidPoolError
            With every fault found.

        Notes
        -----
        A side to which nobody is added, and nothing new is said on, is not even copied: to look at thousands of people
        from the side of one takes a thousandth of building them.

        Examples
        --------
        >>> known = Pool.build([Mentor("m", "Mo", "UTC")], [])
        >>> known.extended(mentees=[Mentee("n", "Lee", "Asia/Tokyo")]).shape
        (1, 1)
        """
        ties = ties or Ties()
        faults = check_people(mentors, mentees, self.taxonomy)
        faults += [f"mentor {m.key}: the key is used already" for m in mentors if m.key in self.positions[0]]
        faults += [f"mentee {m.key}: the key is used already" for m in mentees if m.key in self.positions[1]]
        positions = (
            continued(self.positions[0], (m.key for m in mentors)),
            continued(self.positions[1], (m.key for m in mentees)),
        )
        faults += check_ties(ties.interests, ties.exclusions, *positions)
        if faults:
            raise InvalidPoolError(faults)
        words = self.vocabulary.extended([*mentors, *mentees])
        return Pool(
            taxonomy=self.taxonomy,
            mentors=(*self.mentors, *mentors) if mentors else self.mentors,
            mentees=(*self.mentees, *mentees) if mentees else self.mentees,
            mentor_side=self.mentor_side.above(words.side(mentors)),
            mentee_side=self.mentee_side.above(words.side(mentees)),
            practice=stack(self.practice, words.practice(mentors)),
            offered=stack(self.offered, words.offered(mentors)),
            welcome=stack(self.welcome, words.welcome(mentors)),
            interests=stack(self.interests, words.interests(mentees), padding=-1),
            needs=stack(self.needs, words.needs(mentees)),
            wishes=stack(self.wishes, wishes(ties, *positions)),
            barred=stack(self.barred, barred(ties, *positions)),
            positions=positions,
            vocabulary=words,
        )
