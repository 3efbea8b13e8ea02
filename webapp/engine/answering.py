"""Answers about a solved scenario: why not these two, and what would help somebody who was left out."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from matcher import Certificate, WhatIf, explain, explain_left_out
from matcher.arrays import as_pairs
from matcher.boards import columns_of, with_pins, without_mentor
from matcher.outcomes import Outcome
from webapp.engine.boards import columns_by_member, member_of, role_of
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
        self._members = columns_by_member(pool)
        problem = as_timed(self._posed, work, no_hour)
        if problem.sha256 != proof.problem_sha256:
            raise OtherProblemError
        self._what_if = WhatIf(problem, proof, time_limit=ADVICE_SECONDS)

    def pair(self, mentor: str, mentee: str) -> dict[str, Any]:
        """Answer for two people, by the ids of their memberships, as a coordinator may know it.

        On a mentee's board it is about the place of hers that costs least.

        Raises
        ------
        UnknownPersonError
            One of the two is not in the pool.

        """
        posed = self._posed
        j, columns = self._row(mentor), self._columns(mentee)
        if not posed.taken.isdisjoint((j, column) for column in columns):
            return _plain("not_possible", "already_paired")
        row, places = self._no_hour.get((mentor, mentee)), self._acceptable(j, columns)
        if row and not places:
            return _plain("not_possible", f"hour_{row['code']}", {"count": row["beside"]})
        i = self._cheapest(j, places)[0] if len(places) > 1 else next(iter(places), columns[0])
        found = explain(self._what_if, posed.pool, posed.settings, j, i, viewer="coordinator")
        entering, leaving = self._moves(found.entering, found.leaving)
        return _plain(
            found.state,
            found.why.key,
            dict(found.why.params),
            weight=found.weight,
            reasons=[asdict(reason) for reason in found.reasons],
            entering=entering,
            leaving=leaving,
            exact=found.cost is None or found.cost.exact,
        )

    def change(self, mentor: str, mentee: str, *, out: bool = False, old: str = "", role: str = "") -> dict[str, Any]:
        """Say what holding a pair would cost, or holding it `out`, or in place of the mentee's pair with `old`.

        The cost is the best matching under that condition less the best without it, both exact where `exact` says so;
        `key` is "cost", or why there can be none. On a mentee's board the pair is held in the place for `role`;
        in the one that costs least, where none is given.

        Raises
        ------
        UnknownPersonError
            One of them is not in the pool.

        """
        j, columns = self._row(mentor), self._columns(mentee)
        places = self._acceptable(j, columns)
        if role:
            named = [column for column in places if role_of(self._posed.pool.mentees[column]) == role]
            places = named or places
        if not out and not places:
            told = self.pair(mentor, mentee)
            return _plain("not_possible", told["key"], told["params"])
        i, found = self._out(j, columns) if out else self._cheapest(j, places, self._row(old) if old else None)
        if not found.possible:
            return _plain("not_possible", "cost_pinned")
        before = set(map(tuple, self._what_if.pairs.tolist()))
        own = {(row, column) for row, column in found.own.tolist()} - before - {(j, i)}
        entering, leaving = self._moves(
            self._keys([*found.entering.tolist(), *sorted(own)]), self._keys(found.leaving.tolist())
        )
        return _plain(
            "possible",
            "cost",
            coverage=found.coverage,
            priority=found.priority,
            floor=found.floor if self._what_if.objective == "fair" else 0.0,
            total=found.total,
            entering=entering,
            leaving=leaving,
            exact=found.exact,
        )

    def _acceptable(self, mentor: int, columns: Sequence[int]) -> list[int]:
        """Return the places of a mentee that a mentor may fill."""
        weights = self._what_if.problem.weights_of(as_pairs([(mentor, column) for column in columns]))
        return [column for column, weight in zip(columns, weights.tolist(), strict=True) if not np.isnan(weight)]

    def _cheapest(self, mentor: int, columns: Sequence[int], old: int | None = None) -> tuple[int, Outcome]:
        """Return the place of a mentee in which holding the pair costs least, and what it costs there."""
        found = [(column, self._held(mentor, column, old)) for column in columns]
        fair = self._what_if.objective == "fair"

        def worth(entry: tuple[int, Outcome]) -> tuple[bool, int, float, float]:
            one = entry[1]
            return one.possible, one.coverage, one.floor if fair else one.priority, one.total

        return max(found, key=worth)

    def _held(self, mentor: int, column: int, old: int | None) -> Outcome:
        """Return the outcome of holding a pair; in place of the mentee's pair with `old`, if she is given."""
        if old is None:
            return self._what_if.pair(mentor, column)
        problem = self._what_if.problem
        board = columns_of(problem, column)
        if len(board) == 1:
            return self._what_if.instead(mentor, column, old)
        closed = as_pairs([(old, one) for one in board.tolist()])
        kept = problem.pinned[~((problem.pinned[:, 0] == old) & np.isin(problem.pinned[:, 1], board))]
        pins = np.unique(np.vstack([kept, as_pairs([(mentor, column)])]), axis=0)
        return with_pins(self._what_if, pins, closed, (mentor, column))

    def _out(self, mentor: int, columns: Sequence[int]) -> tuple[int, Outcome]:
        """Return the place in which a mentor is held, and the outcome of holding her out of all of them."""
        pairs = set(map(tuple, self._what_if.pairs.tolist()))
        held = next((column for column in columns if (mentor, column) in pairs), columns[0])
        if len(columns) == 1 or (mentor, held) not in pairs:
            return held, self._what_if.without(mentor, held)
        return held, without_mentor(self._what_if, mentor, np.array(columns))

    def _keys(self, pairs: Sequence[Sequence[int]]) -> tuple[tuple[str, str], ...]:
        pool = self._posed.pool
        return tuple((pool.mentors[j].key, pool.mentees[i].key) for j, i in pairs)

    def _moves(
        self, entering: Iterable[tuple[str, str]], leaving: Iterable[tuple[str, str]]
    ) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
        """Return pairs that come in and go out as people; who only changes her place on a board does neither."""
        pool, columns = self._posed.pool, self._posed.pool.positions[1]
        sides = [
            dict.fromkeys((mentor, member_of(pool.mentees[columns[key]])) for mentor, key in pairs)
            for pairs in (entering, leaving)
        ]
        stays = sides[0].keys() & sides[1].keys()
        come, go = (tuple(pair for pair in side if pair not in stays) for side in sides)
        return come, go

    def left_out(self, key: str, side: str) -> dict[str, Any] | None:
        """Say what smallest edit would help somebody, as mentor or mentee; None for who has somebody.

        Raises
        ------
        UnknownPersonError
            There is no such person in the pool.

        """
        numbers = [self._row(key)] if side == "mentor" else self._columns(key)
        if np.isin(self._what_if.pairs[:, 0 if side == "mentor" else 1], numbers).any():
            return None
        found = explain_left_out(
            self._what_if,
            self._posed.pool,
            self._posed.settings,
            viewer="coordinator",
            time_limit=ADVICE_SECONDS,
            mentor=numbers[0] if side == "mentor" else None,
            mentee=numbers[0] if side == "mentee" else None,
        )
        change = {"key": found.change.key, "params": dict(found.change.params)}
        entering, leaving = self._moves(found.entering, found.leaving)
        return _plain(
            "left_out", found.why.key, dict(found.why.params), change=change, entering=entering, leaving=leaving
        )

    def _row(self, key: str) -> int:
        try:
            return self._posed.pool.positions[0][key]
        except KeyError as error:
            raise UnknownPersonError(key) from error

    def _columns(self, key: str) -> list[int]:
        try:
            return self._members[key]
        except KeyError as error:
            raise UnknownPersonError(key) from error


def _plain(state: str, key: str, params: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {"state": state, "key": key, "params": params or {}, "entering": (), "leaving": ()} | more
