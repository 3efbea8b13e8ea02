"""The one door to answers: why this pair, why not that one, and what would change it."""

from typing import Literal, overload

import numpy as np

from matcher.answers import (
    CoordinatorAdvice,
    CoordinatorAnswer,
    ParticipantAdvice,
    ParticipantAnswer,
    Sentence,
    State,
)
from matcher.arrays import IntArray, as_pairs
from matcher.augmenting import MARGIN
from matcher.boards import columns_of, with_answers
from matcher.codes import Code
from matcher.explain import Viewer, reasons
from matcher.left_out import codes_of, why_left_out
from matcher.outcomes import Outcome
from matcher.pool import Pool
from matcher.scoring import score
from matcher.settings import Settings
from matcher.smallest_edit import FoundEdit, find_mentee_edit, find_mentor_edit
from matcher.what_if import WhatIf
from matcher.why_not import why_not

__all__ = ["explain", "explain_left_out"]

Participant = Literal["mentor", "mentee"]
Keys = tuple[tuple[str, str], ...]


@overload
def explain(
    what_if: WhatIf, pool: Pool, settings: Settings, mentor: int, mentee: int, *, viewer: Participant
) -> ParticipantAnswer: ...
@overload
def explain(
    what_if: WhatIf, pool: Pool, settings: Settings, mentor: int, mentee: int, *, viewer: Literal["coordinator"]
) -> CoordinatorAnswer: ...
def explain(
    what_if: WhatIf, pool: Pool, settings: Settings, mentor: int, mentee: int, *, viewer: Viewer
) -> ParticipantAnswer | CoordinatorAnswer:
    """Explain a pair: the parts in words, the reason code, or what matching it would cost.

    Parameters
    ----------
    what_if
        Of the problem that was built from `pool` and `settings`, and its result; or of
        `matcher.TimedMatch.unpinned`, where a pair that the rules allow and the problem does not has found no time.
    pool, settings
        The people, and what the programme decides.
    mentor, mentee
        Row and column of the pair.
    viewer
        Who reads. Whoever lets participants ask limits how often they may.

    Returns
    -------
    ParticipantAnswer or CoordinatorAnswer

    Examples
    --------
    >>> from matcher import solve
    >>> from matcher.pool import Mentee, Mentor
    >>> from matcher.scoring import build_problem
    >>> pool, settings = Pool.build([Mentor("m", "Mo", "UTC")], [Mentee("n", "Lee", "UTC")]), Settings()
    >>> problem, _ = build_problem(pool, settings)
    >>> str(explain(WhatIf(problem, solve(problem)), pool, settings, 0, 0, viewer="mentee").why)
    'The two are matched.'
    """
    scores = score(pool.take([mentor], [mentee]), settings)
    code = Code(int(scores.codes[0, 0]))
    pinned = bool((what_if.pairs == (mentor, mentee)).all(axis=1).any())
    no_time = code == Code.ACCEPTABLE and bool(np.isnan(what_if.problem.weights_of(as_pairs([(mentor, mentee)]))[0]))
    state: State = "paired" if pinned else "possible" if code == Code.ACCEPTABLE and not no_time else "not_possible"
    if viewer != "coordinator":
        told = reasons(pool, settings, mentor, mentee, viewer=viewer) if state != "not_possible" else ()
        return ParticipantAnswer(state, told, _why(state, code, no_time=no_time, participant=True))
    cost = what_if.pair(mentor, mentee) if state != "not_possible" else None
    return CoordinatorAnswer(
        mentor=pool.mentors[mentor].key,
        mentee=pool.mentees[mentee].key,
        state=state,
        code=code,
        weight=float(scores.potential[0, 0]),
        reasons=reasons(pool, settings, mentor, mentee, viewer="coordinator"),
        why=_cost(what_if, cost)
        if state == "possible" and cost is not None
        else _why(state, code, no_time=no_time, participant=False),
        cost=cost,
        entering=() if cost is None else _keys(pool, cost.entering),
        leaving=() if cost is None else _keys(pool, cost.leaving),
    )


