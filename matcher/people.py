"""Mentors, mentees and what is known about single pairs: plain records, checked when a pool is built."""

from dataclasses import dataclass

from matcher.availability import Window
from matcher.codes import Code

__all__ = ["Exclusion", "Interest", "Mentee", "Mentor", "Ties"]


@dataclass(frozen=True, slots=True)
class Mentor:
    """
    A mentor's offer.

    Attributes
    ----------
    key, person : str
        The offer's own key, unique among mentors; who it is (the same person may also be a mentee).
    zone : str
        IANA time zone of `windows`.
    stage : str or None
        Stage id; None is "not stated".
    specialties, topics : tuple of str
        Vocabulary ids; empty is "not stated".
    stages_welcome : tuple of str
        Stage ids; empty welcomes all.
    languages, background : tuple of str
        Free codes, compared by equality; background is opt-in and never shown apart.
    minutes, places : int
        Minutes a month and mentees at most.
    welcomes_students : bool
        False keeps students out, whatever `stages_welcome` says.
    approved_for_students : bool
        Counts where the programme keeps students to approved mentors.
    """

    key: str
    person: str
    zone: str
    stage: str | None = None
    specialties: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    stages_welcome: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    minutes: int = 60
    places: int = 1
    paused: bool = False
    background: tuple[str, ...] = ()
    welcomes_students: bool = True
    approved_for_students: bool = False


@dataclass(frozen=True, slots=True)
class Mentee:
    """
    A mentee's request: as `Mentor`, but specialties are interests, and topics are needs in order.

    Attributes
    ----------
    wanted : int
        Mentors wanted.
    minutes : int or None
        Minutes a month with each mentor; None takes the programme's.
    priority : float
        At least 0: helps those left out before, among equals in coverage.
    board : str
        Requests with one board, other than "", are the places of one mentee: she counts as covered once, and a mentor
        fills one of them at most.
    """

    key: str
    person: str
    zone: str
    stage: str | None = None
    specialties: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    wanted: int = 1
    minutes: int | None = None
    priority: float = 0.0
    background: tuple[str, ...] = ()
    board: str = ""


@dataclass(frozen=True, slots=True)
class Interest:
    """One side's wish about the other, by keys: `rank` 0 is the first choice; not positive is "not for me"."""

    mentor: str
    mentee: str
    side: str
    rank: int = 0
    positive: bool = True


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A pair, by keys, that must not be matched, and the code that says why."""

    mentor: str
    mentee: str
    code: Code = Code.EXCLUDED


@dataclass(frozen=True, slots=True)
class Ties:
    """What is known about single pairs."""

    interests: tuple[Interest, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
