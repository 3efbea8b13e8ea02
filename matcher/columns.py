"""People to arrays: the columns a pool is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.availability import CELLS, cells
from matcher.people import Interest, Mentee, Mentor, Ties
from matcher.taxonomy import Taxonomy

__all__ = [
    "Bools",
    "Chosen",
    "Floats",
    "Ints",
    "Side",
    "Vocabulary",
    "continued",
    "index",
    "renumber",
    "rows_of",
    "stack",
    "stated",
]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Chosen = Sequence[int] | Ints | slice | None
Number = TypeVar("Number", np.int64, np.float64, np.bool_)

FIRST_NEED = 2.0
RANK_STEP = 0.1


@dataclass(frozen=True)
class Side:
    """The columns that both sides have, one row a person."""

    persons: Ints
    zones: Ints
    stages: Ints
    languages: Bools
    background: Bools
    free: Bools

    def take(self, rows: Ints | slice) -> "Side":
        """Keep some rows."""
        return Side(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def above(self, more: "Side") -> "Side":
        """Put the rows of `more` below these."""
        return Side(*(stack(getattr(self, name), getattr(more, name)) for name in self.__dataclass_fields__))


def index(values: Iterable[str]) -> dict[str, int]:
    """Give each distinct value a number, in the order of first appearance."""
    return {value: position for position, value in enumerate(dict.fromkeys(values))}


def continued(numbers: dict[str, int], more: Iterable[str]) -> dict[str, int]:
    """Give each value that has no number yet the next one."""
    fresh = index(value for value in more if value not in numbers)
    return {**numbers, **{value: len(numbers) + order for value, order in fresh.items()}} if fresh else numbers


def stated(table: Bools | Ints) -> Bools:
    """Say for each row whether anything in it is marked (numbers: whether any is not the padding)."""
    marked = table if table.dtype == np.bool_ else table >= 0
    return np.asarray(marked.any(axis=1), dtype=np.bool_)


def rows_of(chosen: Chosen, length: int) -> Ints:
    """Turn a choice of rows into their numbers; None is all."""
    if chosen is None:
        return np.arange(length, dtype=np.int64)
    if isinstance(chosen, slice):
        return np.arange(length, dtype=np.int64)[chosen]
    return np.asarray(chosen, dtype=np.int64).reshape(-1)


def renumber(table: NDArray[Number], rows: Ints, columns: Ints, shape: tuple[int, int]) -> NDArray[Number]:
    """Keep the lines about kept mentors and mentees, with their new numbers in the first two columns."""
    new_row, new_column = np.full(shape[0], -1), np.full(shape[1], -1)
    new_row[rows] = np.arange(len(rows))
    new_column[columns] = np.arange(len(columns))
    kept = table.copy()
    kept[:, 0] = new_row[table[:, 0].astype(np.int64)]
    kept[:, 1] = new_column[table[:, 1].astype(np.int64)]
    return kept[(kept[:, 0] >= 0) & (kept[:, 1] >= 0)]


def stack(table: NDArray[Number], more: NDArray[Number], padding: int = 0) -> NDArray[Number]:
    """Put the rows of `more` below those of `table`; where one is narrower, `padding` fills it up."""
    if table.ndim == 1:
        return np.concatenate([table, more]) if len(more) else table
    width = max(table.shape[1], more.shape[1])
    wide = [
        part if part.shape[1] == width else np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=padding)
        for part in (table, more)
    ]
    return np.vstack(wide) if len(more) else wide[0]


@dataclass(frozen=True)
class Vocabulary:
    """The numbers that stand for words, shared by both sides."""

    taxonomy: Taxonomy
    persons: dict[str, int]
    zones: dict[str, int]
    languages: dict[str, int]
    background: dict[str, int]

    @classmethod
    def of(cls, people: Sequence[Mentor | Mentee], taxonomy: Taxonomy) -> "Vocabulary":
        """Give a number to all that these people say."""
        return cls(
            taxonomy=taxonomy,
            persons=index(p.person for p in people),
            zones=index(sorted({p.zone for p in people})),
            languages=index(text for p in people for text in p.languages),
            background=index(text for p in people for text in p.background),
        )

    def extended(self, people: Sequence[Mentor | Mentee]) -> "Vocabulary":
        """Give a number to what these people say as well; what has one keeps it."""
        more = Vocabulary.of(people, self.taxonomy)
        return Vocabulary(
            self.taxonomy,
            *(
                continued(getattr(self, name), getattr(more, name))
                for name in ("persons", "zones", "languages", "background")
            ),
        )

    def side(self, people: Sequence[Mentor] | Sequence[Mentee]) -> Side:
        """Make the columns that both sides have."""
        stages = self.taxonomy.stage_index
        free = np.zeros((len(people), CELLS), dtype=np.bool_)
        rows: Sequence[Mentor | Mentee] = people
        for row, p in enumerate(rows):
            free[row] = cells(p.windows)
        return Side(
            persons=np.array([self.persons[p.person] for p in people], dtype=np.int64),
            zones=np.array([self.zones[p.zone] for p in people], dtype=np.int64),
            stages=np.array([-1 if p.stage is None else stages[p.stage] for p in people], dtype=np.int64),
            languages=_members([p.languages for p in people], self.languages),
            background=_members([p.background for p in people], self.background),
            free=free,
        )

    def practice(self, mentors: Sequence[Mentor]) -> Bools:
        """Mark each mentor's specialties."""
        return _members([m.specialties for m in mentors], self.taxonomy.specialty_index)

    def offered(self, mentors: Sequence[Mentor]) -> Bools:
        """Mark each mentor's topics."""
        return _members([m.topics for m in mentors], self.taxonomy.topic_index)

    def welcome(self, mentors: Sequence[Mentor]) -> Bools:
        """Mark the stages each mentor welcomes; nobody is refused for a stage not stated (the last column)."""
        table = _members([m.stages_welcome for m in mentors], self.taxonomy.stage_index)
        table[~table.any(axis=1)] = True
        students = [stage.student for stage in self.taxonomy.stages.values()]
        table[np.ix_([not m.welcomes_students for m in mentors], students)] = False
        return np.hstack([table, np.ones((len(mentors), 1), dtype=np.bool_)])

    def interests(self, mentees: Sequence[Mentee]) -> Ints:
        """List the positions of each mentee's specialties of interest, padded with -1."""
        width = max((len(m.specialties) for m in mentees), default=0)
        table = np.full((len(mentees), width), -1, dtype=np.int64)
        for row, m in enumerate(mentees):
            table[row, : len(m.specialties)] = [self.taxonomy.specialty_index[key] for key in m.specialties]
        return table

    def needs(self, mentees: Sequence[Mentee]) -> Floats:
        """Weigh each mentee's topics: the first need counts double."""
        table = np.zeros((len(mentees), len(self.taxonomy.topics)))
        for row, m in enumerate(mentees):
            for order, key in enumerate(m.topics):
                column = self.taxonomy.topic_index[key]
                table[row, column] = max(table[row, column], 1.0 if order else FIRST_NEED)
        return table


