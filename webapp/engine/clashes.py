"""Pins of a coordinator that cannot be kept, in words that name people by the ids of their memberships."""

from collections import Counter
from collections.abc import Sequence

from matcher import Conflict, Problem
from matcher.codes import Code
from matcher.conflicts import find_conflicts
from matcher.pool import Pool
from matcher.scoring import score
from matcher.settings import Settings
from matcher.why_not import why_not
from webapp.engine.boards import choose_place, columns_by_member, member_of


class ClashingPinsError(Exception):
    """The pins cannot all be kept; `clashes` has a sentence for each."""

    def __init__(self, clashes: list[str]) -> None:
        super().__init__(" ".join(clashes))
        self.clashes = clashes


def read_pins(pool: Pool, settings: Settings, pinned: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the pins as positions in the pool; each is a mentor, a mentee and, on a board, the need it is for.

    Raises
    ------
    ClashingPinsError
        With a sentence for each that cannot be kept whatever else is chosen.

    """
    pins: list[tuple[int, int]] = []
    clashes: list[str] = []
    mentors, places = pool.positions[0], columns_by_member(pool)
    wanted = Counter(mentee for _mentor, mentee, *_role in pinned)
    held: Counter[int] = Counter()
    # Pins that name a need go first: the others take what they leave.
    for mentor, mentee, *named in sorted(pinned, key=len, reverse=True):
        role = named[0] if named else ""
        if mentor not in mentors or mentee not in places:
            gone = f"mentor {mentor}" if mentor not in mentors else f"mentee {mentee}"
            clashes.append(f"{gone} is pinned, but was not to be matched when the round was frozen: drop the pin")
            continue
        columns = places[mentee]
        column = columns[0]
        if pool.mentees[column].board:
            chosen = choose_place(pool, settings, mentors[mentor], columns, role=role, taken=held)
            if chosen is None:
                clashes.append(_too_many(mentee, wanted[mentee], sum(pool.mentees[one].wanted for one in columns)))
                continue
            column = chosen
            held[column] += 1
        pair = mentors[mentor], column
        code = int(score(pool.take([pair[0]], [pair[1]]), settings).codes[0, 0])
        if code != Code.ACCEPTABLE:
            clashes.append(f"mentor {mentor} and mentee {mentee} are pinned, but cannot be a pair: {why_not(code)[1]}")
        pins.append(pair)
    if clashes:
        raise ClashingPinsError(list(dict.fromkeys(clashes)))
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


def _too_many(mentee: str, pins: int, wanted: int) -> str:
    return f"mentee {mentee} has {pins} pinned mentors and wants {wanted}: drop a pin"


def _sentence(pool: Pool, conflict: Conflict) -> str:
    if conflict.kind == "wanted":
        assert conflict.mentee is not None
        return _too_many(member_of(pool.mentees[conflict.mentee]), conflict.needed, conflict.available)
    assert conflict.mentor is not None
    who = f"mentor {pool.mentors[conflict.mentor].key}"
    if conflict.kind == "places":
        return f"{who} has {conflict.needed} pinned mentees and {conflict.available} free places: drop a pin"
    return f"{who} has pins of {conflict.needed} minutes a month and {conflict.available} to give: drop a pin"
