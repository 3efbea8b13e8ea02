"""The catalogue of edits: what a participant can change about her own answers, in the order of effort.

=======  ============  ==============================================================================
effort   key           edit
=======  ============  ==============================================================================
1        resume        a paused mentor takes mentees again
2        hours         one hour more, before or after hours given already
3        hours         two hours more, before or after hours given already
4        hours         two hours on any day: at 7, at 12 or at 18
5        hours         the same two hours from Monday to Friday
6        topic         one topic more; for a mentee the last of her needs
7        stage         a mentor welcomes one career stage more
8        specialty     a mentee names one specialty more, a close one: above or below one of hers, or beside it
9        specialty     a mentee names one specialty more of an area she names already
10       room          a mentor without room gives one place and the minutes of one pair
=======  ============  ==============================================================================

Edits of one effort stand in the order of the week and of the vocabulary. Topics that nobody on the other side names
are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from matcher.availability import DAY, Window, cells
from matcher.people import Mentee, Mentor
from matcher.settings import Settings
from matcher.taxonomy import SAME, SAME_AREA, SHARED_SUBSPECIALTY, Taxonomy

__all__ = ["Edit", "mentee_edits", "mentor_edits"]

HOUR = 60
STARTS = (7 * HOUR, 12 * HOUR, 18 * HOUR)
WEEK = range(7)
WORKING_DAYS = range(5)

Params = dict[str, str | int | list[str]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of somebody's own answers.

    Attributes
    ----------
    effort : int
        Its place in the catalogue.
    key : str
        What it changes; the key of a sentence.
    params : dict
        What the sentence names: of her own data alone.
    mentor, mentee : Mentor or Mentee or None
        She with the edit; one of the two.
    """

    effort: int
    key: str
    params: Params = field(default_factory=dict)
    mentor: Mentor | None = None
    mentee: Mentee | None = None


def mentee_edits(mentee: Mentee, taxonomy: Taxonomy, offered: frozenset[str]) -> Iterator[Edit]:
    """Yield the edits of a mentee; `offered` are the topics that some mentor offers."""
    for effort, added in _hours(mentee.windows):
        params: Params = {"windows": [str(window) for window in added]}
        yield Edit(effort, "hours", params, mentee=replace(mentee, windows=(*mentee.windows, *added)))
    for key in taxonomy.topics:
        if key in offered and key not in mentee.topics:
            params = {"topic": taxonomy.name(key)}
            yield Edit(6, "topic", params, mentee=replace(mentee, topics=(*mentee.topics, key)))
    for effort, key in _specialties(mentee, taxonomy):
        params = {"specialty": taxonomy.name(key)}
        yield Edit(effort, "specialty", params, mentee=replace(mentee, specialties=(*mentee.specialties, key)))


def mentor_edits(mentor: Mentor, taxonomy: Taxonomy, settings: Settings, needed: frozenset[str]) -> Iterator[Edit]:
    """Yield the edits of a mentor; `needed` are the topics that some mentee needs."""
    if mentor.paused:
        yield Edit(1, "resume", mentor=replace(mentor, paused=False))
    for effort, added in _hours(mentor.windows):
        params: Params = {"windows": [str(window) for window in added]}
        yield Edit(effort, "hours", params, mentor=replace(mentor, windows=(*mentor.windows, *added)))
    for key in taxonomy.topics:
        if key in needed and key not in mentor.topics:
            params = {"topic": taxonomy.name(key)}
            yield Edit(6, "topic", params, mentor=replace(mentor, topics=(*mentor.topics, key)))
    if mentor.stages_welcome:
        for key, stage in taxonomy.stages.items():
            if key not in mentor.stages_welcome:
                welcome = (*mentor.stages_welcome, key)
                yield Edit(7, "stage", {"stage": stage.name}, mentor=replace(mentor, stages_welcome=welcome))
    month = settings.monthly_minutes
    if mentor.places == 0 or mentor.minutes < month:
        roomy = replace(mentor, places=max(1, mentor.places), minutes=max(month, mentor.minutes))
        yield Edit(10, "room", {"minutes": month}, mentor=roomy)


def _hours(windows: tuple[Window, ...]) -> Iterator[tuple[int, list[Window]]]:
    """Yield the effort and the windows added, where they add something."""
    free = cells(windows)
    given = sorted(windows)
    choices: list[tuple[int, list[Window]]] = []
    for effort, length in ((2, HOUR), (3, 2 * HOUR)):
        for window in given:
            if window.start >= length:
                choices.append((effort, [Window(window.weekday, window.start - length, window.start)]))
            if window.end + length <= DAY:
                choices.append((effort, [Window(window.weekday, window.end, window.end + length)]))
    for day in WEEK:
        choices += [(4, [Window(day, start, start + 2 * HOUR)]) for start in STARTS]
    choices += [(5, [Window(day, start, start + 2 * HOUR) for day in WORKING_DAYS]) for start in STARTS]
    yield from ((effort, added) for effort, added in choices if (cells(added) & ~free).any())


def _specialties(mentee: Mentee, taxonomy: Taxonomy) -> Iterator[tuple[int, str]]:
    """Yield the effort and the specialty added: close ones, then those of the same area."""
    place, similarity = taxonomy.specialty_index, taxonomy.similarity
    ties = similarity[[place[key] for key in mentee.specialties]].max(axis=0, initial=0.0)
    for effort, least, most in ((8, SHARED_SUBSPECIALTY, SAME), (9, SAME_AREA, SHARED_SUBSPECIALTY)):
        yield from ((effort, key) for key in taxonomy.specialties if least <= ties[place[key]] < most)
