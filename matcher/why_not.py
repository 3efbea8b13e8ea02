"""Why a pair is not possible, in words: for a coordinator, and as far as a participant may know."""

from collections.abc import Mapping
from types import MappingProxyType

from matcher.codes import Code

__all__ = ["PRIVATE_CODES", "why_not"]

UNAVAILABLE = ("not_available", "Not available in this programme.")

PRIVATE_CODES = frozenset({Code.EXCLUDED, Code.CONFLICT, Code.FORBIDDEN, Code.BELOW_MINIMUM, Code.STUDENT_NOT_APPROVED})
"""Causes that lie in other people's decisions or in private facts; a participant is told `UNAVAILABLE`."""

_SENTENCES: Mapping[Code, str] = MappingProxyType(
    {
        Code.ACCEPTABLE: "The two could be matched.",
        Code.SELF: "This is the same person.",
        Code.EXCLUDED: "One of the two asked not to be matched with the other.",
        Code.CONFLICT: "The two have a conflict of interest.",
        Code.NO_SHARED_LANGUAGE: "The two share no language.",
        Code.NO_SHARED_HOURS: "The two share no free time that is long enough for a meeting all year.",
        Code.STAGE_NOT_WELCOME: "This mentor takes mentees at other career stages.",
        Code.SPECIALTY_REQUIRED: "The programme asks for closer specialties.",
        Code.BELOW_MINIMUM: "The two have too little in common for this programme.",
        Code.MENTOR_PAUSED: "This mentor is not taking mentees at the moment.",
        Code.ALREADY_PAIRED: "The two are already mentor and mentee.",
        Code.FORMER_PAIR: "The two were mentor and mentee before.",
        Code.FORBIDDEN: "The coordinator ruled this pair out.",
        Code.NOT_AHEAD: "The mentor is not far enough ahead of the mentee in her career.",
        Code.STUDENT_NOT_APPROVED: "This programme has not approved the mentor for students.",
    }
)


def why_not(code: int, *, participant: bool = False) -> tuple[str, str]:
    """
    Say what a reason code means.

    Parameters
    ----------
    code : int
        A `Code`.
    participant : bool
        Whether the reader is one of the two; then private causes read "Not available in this programme."

    Returns
    -------
    key, sentence : str
        The key for a translation, the sentence in English.

    Examples
    --------
    >>> why_not(Code.CONFLICT, participant=True)
    ('not_available', 'Not available in this programme.')
    """
    code = Code(code)
    if participant and code in PRIVATE_CODES:
        return UNAVAILABLE
    return code.name.lower(), _SENTENCES[code]