@overload
def explain_left_out(
    what_if: WhatIf,
    pool: Pool,
    settings: Settings,
    *,
    viewer: Participant,
    mentor: int | None = None,
    mentee: int | None = None,
    time_limit: float | None = None,
) -> ParticipantAdvice: ...
@overload
def explain_left_out(
    what_if: WhatIf,
    pool: Pool,
    settings: Settings,
    *,
    viewer: Literal["coordinator"],
    mentor: int | None = None,
    mentee: int | None = None,
    time_limit: float | None = None,
) -> CoordinatorAdvice: ...
def explain_left_out(
    what_if: WhatIf,
    pool: Pool,
    settings: Settings,
    *,
    viewer: Viewer,
    mentor: int | None = None,
    mentee: int | None = None,
    time_limit: float | None = None,
) -> ParticipantAdvice | CoordinatorAdvice:
    """Explain why somebody has nobody, and which smallest edit of her own answers would change it.

    Parameters
    ----------
    what_if, pool, settings
        As for `explain`.
    viewer
        Who reads; ``"mentor"`` and ``"mentee"`` are told the same.
    mentor, mentee
        One of the two: who was left out; of a board any of its columns.
    time_limit
        Seconds after which to stop looking where each edit needs a solve.

    Returns
    -------
    ParticipantAdvice or CoordinatorAdvice

    Raises
    ------
    ValueError
        If not exactly one of `mentor` and `mentee` is given, or she has somebody.
    """
    side, number = _left_out(what_if, mentor, mentee)
    columns = columns_of(what_if.problem, number).tolist() if side else [number]
    if side == 0:
        found = find_mentor_edit(what_if, pool, settings, number, time_limit=time_limit)
    else:
        found = find_mentee_edit(what_if, pool, settings, number, time_limit=time_limit)
    codes = codes_of(pool, settings, side, columns)
    why = why_left_out(what_if.problem, pool, side, columns, codes)
    if viewer != "coordinator":
        return ParticipantAdvice(why, _change(found))
    cost = None if found.edit is None else _cost_of_edit(what_if, found, number)
    people = (pool.mentors, pool.mentees)[side]
    return CoordinatorAdvice(
        key=people[number].key,
        why=why,
        change=_change(found),
        codes={code: count for code, count in codes.items() if code},
        effort=None if found.edit is None else found.edit.effort,
        cost=cost,
        entering=() if cost is None else _keys(pool, cost.entering),
        leaving=() if cost is None else _keys(pool, cost.leaving),
    )


def _left_out(what_if: WhatIf, mentor: int | None, mentee: int | None) -> tuple[int, int]:
    """Return the side, 0 for mentors, and the number of who was left out."""
    if (mentor is None) == (mentee is None):
        raise ValueError("give one of mentor and mentee: who was left out")
    side, number = (0, mentor) if mentor is not None else (1, mentee)
    assert number is not None
    numbers = columns_of(what_if.problem, number) if side else number
    if np.isin(what_if.pairs[:, side], numbers).any():
        raise ValueError(f"{('mentor', 'mentee')[side]} {number} has somebody: only who was left out has advice")
    return side, number


def _why(state: State, code: Code, *, no_time: bool, participant: bool) -> Sentence:
    if state != "not_possible":
        return Sentence.of(state)
    if no_time and not participant:
        return Sentence.of("no_time")
    if no_time:  # what keeps the two apart are the meetings of others
        code = Code.FORBIDDEN
    key, text = why_not(code, participant=participant)
    return Sentence(key, {}, text)


def _cost(what_if: WhatIf, cost: Outcome) -> Sentence:
    """Say the first level on which a pair costs something."""
    if not cost.possible:
        return Sentence.of("cost_pinned")
    if what_if.objective != "total" and cost.coverage < 0:
        return Sentence.of("cost_coverage", {"count": -cost.coverage})
    if what_if.objective == "coverage" and cost.priority < -MARGIN:
        return Sentence.of("cost_priority")
    if what_if.objective == "fair" and cost.floor < -MARGIN:
        return Sentence.of("cost_floor", {"floor": _number(-cost.floor)})
    if cost.total < -MARGIN:
        return Sentence.of("cost_total", {"total": _number(-cost.total)})
    return Sentence.of("cost_nothing")


def _number(value: float) -> str:
    return f"{value:.3g}"


def _change(found: FoundEdit) -> Sentence:
    if found.edit is None:
        return Sentence.of("edit_none" if found.complete else "edit_unknown")
    return Sentence.of(f"edit_{found.edit.key}", found.edit.params)


def _cost_of_edit(what_if: WhatIf, found: FoundEdit, number: int) -> Outcome:
    assert found.edit is not None
    mentor, mentee = found.edit.mentor, found.edit.mentee
    if mentor is not None:
        return what_if.mentor(number, found.weights, mentor.places, mentor.minutes)
    assert mentee is not None
    columns = columns_of(what_if.problem, number)
    if len(columns) > 1:
        assert found.weights is not None
        return with_answers(what_if, columns, found.weights)
    return what_if.mentee(number, found.weights, mentee.wanted)


def _keys(pool: Pool, pairs: IntArray) -> Keys:
    return tuple((pool.mentors[j].key, pool.mentees[i].key) for j, i in np.asarray(pairs).tolist())
