r"""The certificate: a matching with the prices that prove how good it is.

A certificate is plain data that goes into a file and comes back. `matcher.bounds` has the formula behind it
and `matcher.verify` checks it.

Every field has a SHA-256 in `digests`, and `content_sha256` closes the digests. They show *which* field was
changed by accident or by hand, also where nothing can be recomputed, as with the seed. They are no signature: what
a forger could change together with its digest (pairs, values, prices, bounds, gaps, capacities, ...) is
recomputed from the problem.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from matcher.errors import InvalidCertificateError
from matcher.problem import Problem

FORMAT = 3
"""The version of the file's format."""

LEVELS: Mapping[str, tuple[str, ...]] = {
    "coverage": ("coverage", "priority", "total"),
    "fair": ("coverage", "floor", "total"),
    "stable": ("stability",),
    "total": ("total",),
}
"""The levels of each objective, the most important first."""

REPAIR = "repair"
"""The objective of `matcher.repair`; `matcher.solve` knows it not."""

_LEVELS_OF_REPAIR = ("coverage", "kept", "total")

TOLERANCE = 1e-6
"""A gap up to this counts as closed."""

FLOOR_TOLERANCE = 1e-3
"""The gap of a floor up to this counts as closed."""


def is_closed(level: str, gap: float) -> bool:
    """Return whether a level's gap counts as closed."""
    return gap <= (FLOOR_TOLERANCE if level == "floor" else TOLERANCE)


def levels_of(objective: str, *, has_priority: bool) -> tuple[str, ...]:
    """Return the names of an objective's levels, without the priorities if nobody has any."""
    if objective == REPAIR:
        return _LEVELS_OF_REPAIR
    return tuple(name for name in LEVELS[objective] if name != "priority" or has_priority)


@dataclass(frozen=True, eq=False)
class Certificate:
    """A matching and its proof, as plain values.

    Attributes
    ----------
    format : int
        The version of the format.
    problem_sha256 : str
        `matcher.Problem.sha256` of the problem solved.
    objective : str
        ``"coverage"``, ``"total"``, ``"fair"`` or ``"stable"``, or ``"repair"``.
    status : str
        ``"optimal"`` or ``"feasible"``.
    mentor_capacity, mentee_capacity : list of int
        Places and mentors wanted, as in the problem.
    mentor_minutes : list of int or None
        Minutes a month each mentor gives.
    minutes_mode : str
        ``"none"``, ``"uniform"`` or ``"mixed"``.
    pairs : list of [int, int]
        Mentor and mentee, sorted.
    values : dict of str to float
        For each level what the pairs reach: persons covered, their summed priority, the smallest satisfaction
        among them, open offers kept, total weight; for ``"stability"`` minus the number of blocking pairs.
    prices : dict of str to dict
        For each level the prices of `matcher.bounds.Prices`, as lists; none for ``"stability"``.
    bounds : dict of str to float
        For each level what no matching can exceed that is as good on the levels before; 0 for ``"stability"``.
    gaps : dict of str to float
        For each level ``max(0, bound - value) / max(1, |value|)``.
    solver_bounds : dict of str to float, or None
        With mixed minutes and for ``"fair"``, the bounds of the mixed-integer solver. They can be tighter than
        `bounds`, which come from the linear programme; but only `bounds` can be recomputed.
    stability : dict or None
        For ``"stable"``: `proposing`, the side that did; `mentor_ranks` and `mentee_ranks`, lists of
        [mentor, mentee, rank] or None; and `pinned_blocking`, the pairs that would block if pinned partners could
        be let go.
    versions : dict of str to str
        Of Python and of the libraries.
    seed : int
        The seed that broke ties.
    repair : dict or None
        For ``"repair"``: `open_offers`, a list of [mentor, mentee], and `most_withdrawn`, an int or None. In files
        of other objectives this field does not stand.
    digests : dict of str to str
        SHA-256 of every field above.
    content_sha256 : str
        SHA-256 of `digests`.
    """

    format: int
    problem_sha256: str
    objective: str
    status: str
    mentor_capacity: list[int]
    mentee_capacity: list[int]
    mentor_minutes: list[int] | None
    minutes_mode: str
    pairs: list[list[int]]
    values: dict[str, float]
    prices: dict[str, dict[str, Any]]
    bounds: dict[str, float]
    gaps: dict[str, float]
    solver_bounds: dict[str, float] | None
    stability: dict[str, Any] | None
    versions: dict[str, str]
    seed: int
    repair: dict[str, Any] | None = None
    digests: dict[str, str] = field(default_factory=dict)
    content_sha256: str = ""

    @classmethod
    def sealed(cls, **content: Any) -> "Certificate":
        """Make a certificate from every field but the digests, which are computed."""
        names = [name for name in SUBSTANCE if name != REPAIR or content.get(REPAIR) is not None]
        digests = {name: digest_of(content[name]) for name in names}
        return cls(**content, digests=digests, content_sha256=digest_of(digests))

    @classmethod
    def from_json(cls, text: str) -> "Certificate":
        """Read a certificate. Whether it is true is for `matcher.verify` to say.

        Raises
        ------
        InvalidCertificateError
            If `text` is not a JSON object, or a field is missing or unknown.
        """
        try:
            content = json.loads(text)
        except ValueError as error:
            raise InvalidCertificateError(f"the certificate is not JSON: {error}") from error
        if not isinstance(content, dict):
            raise InvalidCertificateError("the certificate is not a JSON object")
        names = {item.name for item in fields(cls)}
        if missing := sorted(names - content.keys() - {REPAIR}):
            raise InvalidCertificateError(f"the certificate has no {', '.join(missing)}")
        if unknown := sorted(content.keys() - names):
            raise InvalidCertificateError(f"the certificate has unknown fields: {', '.join(unknown)}")
        return cls(**content)

    def to_json(self) -> str:
        """Return the certificate as JSON; numbers come back with the same bits."""
        content = {item.name: getattr(self, item.name) for item in fields(self)}
        if self.repair is None:
            del content[REPAIR]
        return json.dumps(content, indent=1)


SUBSTANCE = tuple(item.name for item in fields(Certificate) if item.name not in {"digests", "content_sha256"})
"""The fields that have a digest; `repair` only where it stands."""


def plain_offers(problem: Problem) -> dict[str, Any]:
    """Return what a certificate says about the open offers of a problem."""
    return {"open_offers": problem.open_offers.tolist(), "most_withdrawn": problem.most_withdrawn}


def digest_of(value: object) -> str:
    """Return the SHA-256 of a plain value's canonical JSON."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
