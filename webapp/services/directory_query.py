"""Which mentors are meant: the words and filters of the directory."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, and_, case, cast, false, func, or_

from webapp.models import LetterBox, MentorOffer, Person, Profile
from webapp.services.search import names_specialty, text_matches
from webapp.services.visibility import FIELDS
from webapp.services.vocabulary import (
    Group,
    language_groups,
    specialty_groups,
    stage_groups,
    topic_groups,
)

QUARTER = 15  # minutes, the least that anybody asks for
GIVES: dict[str, SQLColumnExpression[bool]] = {
    "mentoring": MentorOffer.gives_mentoring,
    "question": MentorOffer.gives_questions,
    "shadow_day": MentorOffer.gives_shadow_days,
}


@dataclass(frozen=True)
class DirectoryQuery:
    """What the mentee asked for in the address."""

    q: str = ""
    specialty: str = ""
    topic: str = ""
    language: str = ""
    country: str = ""
    zone: str = ""
    format: str = ""
    free: bool = False
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return any((self.q, self.specialty, self.topic, self.language, self.country, self.zone, self.format, self.free))


def conditions(query: DirectoryQuery) -> list[ColumnElement[bool]]:
    """Return what chooses the mentors, over their persons, profiles, offers and letter boxes."""
    chosen = [_word(word) for word in query.q.split()[:6]]
    if query.specialty:
        chosen.append(names_specialty(query.specialty, Profile.specialties))
    if query.topic:
        chosen.append(_holds(MentorOffer.topics, [query.topic]))
    if query.language:
        chosen.append(_holds(Profile.languages, [query.language]))
    if query.country:
        chosen.append(and_(Profile.country == query.country, _shown("place")))
    if query.zone:
        chosen.append(Person.zone == query.zone)
    if query.format:
        chosen.append(GIVES[query.format].is_(True))
    if query.free:
        chosen.append(has_time())
    return chosen


def has_time() -> ColumnElement[bool]:
    """Say that a mentor has a quarter of an hour left of her month, and, if she gives pairs alone, a place."""
    has_place = and_(MentorOffer.gives_mentoring, MentorOffer.places > MentorOffer.reserved_places)
    return and_(
        or_(has_place, MentorOffer.gives_questions, MentorOffer.gives_shadow_days),
        free_minutes() >= QUARTER,
    )


def free_minutes() -> SQLColumnExpression[Any]:
    return MentorOffer.minutes_a_month - MentorOffer.reserved_minutes


def told_of_place() -> tuple[SQLColumnExpression[str], ...]:
    """Return where a mentor works, as far as a mentee may look for it."""
    return (
        case((_shown("institution"), func.coalesce(Profile.institution, "")), else_=""),
        case((_shown("place"), func.coalesce(Profile.city, "")), else_=""),
    )


def _shown(field: str) -> ColumnElement[bool]:
    """Say that people of the programme may see a field: what cannot be read must not be found either."""
    return func.coalesce(Profile.visibility[field].as_string(), FIELDS[field]) == "programme"


def _word(word: str) -> ColumnElement[bool]:
    """Say that a word is in what a mentor wrote, or names something she does: "ENT" finds otolaryngology."""
    written = text_matches(word, Person.name, MentorOffer.about, LetterBox.about, *told_of_place())
    return or_(
        written,
        _holds(Profile.specialties, _named(specialty_groups(), word)),
        _holds(MentorOffer.topics, _named(topic_groups(), word)),
        _holds(Profile.languages, _named(language_groups(), word)),
        Profile.stage.in_(_named(stage_groups(), word)),
    )


def _named(groups: tuple[Group, ...], word: str) -> list[str]:
    return sorted({choice.id for group in groups for choice in group.choices if choice.matches(word)})


def _holds(column: SQLColumnExpression[Any], keys: list[str]) -> ColumnElement[bool]:
    """Say that a JSON list of ids holds one of these."""
    text = cast(column, Text)
    return or_(false(), *(text.contains(f'"{key}"', autoescape=True) for key in keys))
