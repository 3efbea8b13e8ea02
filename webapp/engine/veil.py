"""Private facts as a snapshot may hold them: numbers that mean something in this one snapshot alone."""

from collections.abc import Sequence
from dataclasses import replace
from secrets import SystemRandom

from matcher.people import Mentee, Mentor


def veil(mentors: Sequence[Mentor], mentees: Sequence[Mentee]) -> tuple[list[Mentor], list[Mentee]]:
    """Put numbers in the place of private facts, drawn anew for each snapshot and written down nowhere.

    A fact that nobody on the other side told can bring no two people together, and is left out.
    """
    told = [{fact for person in side for fact in person.background} for side in (mentors, mentees)]
    shared = list(told[0] & told[1])
    SystemRandom().shuffle(shared)
    numbers = {fact: str(number) for number, fact in enumerate(shared)}

    def veiled(background: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(numbers[fact] for fact in background if fact in numbers))

    return (
        [replace(mentor, background=veiled(mentor.background)) for mentor in mentors],
        [replace(mentee, background=veiled(mentee.background)) for mentee in mentees],
    )
