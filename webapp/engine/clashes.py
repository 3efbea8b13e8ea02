"""Pins of a coordinator that cannot be kept, in words that name people by the ids of their memberships."""

from collections.abc import Sequence

from matcher import Conflict, Problem
from matcher.codes import Code
from matcher.conflicts import find_conflicts
from matcher.pool import Pool
from matcher.scoring import score
from matcher.settings import Settings
from matcher.why_not import why_not


class ClashingPinsError(Exception):
    """The pins cannot all be kept; `clashes` has a sentence for each."""

    def __init__(self, clashes: list[str]) -> None:
        super().__init__(" ".join(clashes))
        self.clashes = clashes


def read_pins(pool: Pool, settings: Settings, pinned: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the pins as positions in the pool.

    Raises
    ------
    ClashingPinsError
        With a sentence for each that cannot be kept whatever else is chosen.

    """
    pins: list[tuple[int, int]] = []
    clashes: list[str] = []
    mentors, mentees = pool.positions
    for mentor, mentee in pinned:
        if mentor not in mentors or mentee not in mentees:
            gone = f"mentor {mentor}" if mentor not in mentors else f"mentee {mentee}"
            clashes.append(f"{gone} is pinned, but was not to be matched when the round was frozen: drop the pin")
            continue
        pair = mentors[mentor], mentees[mentee]
        code = int(score(pool.take([pair[0]], [pair[1]]), settings).codes[0, 0])
        if code != Code.ACCEPTABLE:
            clashes.append(f"mentor {mentor} and mentee {mentee} are pinned, but cannot be a pair: {why_not(code)[1]}")
        pins.append(pair)
    if clashes:
        raise ClashingPinsError(clashes)
    return pins


def check_room(pool: Pool, problem: Problem) -> None:
    """Refuse pins that together exceed what somebody gives or wants.

    Raises
    ------
    ClashingPinsError
        With a sentence for each of these people.

    """
    if conflicts := find_conflicts(problem):
        raise ClashingPinsError([_sentence(pool, conflict) for conflict in conflicts])


def _sentence(pool: Pool, conflict: Conflict) -> str:
    if conflict.kind == "wanted":
        assert conflict.mentee is not None
        who = f"mentee {pool.mentees[conflict.mentee].key}"
        return f"{who} has {conflict.needed} pinned mentors and wants {conflict.available}: drop a pin"
    assert conflict.mentor is not None
    who = f"mentor {pool.mentors[conflict.mentor].key}"
    if conflict.kind == "places":
        return f"{who} has {conflict.needed} pinned mentees and {conflict.available} free places: drop a pin"
    return f"{who} has pins of {conflict.needed} minutes a month and {conflict.available} to give: drop a pin"
