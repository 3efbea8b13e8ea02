"""Recruiting advice: which one more mentor, or one more place, would help most, each confirmed exactly."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from matcher.answers import Sentence
from matcher.arrays import FloatArray, IntArray
from matcher.availability import Window, cells
from matcher.columns import Side
from matcher.explain import Params, words
from matcher.outcomes import Outcome
from matcher.people import Mentee, Mentor
from matcher.pool import Pool
from matcher.promises import promise_of_mentors, promise_of_places
from matcher.scoring import score
from matcher.settings import Settings
from matcher.variants import with_mentors
from matcher.what_if import WhatIf

__all__ = ["Advice", "advise"]

SPECIALTIES = 8
"""So many specialties are tried: those that most of the mentees left out wish for."""
TOPICS = 3
TRIES = 4
"""So many sets of hours are confirmed for a specialty, those first that could help most."""
HOUR = 60
STARTS = (7 * HOUR, 18 * HOUR)
"""Two hours in the morning and two in the evening, on each day of the week."""


@dataclass(frozen=True, eq=False)
class Advice:
    """One thing a coordinator could do.

    Attributes
    ----------
    kind : str
        ``"mentor"`` to find somebody, ``"place"`` to ask a mentor for one place more.
    sentence : Sentence
    mentor : Mentor
        The one to find, or the one to ask with her place more.
    weights : FloatArray
        Her row of weights, shape (n_mentees,).
    outcome : Outcome
        The best matching with her, less the best without.
    """

    kind: str
    sentence: Sentence
    mentor: Mentor
    weights: FloatArray
    outcome: Outcome


def advise(
    what_if: WhatIf, pool: Pool, settings: Settings, *, most: int = 5, time_limit: float | None = 5.0
) -> tuple[Advice, ...]:
    """Advise how to give more mentees a mentor.

    Parameters
    ----------
    what_if
        Of the problem that was built from `pool` and `settings`, and its result.
    pool, settings
        The people, and what the programme decides.
    most
        How many of each kind.
    time_limit
        Seconds after which nothing more is confirmed; None for no limit.

    Returns
    -------
    tuple of Advice
        By mentees gained, then by weight; empty if nobody was left out or nothing helps.

    Notes
    -----
    Candidates are drawn from the mentees without a mentor: a specialty that many of them wish for, two hours in the
    morning or evening of one day, and the topics they need most. What a candidate can add at most is read off the
    prices: the best walks from the mentees who fit. Those that could help most are confirmed, a few for each specialty.
    """
    deadline = np.inf if time_limit is None else monotonic() + time_limit
    problem = what_if.problem
    covered = np.isin(problem.person, problem.person[what_if.pairs[:, 1]])
    left = np.flatnonzero((problem.mentee_capacity > 0) & ~covered)
    if not len(left):
        return ()
    found = [*_places(what_if, pool, left, most, deadline), *_mentors(what_if, pool, settings, left, deadline)]
    found = [advice for advice in found if advice.outcome.coverage > 0]
    found.sort(key=lambda advice: (-advice.outcome.coverage, -advice.outcome.total))
    rank = {id(advice): sum(one.kind == advice.kind for one in found[:place]) for place, advice in enumerate(found)}
    return tuple(advice for advice in found if rank[id(advice)] < most)


def _mentors(what_if: WhatIf, pool: Pool, settings: Settings, left: IntArray, deadline: float) -> list[Advice]:
    """Confirm the best candidate of each specialty."""
    candidates = _candidates(pool, settings, [pool.mentees[i] for i in left.tolist()])
    weights = score(with_mentors(pool, candidates, _side(pool, candidates, left)), settings).weights
    promised = promise_of_mentors(what_if, weights, candidates[0].places, left)
    by_specialty: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number in np.lexsort((-promised[:, 1], -promised[:, 0])).tolist():
        by_specialty[candidates[number].specialties].append(number)
    found: list[Advice] = []
    for numbers in sorted(by_specialty.values(), key=lambda numbers: -promised[numbers[0], 0]):
        confirmed: list[Advice] = []
        for number in numbers[:TRIES]:
            enough = any(promised[number, 0] <= advice.outcome.coverage for advice in confirmed)
            if enough or monotonic() > deadline:
                break
            candidate = candidates[number]
            outcome = what_if.new_mentor(weights[number], candidate.places, candidate.minutes)
            sentence = _recruit(pool, candidate, outcome.coverage)
            confirmed.append(Advice("mentor", sentence, candidate, weights[number], outcome))
        found += sorted(confirmed, key=lambda advice: -advice.outcome.coverage)[:1]
    return found


def _places(what_if: WhatIf, pool: Pool, left: IntArray, most: int, deadline: float) -> Iterator[Advice]:
    """Confirm one place more for the mentors who are full and whose price says that it would help."""
    problem = what_if.problem
    lengths = problem.minutes_of(what_if.pairs)
    load = np.bincount(what_if.pairs[:, 0], minlength=problem.n_mentors)
    spent = np.bincount(what_if.pairs[:, 0], lengths, minlength=problem.n_mentors).astype(np.int64)
    longest = 0 if problem.minutes is None else int(problem.minutes.max(initial=0))
    promised = promise_of_places(what_if, left)
    for mentor in np.argsort(-promised, kind="stable")[:most].tolist():
        if promised[mentor] <= 0 or monotonic() > deadline:
            return
        person = pool.mentors[mentor]
        minutes = max(0, int(spent[mentor]) + longest - person.minutes)
        more = replace(person, places=max(person.places, int(load[mentor]) + 1), minutes=person.minutes + minutes)
        row = problem.weights[mentor]
        outcome = what_if.mentor(mentor, row, more.places, more.minutes)
        params: Params = {"mentor": person.key, "mentees": _mentees(outcome.coverage), "minutes": minutes}
        yield Advice("place", Sentence.of("place_minutes" if minutes else "place", params), more, row, outcome)


def _candidates(pool: Pool, settings: Settings, left: Sequence[Mentee]) -> list[Mentor]:
    """Draw mentors from what the mentees left out ask for."""
    wishes = Counter(key for mentee in left for key in mentee.specialties)
    specialties: list[tuple[str, ...]] = [(key,) for key, _ in wishes.most_common(SPECIALTIES)] or [()]
    windows: list[tuple[Window, ...]] = [()]
    if any(mentee.windows for mentee in left):
        windows = [(Window(day, start, start + 2 * HOUR),) for day in range(7) for start in STARTS]
    zone = Counter(mentee.zone for mentee in left).most_common(1)[0][0]
    spoken = tuple(key for key, _ in Counter(key for one in left for key in one.languages).most_common(1))
    open_places = [mentor.places for mentor in pool.mentors if mentor.places > 0]
    places = round(float(np.median(open_places))) if open_places else 1
    return [
        Mentor(
            "",
            "",
            zone,
            specialties=practice,
            topics=_needed(left, practice),
            languages=spoken,
            windows=hours,
            minutes=places * settings.monthly_minutes,
            places=places,
            approved_for_students=True,
        )
        for practice, hours in itertools.product(specialties, windows)
    ]


def _needed(left: Sequence[Mentee], practice: tuple[str, ...]) -> tuple[str, ...]:
    """Return what those who wish for a specialty need most; the first need counts double, as in the score."""
    needs: Counter[str] = Counter()
    for mentee in left:
        if not practice or practice[0] in mentee.specialties:
            needs.update(mentee.topics[:1] + mentee.topics)
    return tuple(key for key, _ in needs.most_common(TOPICS))


def _side(pool: Pool, candidates: Sequence[Mentor], left: IntArray) -> Side:
    """Return the columns of candidates: of no known person, with the language that most of those left out speak."""
    count = len(candidates)
    spoken = pool.mentee_side.languages[left].sum(axis=0)
    languages = np.zeros((count, len(spoken)), dtype=np.bool_)
    if spoken.any():
        languages[:, int(spoken.argmax())] = True
    return Side(
        persons=np.full(count, -1),
        zones=np.full(count, pool.zones.index(candidates[0].zone)),
        stages=np.full(count, -1),
        languages=languages,
        background=np.zeros((count, pool.mentee_side.background.shape[1]), dtype=np.bool_),
        free=np.stack([cells(candidate.windows) for candidate in candidates]),
    )


def _recruit(pool: Pool, candidate: Mentor, gained: int) -> Sentence:
    """Say whom to look for."""
    taxonomy = pool.taxonomy
    profile = "".join(
        before + words(listed)
        for before, listed in (
            (" in ", taxonomy.names(candidate.specialties)),
            (", free ", [str(window) for window in candidate.windows]),
            (", for ", taxonomy.names(candidate.topics)),
        )
        if listed
    )
    params: Params = {"profile": profile, "mentees": _mentees(gained)}
    return Sentence.of("recruit", params)


def _mentees(count: int) -> str:
    return "1 more mentee" if count == 1 else f"{count} more mentees"
