"""Why a pair may not be matched: one code for each rule."""

from enum import IntEnum

__all__ = ["Code"]


class Code(IntEnum):
    """A reason code; 0 means that the pair is acceptable."""

    ACCEPTABLE = 0
    SELF = 1
    EXCLUDED = 2
    CONFLICT = 3
    NO_SHARED_LANGUAGE = 4
    NO_SHARED_HOURS = 5
    STAGE_NOT_WELCOME = 6
    SPECIALTY_REQUIRED = 7
    BELOW_MINIMUM = 8
    MENTOR_PAUSED = 9
    ALREADY_PAIRED = 10
    FORMER_PAIR = 11
    FORBIDDEN = 12
    NOT_AHEAD = 13
    STUDENT_NOT_APPROVED = 14
