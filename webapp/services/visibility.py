"""Who sees what of a profile. Whatever shows one participant to another asks here.

Name, career stage, specialties, topics and languages are what a pair is found by, and always show to people who may
be paired. Coordinators read answers as they need them for their programme, private facts excepted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from webapp.models import Person

Level = Literal["programme", "pairs", "nobody"]
LEVELS: tuple[Level, ...] = ("programme", "pairs", "nobody")
# Each field with who sees it as long as she has said nothing else.
FIELDS: Mapping[str, Level] = MappingProxyType(
    {
        "pronouns": "programme",
        "institution": "programme",
        "place": "programme",
        "bio": "programme",
        "brings": "programme",
        "achievements": "pairs",
    }
)


@dataclass(frozen=True)
class Visible:
    """What one participant may read of another; "" for what is left out or not stated."""

    pronouns: str = ""
    institution: str = ""
    city: str = ""
    country: str = ""
    bio: str = ""
    brings: str = ""
    achievements: bool = False  # whether those may be read and shown


def visible_profile(person: Person, *, to_pair: bool) -> Visible:
    """Return what of a person may be shown to another participant of her programme.

    `to_pair` says that the two are mentor and mentee, both having said yes; an open offer or a letter is not enough.
    Needs `person.profile` loaded, and sends no query.
    """
    profile = person.profile
    if profile is None:
        return Visible(pronouns=person.pronouns)
    levels = levels_of(profile.visibility)
    shown = {name for name, level in levels.items() if level == "programme" or (to_pair and level == "pairs")}

    def said(name: str, value: str) -> str:
        return value if name in shown else ""

    return Visible(
        pronouns=said("pronouns", person.pronouns),
        institution=said("institution", profile.institution),
        city=said("place", profile.city),
        country=said("place", profile.country),
        bio=said("bio", profile.bio),
        brings=said("brings", profile.brings),
        achievements="achievements" in shown,
    )


def levels_of(chosen: Mapping[str, str]) -> dict[str, Level]:
    """Return the level of every field, from what a person chose; a word nobody knows counts as not chosen."""
    return {
        name: next((level for level in LEVELS if level == chosen.get(name)), usual) for name, usual in FIELDS.items()
    }
