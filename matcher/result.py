"""What a solve hands back."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from matcher.arrays import BoolArray, FloatArray, IntArray, as_pairs, common_pairs, read_only
from matcher.certificate import Certificate
from matcher.problem import Problem


class SolveStatus(StrEnum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    """The pairs are the best there are."""
    FEASIBLE = "feasible"
    """The pairs keep every rule; `bound` says how much better others could be."""
    INFEASIBLE = "infeasible"
    """The pinned pairs clash; `conflicts` says where."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Pinned pairs that do not fit together.

    Attributes
    ----------
    kind : str
        ``"places"`` or ``"minutes"`` of a mentor, mentors ``"wanted"`` by a mentee, or ``"board"``: one mentor
        pinned to several columns of a person.
    mentor, mentee : int or None
        Whom it concerns. For a board the mentor and the person's first column.
    needed, available : int
        What the pins take, and what there is.
    """

    kind: str
    mentor: int | None
    mentee: int | None
    needed: int
    available: int

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.kind == "wanted":
            return (
                f"mentee {self.mentee} has {self.needed} pinned mentors and wants {self.available}: "
                f"drop {self.needed - self.available} of the pins, or let her want more"
            )
        if self.kind == "board":
            return (
                f"mentor {self.mentor} is pinned to {self.needed} columns of the person of column {self.mentee} "
                "and can fill one: drop the other pins"
            )
        unit = "pinned mentees" if self.kind == "places" else "minutes of pinned mentees"
        return (
            f"mentor {self.mentor} has {self.needed} {unit} and {self.available} {self.kind}: "
            "drop a pin, or ask the mentor for more"
        )


@dataclass(frozen=True, eq=False)
class Matching:
    """A set of pairs, and what it is worth in a problem.

    Attributes
    ----------
    pairs : IntArray
        Shape (n_pairs, 2), mentor and mentee, sorted.
    weights : FloatArray
        The weight of each pair, shape (n_pairs,).
    total_weight : float
        Their sum.
    covered : BoolArray
        Which persons have at least one mentor, shape (n_persons,).
    priority : float
        The summed priority of the covered persons.
    satisfaction : FloatArray
        The sum of each mentee's weights, shape (n_mentees,); with boards one number for each column.
    floor : float
        The smallest satisfaction among the covered persons, over all columns of each; 0 if nobody is covered.
    kept : int
        How many of the problem's open offers are among the pairs.
    """

    pairs: IntArray
    weights: FloatArray
    total_weight: float
    covered: BoolArray
    priority: float
    satisfaction: FloatArray
    floor: float
    kept: int

    @classmethod
    def of(cls, problem: Problem, pairs: IntArray) -> "Matching":
        """Measure acceptable `pairs` in `problem`."""
        pairs = as_pairs(pairs)
        weights = problem.weights_of(pairs)
        covered = np.zeros(problem.n_persons, dtype=np.bool_)
        covered[problem.person[pairs[:, 1]]] = True
        satisfaction = np.zeros(problem.n_mentees)
        np.add.at(satisfaction, pairs[:, 1], weights)
        of_person = np.bincount(problem.person, satisfaction, minlength=problem.n_persons)
        return cls(
            pairs=read_only(pairs),
            weights=read_only(weights),
            total_weight=float(weights.sum()),
            covered=read_only(covered),
            priority=float(problem.person_priority[covered].sum()),
            satisfaction=read_only(satisfaction),
            floor=float(of_person[covered].min()) if covered.any() else 0.0,
            kept=len(common_pairs(pairs, problem.open_offers)),
        )

    @property
    def coverage(self) -> int:
        """How many persons have at least one mentor."""
        return int(self.covered.sum())

    def worth(self, level: str) -> float:
        """Return what the matching reaches at a level: coverage, priority, floor, kept or total."""
        worth = {
            "coverage": float(self.coverage),
            "priority": self.priority,
            "floor": self.floor,
            "kept": float(self.kept),
            "total": self.total_weight,
        }
        return worth[level]


@dataclass(frozen=True, eq=False)
class SolveResult:
    """Pairs, what they are worth, and the proof.

    Attributes
    ----------
    status : SolveStatus
        Whether the pairs are proved best, only feasible, or the pins clash.
    objective : str
        What was asked for.
    pairs : IntArray
        Shape (n_pairs, 2), mentor and mentee, sorted; empty if INFEASIBLE.
    total_weight : float
        The sum of the pairs' weights.
    coverage : int
        How many persons have at least one mentor.
    satisfaction : FloatArray
        The sum of each mentee's weights, shape (n_mentees,).
    floor : float
        The smallest satisfaction among the covered.
    bound : float
        No matching as good on the earlier levels has a larger total weight; NaN if INFEASIBLE. For `stable`, which
        makes nothing large, 0: a matching cannot have fewer blocking pairs.
    gap : float
        ``max(0, bound - total_weight) / max(1, |total_weight|)``; NaN if INFEASIBLE. For `stable` 1 if blocking
        pairs are left because time ran out, else 0.
    solver_bound : float or None
        With mixed minutes and for `fair`, the bound of the mixed-integer solver: tighter, but nobody can
        recompute it.
    conflicts : tuple of Conflict
        The pins that clash, if INFEASIBLE.
    certificate : Certificate or None
        The proof for `matcher.verify`; None if INFEASIBLE.
    pinned_blocking_pairs : IntArray
        For `stable` the pairs that would block if pinned partners could be let go, shape (n, 2); else empty.
    """

    status: SolveStatus
    objective: str
    pairs: IntArray
    total_weight: float
    coverage: int
    satisfaction: FloatArray
    floor: float
    bound: float
    gap: float
    solver_bound: float | None
    conflicts: tuple[Conflict, ...]
    certificate: Certificate | None
    pinned_blocking_pairs: IntArray = field(default_factory=lambda: as_pairs(()))
