"""What can be wrong with the people of a pool; every fault is named, none stops the search for the next."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from matcher.availability import check_zone
from matcher.codes import Code
from matcher.errors import MatcherError
from matcher.people import Exclusion, Interest, Mentee, Mentor
from matcher.taxonomy import Taxonomy

__all__ = ["InvalidPoolError", "check_people", "check_ties"]


class InvalidPoolError(MatcherError, ValueError):
    """The people cannot be matched as given; `faults` lists everything wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("; ".join(self.faults))


def check_people(mentors: Sequence[Mentor], mentees: Sequence[Mentee], taxonomy: Taxonomy) -> list[str]:
    """List the faults of both sides."""
    faults = _doubled("mentor", mentors) + _doubled("mentee", mentees)
    for mentor in mentors:
        who = f"mentor {mentor.key}"
        faults += _common(who, mentor, taxonomy)
        faults += _unknown(who, "stage", mentor.stages_welcome, taxonomy.stages)
        faults += _negative(who, "minutes", mentor.minutes) + _negative(who, "places", mentor.places)
    for mentee in mentees:
        who = f"mentee {mentee.key}"
        faults += _common(who, mentee, taxonomy)
        faults += _negative(who, "mentors wanted", mentee.wanted)
        if mentee.minutes is not None and mentee.minutes < 1:
            faults.append(f"{who}: minutes with a mentor must be at least 1, not {mentee.minutes}")
        if not math.isfinite(mentee.priority) or mentee.priority < 0:
            faults.append(f"{who}: priority must be a number of at least 0, not {mentee.priority}")
    return faults


def check_ties(
    interests: Iterable[Interest],
    exclusions: Iterable[Exclusion],
    mentors: Mapping[str, int],
    mentees: Mapping[str, int],
) -> list[str]:
    """List the faults of what is said about single pairs."""
    faults: list[str] = []
    ties: list[Interest | Exclusion] = [*interests, *exclusions]
    for tie in ties:
        what = "interest" if isinstance(tie, Interest) else "exclusion"
        if tie.mentor not in mentors:
            faults.append(f"{what} of a mentor who is not in the pool: {tie.mentor}")
        if tie.mentee not in mentees:
            faults.append(f"{what} of a mentee who is not in the pool: {tie.mentee}")
        if isinstance(tie, Interest):
            if tie.side not in {"mentor", "mentee"}:
                faults.append(f"interest of {tie.mentor} and {tie.mentee}: side must be mentor or mentee")
            if tie.rank < 0:
                faults.append(f"interest of {tie.mentor} and {tie.mentee}: rank must be at least 0")
        elif tie.code not in set(Code) - {Code.ACCEPTABLE}:
            faults.append(f"exclusion of {tie.mentor} and {tie.mentee}: {tie.code!r} is not a reason")
    return faults


def _common(who: str, person: Mentor | Mentee, taxonomy: Taxonomy) -> list[str]:
    faults = _unknown(who, "specialty", person.specialties, taxonomy.specialties)
    faults += _unknown(who, "topic", person.topics, taxonomy.topics)
    faults += _unknown(who, "stage", () if person.stage is None else (person.stage,), taxonomy.stages)
    zone = check_zone(person.zone)
    return [*faults, f"{who}: {zone}"] if zone else faults


def _doubled(kind: str, people: Sequence[Mentor] | Sequence[Mentee]) -> list[str]:
    keys = Counter(person.key for person in people)
    return [f"{kind} {key}: the key is used {count} times" for key, count in keys.items() if count > 1]


def _unknown(who: str, kind: str, values: Iterable[str], known: Mapping[str, object]) -> list[str]:
    return [f"{who}: {value!r} is not a known {kind}" for value in values if value not in known]


def _negative(who: str, what: str, value: int) -> list[str]:
    return [] if value >= 0 else [f"{who}: {what} must be at least 0, not {value}"]
