"""Prices of everything that is short, by which a bound is proved; see `matcher.bounds` for what they mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.arrays import FloatArray

VECTORS = ("mentee", "person", "mentor", "minutes")
SCALARS = ("coverage", "priority")
FLOOR = "floor"
KEPT = "kept"


@dataclass(frozen=True, eq=False)
class Prices:
    """What one more of everything would add to a level.

    Attributes
    ----------
    mentee : FloatArray
        :math:`u_i >= 0`, shape (n_mentees,).
    person : FloatArray
        :math:`q_p`, either sign, shape (n_persons,).
    mentor : FloatArray
        :math:`v_j >= 0`, shape (n_mentors,).
    minutes : FloatArray
        :math:`m_j >= 0`, shape (n_mentors,); 0 without minutes.
    coverage, priority : float
        :math:`lambda` and :math:`mu`, >= 0.
    floor : FloatArray or None
        :math:`s_p >= 0`, shape (n_persons,); None where there is no floor to keep.
    kept : float or None
        :math:`nu >= 0`; None where there are no offers to keep.
    """

    mentee: FloatArray
    person: FloatArray
    mentor: FloatArray
    minutes: FloatArray
    coverage: float = 0.0
    priority: float = 0.0
    floor: FloatArray | None = None
    kept: float | None = None

    def to_plain(self) -> dict[str, Any]:
        """Return the prices as lists and floats, with every sign right."""
        plain: dict[str, Any] = {name: getattr(self, name).tolist() for name in VECTORS}
        plain |= {name: float(getattr(self, name)) for name in SCALARS}
        plain |= {} if self.kept is None else {KEPT: float(self.kept)}
        return plain if self.floor is None else plain | {FLOOR: self.floor.tolist()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Prices":
        """Return the prices that `to_plain` wrote."""
        vectors = {name: np.asarray(plain[name], dtype=np.float64) for name in VECTORS}
        if FLOOR in plain:
            vectors[FLOOR] = np.asarray(plain[FLOOR], dtype=np.float64)
        kept = float(plain[KEPT]) if KEPT in plain else None
        return cls(**vectors, coverage=float(plain["coverage"]), priority=float(plain["priority"]), kept=kept)
