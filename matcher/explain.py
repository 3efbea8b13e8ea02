"""Why a pair fits, in words that name no private fact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from matcher.criteria import NEUTRAL
from matcher.languages import language_name
from matcher.pair_scores import PairScore, score_pairs
from matcher.people import Mentee, Mentor
from matcher.pool import Pool
from matcher.rules import Code
from matcher.settings import Settings
from matcher.taxonomy import SAME, SHARED_SUBSPECIALTY, SUBSPECIALTY, Taxonomy
from matcher.why_not import PRIVATE_CODES, why_not

__all__ = [
    "PRIVATE_CODES",
    "SENTENCES",
    "Code",
    "Reason",
    "Viewer",
    "fit_word",
    "reasons",
    "reasons_of",
    "why_not",
    "words",
]

Kind = Literal["shared", "plus", "open"]
Viewer = Literal["mentor", "mentee", "coordinator"]
Params = dict[str, str | int | list[str]]

MOST_REASONS = 5
MOST_GAPS = 2

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "topics_all": "Every need is covered: {topics}.",
        "topics_some": "{covered} of {wanted} needs are covered: {topics}.",
        "topics_none": "None of the needs is among the topics offered.",
        "topics_unknown": "Topics are not stated on both sides.",
        "role_offered": "The mentor offers what this place is for: {topics}.",
        "role_open": "The mentor does not offer what this place is for: {topics}.",
        "specialty_same": "The mentor works in {practice}, just as wished.",
        "specialty_subspecialty": "The mentor works in {practice}, close to the wish for {interest}.",
        "specialty_shared": "The mentor works in {practice}, which shares a subspecialty with {interest}.",
        "specialty_area": "The mentor works in {practice}, in the same area as {interest}.",
        "specialty_other": "Another specialty: the mentor does not work in {interest}.",
        "specialty_unknown": "Specialties are not stated on both sides.",
        "hours_shared": "Both are free at the same time for {hours} a week.",
        "hours_none": "No free time in common.",
        "hours_unknown": "Hours are not stated on both sides.",
        "stage_ahead": "The mentor is further ahead: {mentor_stage}, the mentee: {mentee_stage}.",
        "stage_welcome": "The mentor wants to meet mentees at this stage: {mentee_stage}.",
        "stage_level": "Both are equally far in their careers.",
        "stage_unknown": "Career stages are not stated on both sides.",
        "language_shared": "Both speak {languages}.",
        "language_none": "No language in common.",
        "language_unknown": "Languages are not stated on both sides.",
        "wish_mentee": "The mentee asked for this mentor.",
        "wish_mentor": "The mentor asked for this mentee.",
    }
)
"""The English sentence for each key; a translator replaces it, the parameters stay."""


@dataclass(frozen=True, slots=True)
class Reason:
    """
    One reason.

    Attributes
    ----------
    kind : {"shared", "plus", "open"}
        Something the two share; something that speaks for the person; something missing or unknown.
    key : str
        Key of `SENTENCES`.
    params : dict
        What the sentence names; names of the vocabulary are in English.
    """

    kind: Kind
    key: str
    params: Params = field(default_factory=dict)

    def __str__(self) -> str:
        """Write the sentence in English."""
        return SENTENCES[self.key].format(**{name: words(value) for name, value in self.params.items()})


@dataclass(frozen=True, slots=True)
class _Pair:
    scored: PairScore
    taxonomy: Taxonomy
    viewer: Viewer

    @property
    def mentor(self) -> Mentor:
        return self.scored.mentor

    @property
    def mentee(self) -> Mentee:
        return self.scored.mentee

    def stated(self, name: str) -> bool:
        return self.scored.stated[name]


def reasons(
    pool: Pool,
    settings: Settings,
    mentor_index: int,
    mentee_index: int,
    *,
    viewer: Viewer = "mentee",
) -> tuple[Reason, ...]:
    """
    Give three to five reasons for a pair, what counts most first and what is missing last.

    Parameters
    ----------
    pool : Pool
    settings : Settings
    mentor_index, mentee_index : int
    viewer : {"mentor", "mentee", "coordinator"}
        Who reads: a participant is told only her own wish. Nobody is told private facts.
    """
    [scored] = score_pairs(pool, settings, np.array([[mentor_index, mentee_index]], dtype=np.int64))
    return reasons_of(scored, pool.taxonomy, settings, viewer=viewer)


def reasons_of(
    scored: PairScore, taxonomy: Taxonomy, settings: Settings, *, viewer: Viewer = "mentee"
) -> tuple[Reason, ...]:
    """Give the reasons of a pair that is scored already; see `reasons`."""
    pair = _Pair(scored, taxonomy, viewer)
    found: list[tuple[float, Reason]] = []
    for name, describe in _DESCRIBE.items():
        # The order must not tell a participant what the other side wished: a wish told counts as full.
        part = 1.0 if name == "interest" else scored.parts[name]
        found += [(settings.weights.get(name, 0.0) * part, reason) for reason in describe(pair)]
    found.sort(key=lambda entry: -entry[0])
    good = [reason for _, reason in found if reason.kind != "open"]
    gaps = [reason for _, reason in reversed(found) if reason.kind == "open"]
    kept_gaps = gaps[: max(min(MOST_GAPS, len(gaps)), 3 - len(good))]
    return (*good[: MOST_REASONS - len(kept_gaps)], *kept_gaps)


def fit_word(weight: float) -> str:
    """
    Name a weight: strong, good, fair or thin.

    Examples
    --------
    >>> fit_word(0.74)
    'good'
    """
    for least, word in ((0.85, "strong"), (0.65, "good"), (0.5, "fair")):
        if weight >= least:
            return word
    return "thin"


def _topics(pair: _Pair) -> list[Reason]:
    if not pair.stated("topics"):
        return [Reason("open", "topics_unknown")]
    wanted = list(dict.fromkeys(pair.mentee.topics))
    covered = [key for key in wanted if key in pair.mentor.topics]
    if pair.mentee.board and len(wanted) == 1:  # of a mentee's other needs other mentors take care
        kind: Kind = "shared" if covered else "open"
        return [Reason(kind, "role_offered" if covered else "role_open", {"topics": pair.taxonomy.names(wanted)})]
    if not covered:
        return [Reason("open", "topics_none")]
    params: Params = {"topics": pair.taxonomy.names(covered), "covered": len(covered), "wanted": len(wanted)}
    return [Reason("shared", "topics_all" if len(covered) == len(wanted) else "topics_some", params)]


def _specialty(pair: _Pair) -> list[Reason]:
    if not pair.stated("specialty"):
        return [Reason("open", "specialty_unknown")]
    position, similarity = pair.taxonomy.specialty_index, pair.taxonomy.similarity
    tie, interest, practice = max(
        (
            (similarity[position[a], position[b]], a, b)
            for a in pair.mentee.specialties
            for b in pair.mentor.specialties
        ),
        key=lambda entry: entry[0],
    )
    params: Params = {"interest": pair.taxonomy.name(interest), "practice": pair.taxonomy.name(practice)}
    if tie >= SAME:
        return [Reason("shared", "specialty_same", params)]
    if tie >= SUBSPECIALTY:
        return [Reason("shared", "specialty_subspecialty", params)]
    if tie >= SHARED_SUBSPECIALTY:
        return [Reason("shared", "specialty_shared", params)]
    if tie > 0:
        return [Reason("plus", "specialty_area", params)]
    return [Reason("open", "specialty_other", params)]


def _hours(pair: _Pair) -> list[Reason]:
    if not pair.stated("availability"):
        return [Reason("open", "hours_unknown")]
    minutes = pair.scored.shared_minutes
    if minutes == 0:
        return [Reason("open", "hours_none")]
    return [Reason("shared", "hours_shared", {"minutes": minutes, "hours": _hours_words(minutes)})]


def _stage(pair: _Pair) -> list[Reason]:
    stages = pair.taxonomy.stages
    if pair.mentor.stage is None or pair.mentee.stage is None:
        return [Reason("open", "stage_unknown")]
    mine, theirs = stages[pair.mentor.stage], stages[pair.mentee.stage]
    names: Params = {"mentor_stage": mine.name, "mentee_stage": theirs.name}
    found: list[Reason] = []
    if theirs.id in pair.mentor.stages_welcome:
        found.append(Reason("plus", "stage_welcome", {"mentee_stage": theirs.name}))
    if mine.level > theirs.level:
        found.append(Reason("plus", "stage_ahead", {**names, "steps": mine.level - theirs.level}))
    return found or [Reason("open", "stage_level", names)]


def _languages(pair: _Pair) -> list[Reason]:
    if not pair.stated("languages"):
        return [Reason("open", "language_unknown")]
    shared = [text for text in dict.fromkeys(pair.mentee.languages) if text in pair.mentor.languages]
    if not shared:
        return [Reason("open", "language_none")]
    return [Reason("shared", "language_shared", {"languages": [language_name(code) for code in shared]})]


def _interest(pair: _Pair) -> list[Reason]:
    found: list[Reason] = []
    if pair.scored.wishes[1] > NEUTRAL and pair.viewer != "mentor":
        found.append(Reason("plus", "wish_mentee"))
    if pair.scored.wishes[0] > NEUTRAL and pair.viewer != "mentee":
        found.append(Reason("plus", "wish_mentor"))
    return found


_DESCRIBE: Mapping[str, Callable[[_Pair], list[Reason]]] = MappingProxyType(
    {
        "topics": _topics,
        "specialty": _specialty,
        "interest": _interest,
        "availability": _hours,
        "stage": _stage,
        "languages": _languages,
    }
)


def _hours_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(f"{hours} hour" if hours == 1 else f"{hours} hours")
    if rest:
        parts.append(f"{rest} minutes")
    return " ".join(parts)


def words(value: str | int | list[str]) -> str:
    """Write a parameter of a sentence; several words are joined."""
    if not isinstance(value, list):
        return str(value)
    return " and ".join([", ".join(value[:-1]), value[-1]] if len(value) > 1 else value)
