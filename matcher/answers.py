"""What participants and coordinators are told: two families of types, so that neither can hold what is not for it.

A participant's types hold sentences about her own answers and about what two people have in common. They have no
field for exclusions, conflicts, other people's hours, traits, or anybody beside the two. What would change others, and
who would move, stands in a coordinator's types alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from matcher.codes import Code
from matcher.explain import Params, Reason, words
from matcher.outcomes import Outcome

__all__ = [
    "ANSWERS",
    "CoordinatorAdvice",
    "CoordinatorAnswer",
    "ParticipantAdvice",
    "ParticipantAnswer",
    "Sentence",
    "State",
]

State = Literal["paired", "possible", "not_possible"]

ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "paired": "The two are matched.",
        "possible": "The two could be matched; the round as a whole comes out better with other pairs.",
        "no_time": "No time was found for the two beside the others.",
        "cost_pinned": "The two do not go together with the pinned pairs.",
        "cost_nothing": "Matching the two would cost nothing: another matching, as good, holds them.",
        "cost_coverage": "Matching the two would leave {count} more without a mentor.",
        "cost_priority": "Matching the two would leave somebody with a higher priority without a mentor.",
        "cost_floor": "Matching the two would lower the floor by {floor}.",
        "cost_total": "Matching the two would lower the total weight by {total}.",
        "left_no_mentor": "No mentor is possible with these answers.",
        "left_mentors_taken": "Mentors would be possible, but are matched with others.",
        "left_no_time": "Mentors would be possible, but no time was found to meet any of them.",
        "left_wants_none": "No mentor is wanted.",
        "left_no_room": "There is no place, or there are too few minutes for one pair.",
        "left_no_mentee": "No mentee is possible with these answers.",
        "left_no_mentee_time": "Mentees would be possible, but no time was found to meet any of them.",
        "left_mentees_taken": "Mentees would be possible, but have a mentor already.",
        "edit_resume": "Taking mentees again would be enough.",
        "edit_hours": "Being free on {windows} as well would be enough.",
        "edit_topic": "Adding the topic {topic} would be enough.",
        "edit_stage": "Welcoming mentees at the stage {stage} would be enough.",
        "edit_specialty": "Adding the specialty {specialty} would be enough.",
        "edit_room": "One place and {minutes} minutes a month would be enough.",
        "edit_none": "No small change of these answers would be enough.",
        "edit_pinned": "What would change it was not looked for: the pairs were fixed at the end to keep their times.",
        "edit_unknown": "No small change of these answers was found in time.",
        "recruit": "One more mentor{profile} would give {mentees} a mentor.",
        "place": "One more place with {mentor} would give {mentees} a mentor.",
        "place_minutes": "One more place and {minutes} more minutes with {mentor} would give {mentees} a mentor.",
    }
)
"""The English sentence for each key; a translator replaces it, the parameters stay."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: the key of `ANSWERS` or of a reason code, its parameters, and its English text.

    Examples
    --------
    >>> str(Sentence.of("edit_hours", {"windows": ["Mon 18:00-19:00"]}))
    'Being free on Mon 18:00-19:00 as well would be enough.'
    """

    key: str
    params: Params = field(default_factory=dict)
    text: str = ""

    @classmethod
    def of(cls, key: str, params: Params | None = None) -> "Sentence":
        """Write the sentence of a key."""
        params = params or {}
        return cls(key, params, ANSWERS[key].format(**{name: words(value) for name, value in params.items()}))

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True, slots=True)
class ParticipantAnswer:
    """Why somebody is matched with a person, or is not.

    Attributes
    ----------
    state : {"paired", "possible", "not_possible"}
    reasons : tuple of Reason
        What the two have in common, with her own wish alone; empty if they cannot be matched.
    why : Sentence
        Where the cause is private: "Not available in this programme."
    """

    state: State
    reasons: tuple[Reason, ...]
    why: Sentence


@dataclass(frozen=True, slots=True)
class ParticipantAdvice:
    """Why somebody was left out, and what of her own answers would change it.

    Attributes
    ----------
    why, change : Sentence
    """

    why: Sentence
    change: Sentence


@dataclass(frozen=True, slots=True)
class CoordinatorAnswer:
    """Why two people are matched, or are not.

    Attributes
    ----------
    mentor, mentee : str
        Their keys.
    state : {"paired", "possible", "not_possible"}
    code : Code
        The reason code; `ACCEPTABLE` if they could be matched.
    weight : float
        Their weight; for a pair that is not acceptable what it would be.
    reasons : tuple of Reason
        With both sides' wishes; parts by trait are never told apart.
    why : Sentence
        The reason code or, for an acceptable pair, what it would cost.
    cost : Outcome or None
        For an acceptable pair, what matching it would change.
    entering, leaving : tuple of (str, str)
        By keys, the other pairs that would come in and go out.
    """

    mentor: str
    mentee: str
    state: State
    code: Code
    weight: float
    reasons: tuple[Reason, ...]
    why: Sentence
    cost: Outcome | None
    entering: tuple[tuple[str, str], ...] = ()
    leaving: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CoordinatorAdvice:
    """Why somebody was left out, what would change it, and what that would change for others.

    Attributes
    ----------
    key : str
        Who it is about.
    why, change : Sentence
    codes : mapping of Code to int
        How many on the other side are not possible, by reason.
    effort : int or None
        The place of the edit in `matcher.edits`.
    cost : Outcome or None
        The best matching with the edit, less the best without it.
    entering, leaving : tuple of (str, str)
        By keys, the other pairs that would come in and go out.
    """

    key: str
    why: Sentence
    change: Sentence
    codes: Mapping[Code, int]
    effort: int | None
    cost: Outcome | None
    entering: tuple[tuple[str, str], ...] = ()
    leaving: tuple[tuple[str, str], ...] = ()
