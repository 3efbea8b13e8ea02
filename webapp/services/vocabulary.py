"""The vocabulary as pages need it: choices in groups, with the other names people type for them."""

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from zoneinfo import available_timezones

from matcher.languages import LANGUAGES
from matcher.taxonomy import load_taxonomy
from webapp.engine.words import Names, OwnTopic, Words

TRACKS = {
    "pipeline": "Before medical school",
    "physician": "Physicians",
    "nursing": "Nursing",
    "pa": "Physician assistants",
    "research": "Research",
}
TOPIC_GROUPS = {
    "career": "Career steps",
    "research": "Research",
    "clinical": "Clinical work",
    "leadership": "Leading and teaching",
    "network": "People and visibility",
    "wellbeing": "Life and wellbeing",
    "identity": "Being who you are in medicine",
    "service": "Service and support",
}
OWN_TOPICS = "Topics of this programme"
MORE_LANGUAGES = {
    "af": "Afrikaans",
    "bg": "Bulgarian",
    "ca": "Catalan",
    "cy": "Welsh",
    "et": "Estonian",
    "eu": "Basque",
    "ga": "Irish",
    "gl": "Galician",
    "gu": "Gujarati",
    "ha": "Hausa",
    "hr": "Croatian",
    "ht": "Haitian Creole",
    "hy": "Armenian",
    "ig": "Igbo",
    "is": "Icelandic",
    "ka": "Georgian",
    "km": "Khmer",
    "kn": "Kannada",
    "lo": "Lao",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ml": "Malayalam",
    "mr": "Marathi",
    "my": "Burmese",
    "ne": "Nepali",
    "pa": "Punjabi",
    "ps": "Pashto",
    "rw": "Kinyarwanda",
    "si": "Sinhala",
    "sk": "Slovak",
    "sl": "Slovene",
    "so": "Somali",
    "sq": "Albanian",
    "sr": "Serbian",
    "te": "Telugu",  # codespell:ignore te
    "xh": "Xhosa",
    "zu": "Zulu",
}
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


def _words(text: str) -> set[str]:
    """Return the words of a name, what a slash joins whole and in parts."""
    whole = re.split(r"[\s(),-]+", text.casefold())
    return {*whole, *(part for word in whole for part in word.split("/"))} - {""}


@dataclass(frozen=True)
class Choice:
    """One thing to tick; `under` tells a subspecialty from a specialty."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    under: str = ""

    def matches(self, text: str) -> bool:
        """Whether each word that somebody typed begins a word of its name, or of another name for it."""
        wanted = text.casefold().split()
        words = _words(" ".join((self.name, *self.aliases, self.under)))
        return bool(wanted) and all(any(word.startswith(part) for word in words) for part in wanted)


@dataclass(frozen=True)
class Group:
    name: str
    choices: tuple[Choice, ...]


@cache
def _specialty_groups() -> tuple[Group, ...]:
    """Return specialties by area, each followed by its subspecialties; every id stands once."""
    taxonomy = load_taxonomy()
    placed: set[str] = set()
    groups = []
    for area, name in taxonomy.areas.items():
        choices = []
        for entry in taxonomy.specialties.values():
            if entry.parents or area not in entry.areas:
                continue
            choices.append(Choice(entry.id, entry.name, entry.aliases))
            for key in entry.subspecialties:
                if key not in placed:
                    placed.add(key)
                    child = taxonomy.specialties[key]
                    choices.append(Choice(child.id, child.name, child.aliases, under=entry.name))
        groups.append(Group(name, tuple(choices)))
    return tuple(groups)


@cache
def _stage_groups() -> tuple[Group, ...]:
    """Return career stages by track, the earliest first."""
    stages = load_taxonomy().stages.values()
    tracks = dict.fromkeys(stage.track for stage in stages)
    return tuple(
        Group(TRACKS.get(track, track), tuple(Choice(s.id, s.name) for s in stages if s.track == track))
        for track in tracks
    )


@cache
def _topic_groups() -> tuple[Group, ...]:
    """Return topics in their groups."""
    topics = load_taxonomy().topics.values()
    keys = dict.fromkeys(topic.group for topic in topics)
    return tuple(
        Group(TOPIC_GROUPS.get(key, key), tuple(Choice(t.id, t.name) for t in topics if t.group == key)) for key in keys
    )


@cache
def _language_groups() -> tuple[Group, ...]:
    """Return languages by their two-letter codes, in the order of their names."""
    names = {**LANGUAGES, **MORE_LANGUAGES}
    ordered = sorted(names.items(), key=lambda item: item[1])
    return (Group("Languages", tuple(Choice(code, name) for code, name in ordered)),)


_SHIPPED: dict[str, Callable[[], tuple[Group, ...]]] = {
    "specialty": _specialty_groups,
    "stage": _stage_groups,
    "topic": _topic_groups,
    "language": _language_groups,
}
_spoken: ContextVar[Callable[[], Words]] = ContextVar("words", default=Words)


def speak(words: Callable[[], Words] = Words) -> None:
    """Say whose words hold from here on: as with the language, whoever asks for a name need not know of whom it is.

    The words are asked for only when a name is needed.
    """
    _spoken.set(words)


def groups_in(words: Words, kind: str) -> tuple[Group, ...]:
    """Return all that a programme knows of a kind, in its own words."""
    return _groups(kind, words.topics, words.names)


@lru_cache(maxsize=256)
def _groups(kind: str, topics: tuple[OwnTopic, ...], names: Names) -> tuple[Group, ...]:
    renamed = dict(names)
    groups = [
        Group(
            group.name,
            tuple(replace(choice, name=renamed.get((kind, choice.id), choice.name)) for choice in group.choices),
        )
        for group in _SHIPPED[kind]()
    ]
    if kind == "topic" and topics:
        groups.append(Group(OWN_TOPICS, tuple(Choice(own.id, own.name, own.also) for own in topics)))
    return tuple(groups)


def specialty_groups() -> tuple[Group, ...]:
    """Return specialties by area, each followed by its subspecialties; every id stands once."""
    return groups_in(_spoken.get()(), "specialty")


def stage_groups() -> tuple[Group, ...]:
    """Return career stages by track, the earliest first."""
    return groups_in(_spoken.get()(), "stage")


def topic_groups() -> tuple[Group, ...]:
    """Return topics in their groups, a programme's own ones last."""
    return groups_in(_spoken.get()(), "topic")


