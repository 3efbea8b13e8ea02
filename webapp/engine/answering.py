"""Answers about a solved scenario: why not these two, and what would help somebody who was left out."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from matcher import Certificate, WhatIf, explain, explain_left_out
from matcher.arrays import as_pairs
from webapp.engine.posing import as_timed, pose, read_pool

ADVICE_SECONDS = 10.0
"""As long is looked for an edit that would help, where each takes a solve of its own."""


class UnknownPersonError(LookupError):
    """Somebody asked about was not in the pool when the round was frozen."""


class OtherProblemError(Exception):
    """The scenario's pairs were found in a search that ended early, so that no problem proves them best."""


class Answers:
    """One scenario, ready to be asked; made once, for scoring everybody takes a while.

    Parameters
    ----------
    work
        As `services.scenarios.read_work` gives it.
    certificate
        The scenario's, as JSON.
    no_hour
        Its pairs that found no hour, as in its totals.

    Raises
    ------
    OtherProblemError
        The certificate is not of the problem that these make.

    """

    def __init__(self, work: dict[str, Any], certificate: str, no_hour: Sequence[dict[str, Any]]) -> None:
        pool, settings = read_pool(work)
        self._posed = pose(work, pool, settings, lambda _share: None)
        self._no_hour = {(row["mentor_id"], row["mentee_id"]): row for row in no_hour}
        proof = Certificate.from_json(certificate)
        problem = as_timed(self._posed, work, list(self._no_hour))
        if problem.sha256 != proof.problem_sha256:
            raise OtherProblemError
        self._what_if = WhatIf(problem, proof, time_limit=ADVICE_SECONDS)

    def pair(self, mentor: str, mentee: str) -> dict[str, Any]:
        """Answer for two people, by the ids of their memberships, as a coordinator may know it.

        Raises
        ------
        UnknownPersonError
            One of the two is not in the pool.

        """
        posed = self._posed
        j, i = self._position(0, mentor), self._position(1, mentee)
        if (j, i) in posed.taken:
            return _plain("not_possible", "already_paired")
        if row := self._no_hour.get((mentor, mentee)):
            return _plain("not_possible", f"hour_{row['code']}", {"count": row["beside"]})
        found = explain(self._what_if, posed.pool, posed.settings, j, i, viewer="coordinator")
        return _plain(
            found.state,
            found.why.key,
            dict(found.why.params),
            weight=found.weight,
            reasons=[asdict(reason) for reason in found.reasons],
            entering=found.entering,
            leaving=found.leaving,
            exact=found.cost is None or found.cost.exact,
        )

    def change(self, mentor: str, mentee: str, *, out: bool = False, old: str = "") -> dict[str, Any]:
        """Say what holding a pair would cost, or holding it `out`, or in place of the mentee's pair with `old`.

        The cost is the best matching under that condition less the best without it, both exact where `exact` says so;
        `key` is "cost", or why there can be none.

        Raises
        ------
        UnknownPersonError
            One of them is not in the pool.

        """
        j, i = self._position(0, mentor), self._position(1, mentee)
        if not out and np.isnan(self._what_if.problem.weights_of(as_pairs([(j, i)]))[0]):
            told = self.pair(mentor, mentee)
            return _plain("not_possible", told["key"], told["params"])
        if out:
            found = self._what_if.without(j, i)
        elif old:
            found = self._what_if.instead(j, i, self._position(0, old))
        else:
            found = self._what_if.pair(j, i)
        if not found.possible:
            return _plain("not_possible", "cost_pinned")
        before = set(map(tuple, self._what_if.pairs.tolist()))
        own = {(row, column) for row, column in found.own.tolist()} - before - {(j, i)}
        return _plain(
            "possible",
            "cost",
            coverage=found.coverage,
            priority=found.priority,
            floor=found.floor if self._what_if.objective == "fair" else 0.0,
            total=found.total,
            entering=self._keys([*found.entering.tolist(), *sorted(own)]),
            leaving=self._keys(found.leaving.tolist()),
            exact=found.exact,
        )

    def _keys(self, pairs: Sequence[Sequence[int]]) -> tuple[tuple[str, str], ...]:
        pool = self._posed.pool
        return tuple((pool.mentors[j].key, pool.mentees[i].key) for j, i in pairs)

    def left_out(self, key: str, side: str) -> dict[str, Any] | None:
        """Say what smallest edit would help somebody, as mentor or mentee; None for who has somebody.

        Raises
        ------
        UnknownPersonError
            There is no such person in the pool.

        """
        number = self._position(0 if side == "mentor" else 1, key)
        if (self._what_if.pairs[:, 0 if side == "mentor" else 1] == number).any():
            return None
        found = explain_left_out(
            self._what_if,
            self._posed.pool,
            self._posed.settings,
            viewer="coordinator",
            time_limit=ADVICE_SECONDS,
            mentor=number if side == "mentor" else None,
            mentee=number if side == "mentee" else None,
        )
        change = {"key": found.change.key, "params": dict(found.change.params)}
        return _plain(
            "left_out",
            found.why.key,
            dict(found.why.params),
            change=change,
            entering=found.entering,
            leaving=found.leaving,
        )

    def _position(self, side: int, key: str) -> int:
        try:
            return self._posed.pool.positions[side][key]
        except KeyError as error:
            raise UnknownPersonError(key) from error


def _plain(state: str, key: str, params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"state": state, "key": key, "params": params or {}, "entering": (), "leaving": ()} | more
