"""Which rows go with a person, which stay without her, and why: every column that refers to her stands here once.

A test walks all columns that refer to a person or a membership and fails where one is missing.
"""

from collections.abc import Mapping
from types import MappingProxyType

from webapp.models import (
    Achievement,
    AvailabilityException,
    AvailabilityWindow,
    Base,
    BoardNote,
    Consent,
    DistinctPeople,
    EditOnBehalf,
    Exclusion,
    FirstCard,
    Goal,
    Interest,
    LetterBox,
    LoginSession,
    MailChoice,
    Message,
    OutboxMessage,
    Profile,
    Token,
    Trait,
)

# Rows that are about her alone, or that say something of her: by person, and by membership.
OF_PERSON: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (LoginSession, ("person_id",)),
    (Token, ("person_id",)),
    (OutboxMessage, ("person_id",)),
    (AvailabilityWindow, ("person_id",)),
    (AvailabilityException, ("person_id",)),
    (Profile, ("person_id",)),
    (Trait, ("person_id",)),
    (MailChoice, ("person_id",)),
    (Consent, ("person_id",)),
    (Goal, ("person_id",)),
    (Achievement, ("person_id",)),
)
OF_MEMBERSHIP: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (Interest, ("mentor_id", "mentee_id")),
    (Exclusion, ("mentor_id", "mentee_id")),
    (FirstCard, ("mentor_id", "mentee_id")),
    (DistinctPeople, ("first_id", "second_id")),
    (EditOnBehalf, ("membership_id",)),
    (LetterBox, ("membership_id",)),
    (Message, ("mentee_id",)),
    (BoardNote, ("mentor_id", "mentee_id")),
)
_BY = "who did it: an id without a name, so that the record of what was done stays whole"
_PAIR = "counts and minutes of what was: ids, numbers and dates"
# Columns of rows that stay: table and column.
KEPT: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("membership", "person_id"): "that somebody took part; the person behind it has no name any more",
        ("mentor_offer", "membership_id"): "the minutes that the ledger is about; her words in it are emptied",
        ("mentee_request", "membership_id"): "how many mentors were wanted; her words in it are emptied",
        ("offer", "mentor_id"): _PAIR,
        ("offer", "mentee_id"): _PAIR,
        ("mentorship", "mentor_id"): _PAIR,
        ("mentorship", "mentee_id"): _PAIR,
        ("proposal", "mentor_id"): _PAIR,
        ("proposal", "mentee_id"): _PAIR,
        ("pair_rule", "mentor_id"): "without it a round could not be checked; names in its reason are washed out",
        ("pair_rule", "mentee_id"): "without it a round could not be checked; names in its reason are washed out",
        ("board_edit", "mentor_id"): "the list of changes of a round; names in its reason are washed out",
        ("board_edit", "mentee_id"): "the list of changes of a round; names in its reason are washed out",
        ("board_edit", "from_mentor_id"): "the list of changes of a round; names in its reason are washed out",
        ("round_withdrawal", "membership_id"): "that somebody was left out of a round",
        ("message", "mentor_id"): "what the other wrote is hers; the mentor's own words in it are emptied",
        ("message", "colleague_id"): "emptied: nobody is led to somebody who has gone",
        ("message", "reported_by_id"): _BY,
        ("message", "settled_by_id"): _BY,
        ("programme_terms", "by_person_id"): _BY,
        ("pair_rule", "by_person_id"): _BY,
        ("round_withdrawal", "by_person_id"): _BY,
        ("certificate_check", "by_person_id"): _BY,
        ("exclusion", "by_person_id"): _BY,
        ("job", "by_person_id"): _BY,
        ("audit_event", "by_person_id"): _BY,
        ("import_batch", "by_person_id"): _BY,
        ("import_batch", "ended_by_person_id"): _BY,
        ("edit_on_behalf", "by_person_id"): _BY,
        ("distinct_people", "by_person_id"): _BY,
        ("board_edit", "by_person_id"): _BY,
        ("board_edit", "undone_by_id"): _BY,
        ("board_note", "by_person_id"): _BY,
        ("achievement", "endorsed_by_id"): _BY,
    }
)