def language_groups() -> tuple[Group, ...]:
    """Return languages by their two-letter codes, in the order of their names."""
    return groups_in(_spoken.get()(), "language")


def offered_groups(kind: str) -> tuple[Group, ...]:
    """Return what forms offer of a kind."""
    words = _spoken.get()()
    offered = words.offers(kind)
    groups = groups_in(words, kind)
    if offered is None:
        return groups
    kept = (Group(group.name, tuple(c for c in group.choices if c.id in offered)) for group in groups)
    return tuple(group for group in kept if group.choices)


def offered_specialties() -> tuple[Group, ...]:
    return offered_groups("specialty")


def offered_stages() -> tuple[Group, ...]:
    return offered_groups("stage")


def offered_topics() -> tuple[Group, ...]:
    return offered_groups("topic")


def offered_languages() -> tuple[Group, ...]:
    return offered_groups("language")


@cache
def zone_groups() -> tuple[Group, ...]:
    """Return time zones by region; the city names the zone."""
    by_region: dict[str, list[Choice]] = {region: [] for region in REGIONS}
    for zone in sorted(available_timezones()):
        region, _, city = zone.partition("/")
        if city and region in by_region:
            by_region[region].append(Choice(zone, city_of(zone)))
    groups = [Group(region, tuple(choices)) for region, choices in by_region.items() if choices]
    return (*groups, Group("Other", (Choice("UTC", "UTC"),)))


def is_known_zone(zone: str | None) -> bool:
    """Whether a form offers this zone."""
    return any(zone == choice.id for group in zone_groups() for choice in group.choices)


def city_of(zone: str) -> str:
    """Return what people call a zone: its city."""
    return zone.partition("/")[2].replace("_", " ").replace("/", ", ") or zone


@lru_cache(maxsize=256)
def _names(kind: str, topics: tuple[OwnTopic, ...], names: Names) -> dict[str, str]:
    return {choice.id: choice.name for group in _groups(kind, topics, names) for choice in group.choices}


def name_of(kind: str, key: str) -> str:
    """Return the name of an id of this kind (specialty, stage, topic, language); an unknown id stays as it is."""
    words = _spoken.get()()
    return _names(kind, words.topics, words.names).get(key, key)


def names_of(kind: str, keys: Iterable[str]) -> list[str]:
    return [name_of(kind, key) for key in keys]


def stages_behind(stage: str) -> list[str]:
    """Return the stages that come before this one, over all tracks."""
    stages = load_taxonomy().stages
    level = stages[stage].level if stage in stages else 0
    return [key for key, other in stages.items() if other.level < level]
