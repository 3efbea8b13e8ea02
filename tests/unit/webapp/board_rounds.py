"""Small rounds with boards of mentors, and their best matchings by trying everything, without the engine."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.unit.webapp.test_solving import SETTINGS, mentee, mentor, work
from webapp.engine.answering import Answers
from webapp.engine.checking import check_work
from webapp.engine.posing import pose, read_pool
from webapp.engine.solving import solve_work

NEEDS = ("leadership", "career_change", "burnout")
WEIGHTS = {"topics": 2.0, "languages": 1.0, "interest": 1.0}  # nobody wished: the last is half for all
LEAST = -np.inf


def board(key, roles, *, filled=(), topics=NEEDS, **values):
    """Return a mentee with a board as a snapshot holds her."""
    return mentee(key, topics=list(topics), wanted=len(roles), **values) | {
        "roles": list(roles),
        "filled": list(filled),
    }


def random_round(seed: int, *, boards: bool = True, **values: Any) -> dict[str, Any]:
    """Return the work of a round of three mentors and three mentees, up to two of them with boards."""
    random = np.random.default_rng(seed)

    def some(words, least):
        return [words[i] for i in sorted(random.permutation(len(words))[: random.integers(least, len(words) + 1)])]

    mentors = [
        mentor(f"m{j}", topics=some(NEEDS, 1), languages=some(["en", "fr"], 1), places=int(random.integers(1, 3)))
        for j in range(3)
    ]
    mentees = [mentee("n0", topics=some(NEEDS, 1), languages=some(["en", "fr"], 1), wanted=int(random.integers(1, 3)))]
    for i in (1, 2):
        needs, languages = some(NEEDS, 2), some(["en", "fr"], 1)
        asks = boards and (i == 1 or random.random() < 0.6)
        plain = board(f"n{i}", needs[:2], topics=needs) if asks else mentee(f"n{i}", topics=needs, wanted=2)
        mentees.append(plain | {"languages": languages})
    settings = SETTINGS | {"weights": WEIGHTS, "language_required": False}
    return work(mentors, mentees, settings=settings, **values)


@dataclass
class Everything:
    """All matchings of a round: each row of `chosen` is one, each column a mentor, a mentee and a need (or nothing)."""

    triples: list[tuple[str, str, str]]
    chosen: Any
    coverage: Any
    total: Any

    def best(self, holds: Any = True) -> tuple[float, float]:
        """Return the largest coverage, and the largest total with it, of the matchings where `holds`."""
        fits = np.broadcast_to(holds, self.coverage.shape)
        if not fits.any():
            return LEAST, LEAST
        most = self.coverage[fits].max()
        return float(most), float(self.total[fits & (self.coverage == most)].max())

    def has(self, mentor_key: str, mentee_key: str, role: str | None = None) -> Any:
        """Return in which matchings two people are a pair, in one place or in any."""
        mine = [(j, i) == (mentor_key, mentee_key) and role in {None, r} for j, i, r in self.triples]
        return self.chosen[:, mine].any(axis=1)


def try_everything(plain: dict[str, Any]) -> Everything:
    snapshot = plain["snapshot"]
    mentors = {row["key"]: row for row in snapshot["mentors"]}
    mentees = {row["key"]: row for row in snapshot["mentees"]}
    triples = [(j, i, role) for j in mentors for i in mentees for role in mentees[i].get("roles", [""])]
    chosen = ((np.arange(2 ** len(triples))[:, np.newaxis] >> np.arange(len(triples))) & 1).astype(bool)

    def count(which):
        return chosen[:, [bool(which(*triple)) for triple in triples]].sum(axis=1)

    fine = np.ones(len(chosen), dtype=bool)
    for key, row in mentors.items():
        fine &= count(lambda j, _i, _r, key=key: j == key) <= row["places"]
    for key, row in mentees.items():
        roles = row.get("roles", [""])
        limit = 1 if "roles" in row else row["wanted"]
        for role in roles:
            fine &= count(lambda _j, i, r, key=key, role=role: (i, r) == (key, role)) <= limit
        for one in mentors:
            fine &= count(lambda j, i, _r, key=key, one=one: (j, i) == (one, key)) <= 1
    chosen = chosen[fine]
    worth = np.array([_weight(mentors[j], mentees[i], role) for j, i, role in triples])
    covered = [chosen[:, [i == key for _j, i, _r in triples]].any(axis=1) for key in mentees]
    return Everything(triples, chosen, np.sum(covered, axis=0), chosen @ worth)


def _weight(one: dict[str, Any], other: dict[str, Any], role: str) -> float:
    """Weigh a pair by hand: the share of the needs that are met, the first twice; on a board that of its one need."""
    needs = [role] if role else list(dict.fromkeys(other["topics"]))
    doubled = [needs[0], *needs]
    topics = sum(need in one["topics"] for need in doubled) / len(doubled)
    languages = float(bool(set(one["languages"]) & set(other["languages"])))
    whole = sum(WEIGHTS.values())
    return (WEIGHTS["topics"] * topics + WEIGHTS["languages"] * languages + WEIGHTS["interest"] / 2) / whole


def solved(plain):
    return solve_work(plain, lambda *_said: None)


def triples(result):
    return {(p["mentor_id"], p["mentee_id"], p["role"]) for p in result["proposals"]}


def posed(plain):
    return pose(plain, *read_pool(plain), lambda _share: None)


def answers_of(plain):
    result = solved(plain)
    return Answers(plain, result["certificate"], result["totals"]["no_hour"])


def checked(plain, result, **changes):
    stored = [[p["mentor_id"], p["mentee_id"], *([p["role"]] if p["role"] else [])] for p in result["proposals"]]
    asked = {"certificate": result["certificate"], "totals": result["totals"], "stored": stored} | changes
    return check_work(plain | asked, lambda *_said: None)
