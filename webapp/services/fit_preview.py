"""What other weights, rules or another minimum would do: ten pairs before and after, and how many pairs they touch."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from matcher.codes import Code
from matcher.criteria import NEUTRAL
from matcher.rule_counts import count_rules
from matcher.scoring import Scores, Settings, score
from matcher.settings import CRITERIA
from webapp.engine.encode import settings_of
from webapp.engine.sampling import Sample, sample_of
from webapp.models import Programme
from webapp.services.settings import Section, changed_settings

PAIRS = 10
Found = TypeVar("Found")


@dataclass(frozen=True)
class Part:
    """One criterion of a pair; the score is neutral where the two have not said enough."""

    criterion: str
    score: float
    stated: bool


@dataclass(frozen=True)
class SamplePair:
    """A pair under the saved settings and under the others.

    The places are among the ten, 1 for the best fit; none for a pair that is not possible, for which the causes are
    codes of the engine in small letters.
    """

    mentor: str
    mentee: str
    before: float
    after: float
    place_before: int | None
    place_after: int | None
    cause_before: str
    cause_after: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Change:
    """A number of pairs or people before and after."""

    before: int
    after: int


@dataclass(frozen=True)
class FitPreview:
    """What would change; all numbers are of the sample, `all_mentors` and `all_mentees` of the whole pool."""

    mentors: int
    mentees: int
    all_mentors: int
    all_mentees: int
    pairs: int
    possible: Change
    lost: int
    gained: int
    below: Change
    without: Change  # mentees for whom no pair is possible
    rules: dict[str, Change]
    shown: tuple[SamplePair, ...]

    @property
    def is_whole(self) -> bool:
        return self.mentors == self.all_mentors and self.mentees == self.all_mentees


def preview_fit(session: Session, programme_id: uuid.UUID, wanted: Section | None, *, now: datetime) -> FitPreview:
    """Compare the saved settings with those of a section that is not saved; nothing is changed.

    Raises
    ------
    InvalidInputError
        The engine cannot work with these values.

    """
    programme = session.get_one(Programme, programme_id, populate_existing=True)
    before = settings_of(programme)
    after = changed_settings(programme, wanted) if wanted else before
    sample = sample_of(session, programme, now=now)
    # What is the same is worked out once: most visits try nothing out yet.
    each = (before,) if after == before else (before, after)
    scores = _pair([score(sample.pool, settings) for settings in each])
    was, will = (found.codes == Code.ACCEPTABLE for found in scores)
    selves = int((scores[0].codes == Code.SELF).sum())
    counts = _pair([count_rules(sample.pool, settings) for settings in each])
    return FitPreview(
        mentors=len(sample.pool.mentors),
        mentees=len(sample.pool.mentees),
        all_mentors=sample.n_mentors,
        all_mentees=sample.n_mentees,
        pairs=was.size - selves,
        possible=Change(int(was.sum()), int(will.sum())),
        lost=int((was & ~will).sum()),
        gained=int((will & ~was).sum()),
        below=_both(int((found.codes == Code.BELOW_MINIMUM).sum()) for found in scores),
        without=_both(int((~possible.any(axis=0)).sum()) for possible in (was, will)),
        rules={code.name.lower(): Change(counts[0][code], counts[1][code]) for code in counts[0]},
        shown=_shown(sample, scores, (before, after)),
    )


def _pair(found: Sequence[Found]) -> tuple[Found, Found]:
    return found[0], found[-1]


def _both(numbers: Any) -> Change:
    return Change(*numbers)


def _shown(
    sample: Sample, scores: tuple[Scores, Scores], settings: tuple[Settings, Settings]
) -> tuple[SamplePair, ...]:
    pairs = choose_pairs(scores[0])
    places = [_places(found, pairs) for found in scores]
    shown = []
    for number, (j, i) in enumerate(pairs):
        mentor, mentee = sample.pool.mentors[j], sample.pool.mentees[i]
        causes = [Code(int(found.codes[j, i])) for found in scores]
        shown.append(
            SamplePair(
                mentor=sample.names[mentor.key],
                mentee=sample.names[mentee.key],
                before=float(scores[0].potential[j, i]),
                after=float(scores[1].potential[j, i]),
                place_before=places[0][number],
                place_after=places[1][number],
                cause_before=_cause(causes[0]),
                cause_after=_cause(causes[1]),
                parts=_parts(scores[1], j, i, settings[1]),
            )
        )
    return tuple(shown)


def choose_pairs(scores: Scores, most: int = PAIRS) -> list[tuple[int, int]]:
    """Choose pairs spread evenly from the best fit to the least, with as few people twice as can be.

    Possible pairs where there are some, else any of two different people; equal fits in the order of the pool, so
    the same pool gives the same pairs.
    """
    open_to = scores.codes == Code.ACCEPTABLE
    if not open_to.any():
        open_to = scores.codes != Code.SELF
    ordered = np.argwhere(open_to)
    fits = scores.potential[open_to]
    ordered = ordered[np.argsort(-fits, kind="stable")]
    chosen: list[tuple[int, int]] = []
    for position in np.unique(np.linspace(0, len(ordered) - 1, most).round().astype(int)) if len(ordered) else ():
        chosen.append(_near(ordered, int(position), chosen))
    return chosen


def _near(ordered: NDArray[np.int64], position: int, chosen: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the nearest pair of people who are not chosen yet, else the nearest pair that is not."""
    distance = np.abs(np.arange(len(ordered)) - position)
    mentors, mentees = [j for j, _ in chosen], [i for _, i in chosen]
    used = np.isin(ordered[:, 0], mentors) | np.isin(ordered[:, 1], mentees)
    if used.all():
        used = np.array([(int(j), int(i)) in chosen for j, i in ordered], dtype=np.bool_)
    j, i = ordered[int(np.argmin(np.where(used, len(ordered) + distance, distance)))]
    return int(j), int(i)


def _places(scores: Scores, pairs: list[tuple[int, int]]) -> list[int | None]:
    """Give the possible pairs their places, the best fit first; equal fits share the better one."""
    fits = [float(scores.weights[j, i]) for j, i in pairs]
    return [None if np.isnan(fit) else 1 + sum(other > fit + 1e-9 for other in fits) for fit in fits]


def _cause(code: Code) -> str:
    return "" if code is Code.ACCEPTABLE else code.name.lower()


def _parts(scores: Scores, j: int, i: int, settings: Settings) -> tuple[Part, ...]:
    return tuple(
        Part(
            name,
            float(scores.parts[name][j, i]) if scores.stated[name][j, i] else NEUTRAL,
            bool(scores.stated[name][j, i]),
        )
        for name in CRITERIA
        if settings.weights.get(name)
    )
