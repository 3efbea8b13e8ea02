"""What would help a pool: the best matching of today, whom to recruit, and what those who are stuck could change."""

from collections.abc import Iterable
from dataclasses import asdict
from time import monotonic
from typing import Any

import numpy as np

from matcher import WhatIf, advise, explain_left_out, solve
from matcher.pool import Pool
from matcher.recruiting import Advice
from matcher.settings import Settings
from webapp.engine.decode import Tell
from webapp.engine.posing import Posed, pose
from webapp.engine.solving import name_levels

MOST_PAIRS = 4_000_000
"""Larger pools are counted and not solved: the answers hold several tables of all pairs in memory."""
SOLVE_SECONDS = 60.0
ADVICE_SECONDS = 30.0
EDIT_SECONDS = 60.0
"""As long is looked for what single people could change, all of them together."""


def advise_pool(
    work: dict[str, Any],
    pool: Pool,
    settings: Settings,
    *,
    stuck: Iterable[int],
    unused: Iterable[int],
    tell: Tell,
) -> dict[str, Any]:
    """Solve the pool as it stands, and confirm by solving what would give more mentees a mentor.

    Returns the number of mentees with a mentor in the best matching, the advice, and the smallest change of each of
    the stuck mentees and unused mentors, by the position in the pool; or nothing but why it was left out.
    """
    if pool.shape[0] * pool.shape[1] > MOST_PAIRS:
        return {"left_out": "large"}
    if not min(pool.shape):
        return {"left_out": "empty"}
    plain = {**work, "pinned": [], "forbidden": [], "objective": "coverage", "seed": 0}
    posed = pose(plain, pool, settings, lambda share: tell("fits", share, 1, None, None))
    result = solve(posed.problem, time_limit=SOLVE_SECONDS, progress=name_levels(tell))
    what_if = WhatIf(posed.problem, result, time_limit=ADVICE_SECONDS / 10)
    tell("advice", 0, 1, None, None)
    advice = advise(what_if, pool, settings, time_limit=ADVICE_SECONDS)
    edits = _Edits(what_if, posed, tell)
    return {
        "covered": result.coverage,
        "exact": what_if.optimal,
        "advice": [_plain(one) for one in advice],
        "mentees": edits.of("mentee", list(stuck)),
        "mentors": edits.of("mentor", list(unused)),
    }


class _Edits:
    """Looks for the smallest changes, one person after the other, until the time is over."""

    def __init__(self, what_if: WhatIf, posed: Posed, tell: Tell) -> None:
        self.what_if, self.posed, self.tell = what_if, posed, tell
        self._deadline = monotonic() + EDIT_SECONDS
        mentors, columns = what_if.pairs.T
        person = what_if.problem.person
        served = np.flatnonzero(np.isin(person, person[columns]))  # in any place of hers
        self._served = {"mentor": set(mentors.tolist()), "mentee": set(served.tolist())}

    def of(self, side: str, numbers: list[int]) -> dict[int, dict[str, Any]]:
        """Return key and parameters of each change that is enough."""
        found = {}
        for done, number in enumerate(numbers):
            if monotonic() > self._deadline:
                break
            self.tell("advice", done, len(numbers), None, None)
            if number in self._served[side]:
                continue
            answer = explain_left_out(
                self.what_if,
                self.posed.pool,
                self.posed.settings,
                viewer="coordinator",
                mentor=number if side == "mentor" else None,
                mentee=number if side == "mentee" else None,
                time_limit=max(0.0, self._deadline - monotonic()) / 4,
            )
            if answer.effort is not None:
                found[number] = {"key": answer.change.key, "params": dict(answer.change.params)}
        return found


def _plain(advice: Advice) -> dict[str, Any]:
    mentor = advice.mentor
    return {
        "kind": advice.kind,
        "mentor_id": mentor.key,
        "specialties": list(mentor.specialties),
        "topics": list(mentor.topics),
        "languages": list(mentor.languages),
        "windows": [list(asdict(window).values()) for window in mentor.windows],
        "zone": mentor.zone,
        "places": mentor.places,
        "minutes": int(advice.sentence.params.get("minutes", 0)) if advice.kind == "place" else mentor.minutes,  # type: ignore[arg-type]
        "gained": advice.outcome.coverage,
        "exact": advice.outcome.exact,
    }