def _members(lists: Sequence[tuple[str, ...]], positions: Mapping[str, int]) -> Bools:
    table = np.zeros((len(lists), len(positions)), dtype=np.bool_)
    rows = np.repeat(np.arange(len(lists)), [len(values) for values in lists])
    table[rows, [positions[value] for values in lists for value in values]] = True
    return table


def wish_score(interest: Interest) -> float:
    """Score one side's wish: the first choice is 1, each rank less, never under "not stated"; not for me is 0."""
    return max(0.5 + RANK_STEP / 2, 1.0 - RANK_STEP * interest.rank) if interest.positive else 0.0


def wishes(ties: Ties, mentors: Mapping[str, int], mentees: Mapping[str, int]) -> Floats:
    """List rows of mentor, mentee, side (0 mentor, 1 mentee) and score."""
    lines = [(mentors[t.mentor], mentees[t.mentee], float(t.side == "mentee"), wish_score(t)) for t in ties.interests]
    return np.array(lines, dtype=np.float64).reshape(-1, 4)


def barred(ties: Ties, mentors: Mapping[str, int], mentees: Mapping[str, int]) -> Ints:
    """List rows of mentor, mentee and code."""
    lines = [(mentors[t.mentor], mentees[t.mentee], int(t.code)) for t in ties.exclusions]
    return np.array(lines, dtype=np.int64).reshape(-1, 3)
