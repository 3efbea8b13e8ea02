"""The vocabulary: specialties as a graph with similarities, career stages, topics, and finding them by name."""

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Kind",
    "Specialty",
    "Stage",
    "Taxonomy",
    "Topic",
    "UnknownNameError",
    "load_taxonomy",
]

Kind = Literal["specialty", "stage", "topic"]

SAME, SUBSPECIALTY, SHARED_SUBSPECIALTY, SAME_AREA = 1.0, 0.85, 0.6, 0.3


class UnknownNameError(LookupError):
    """A name, id or alias is not in the vocabulary; `suggestions` are the closest that are."""

    def __init__(self, kind: Kind, text: str, suggestions: tuple[str, ...]) -> None:
        self.kind = kind
        self.text = text
        self.suggestions = suggestions
        meant = f"; did you mean {' or '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"{text!r} is not a known {kind}{meant}")


@dataclass(frozen=True, slots=True)
class Specialty:
    """A specialty, or a subspecialty when it has parents."""

    id: str
    name: str
    areas: frozenset[str]
    aliases: tuple[str, ...] = ()
    subspecialties: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A career stage; `level` orders stages across tracks, `student` marks those who do not practise yet."""

    id: str
    name: str
    track: str
    level: int
    student: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to talk about, or a need."""

    id: str
    name: str
    group: str


@dataclass(frozen=True)
class Taxonomy:
    """
    A vocabulary.

    Attributes
    ----------
    specialties : mapping of str to Specialty
        Specialties first, then subspecialties; the order is that of `similarity`.
    stages, topics : mapping of str to Stage, Topic
    areas : mapping of str to str
        Area id to its name.
    """

    areas: Mapping[str, str]
    specialties: Mapping[str, Specialty]
    stages: Mapping[str, Stage]
    topics: Mapping[str, Topic]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Taxonomy":
        """Build a vocabulary from the structure of `data/taxonomy.yaml`."""
        parents: dict[str, list[str]] = {}
        areas_of: dict[str, set[str]] = {}
        for entry in data["specialties"]:
            for child in entry["subspecialties"]:
                parents.setdefault(child, []).append(entry["id"])
                areas_of.setdefault(child, set()).add(entry["area"])
        specialties = [
            Specialty(
                entry["id"],
                entry["name"],
                frozenset({entry["area"]}),
                aliases=tuple(entry.get("aliases", ())),
                subspecialties=tuple(entry["subspecialties"]),
            )
            for entry in data["specialties"]
        ]
        specialties += [
            Specialty(
                key,
                entry["name"],
                frozenset(areas_of.get(key, ())),
                aliases=tuple(entry.get("aliases", ())),
                parents=tuple(parents.get(key, ())),
            )
            for key, entry in data["subspecialties"].items()
        ]
        stages = [
            Stage(s["id"], s["name"], s["track"], s["level"], s.get("student", False))
            for s in data["career_stages"]["stages"]
        ]
        topics = [Topic(t["id"], t["name"], t["group"]) for t in data["mentoring_topics"]["topics"]]
        return cls(
            areas={a["id"]: a["name"] for a in data["areas"]},
            specialties={s.id: s for s in specialties},
            stages={s.id: s for s in stages},
            topics={t.id: t for t in topics},
        )

    def with_words(self, topics: Iterable[Topic] = (), names: Mapping[str, str] = MappingProxyType({})) -> "Taxonomy":
        """
        Add topics, and give stages and topics other names.

        Parameters
        ----------
        topics : iterable of Topic
            Come after those that are there; one whose id is known already changes nothing.
        names : mapping of str to str
            Stage or topic id to its name; an id that is not known is passed over.

        Examples
        --------
        >>> words = load_taxonomy().with_words([Topic("robotics", "Robotics", "own")], {"work_life": "Life"})
        >>> words.names(["robotics", "work_life"])
        ['Robotics', 'Life']
        """
        every = {topic.id: topic for topic in topics} | dict(self.topics)
        order = [*self.topics, *(key for key in every if key not in self.topics)]
        return replace(
            self,
            stages={key: replace(stage, name=names.get(key, stage.name)) for key, stage in self.stages.items()},
            topics={key: replace(every[key], name=names.get(key, every[key].name)) for key in order},
        )

    @cached_property
    def specialty_index(self) -> Mapping[str, int]:
        """Position of each specialty id in `similarity`."""
        return {key: position for position, key in enumerate(self.specialties)}

    @cached_property
    def topic_index(self) -> Mapping[str, int]:
        """Position of each topic id."""
        return {key: position for position, key in enumerate(self.topics)}

    @cached_property
    def stage_index(self) -> Mapping[str, int]:
        """Position of each stage id."""
        return {key: position for position, key in enumerate(self.stages)}

    @cached_property
    def similarity(self) -> NDArray[np.float64]:
        """
        Similarity of every two ids.

        Returns
        -------
        ndarray of float64, shape (n_specialties, n_specialties)
            Symmetric: 1 for the same id, 0.85 for a specialty and its subspecialty, 0.6 for two specialties that
            share a subspecialty, 0.3 for two ids with an area in common, else 0.
        """
        n = len(self.specialties)
        table = np.zeros((n, n))
        entries = list(self.specialties.values())
        areas = np.zeros((n, len(self.areas)), dtype=np.int64)
        children = np.zeros((n, n), dtype=np.int64)
        area_index = {key: position for position, key in enumerate(self.areas)}
        for row, entry in enumerate(entries):
            areas[row, [area_index[area] for area in entry.areas]] = 1
            children[row, [self.specialty_index[child] for child in entry.subspecialties]] = 1
        table[areas @ areas.T > 0] = SAME_AREA
        table[children @ children.T > 0] = SHARED_SUBSPECIALTY
        table[(children + children.T) > 0] = SUBSPECIALTY
        np.fill_diagonal(table, SAME)
        table.flags.writeable = False
        return table

    @cached_property
    def _names(self) -> Mapping[Kind, Mapping[str, str]]:
        """For each kind, what people write (casefolded) to the id."""
        specialties: dict[str, str] = {}
        for entry in self.specialties.values():
            # A specialty keeps a name that one of its subspecialties uses too.
            for text in (entry.id, entry.name, *entry.aliases):
                specialties.setdefault(_fold(text), entry.id)
        stages = {_fold(text): entry.id for entry in self.stages.values() for text in (entry.name, entry.id)}
        topics = {_fold(text): entry.id for entry in self.topics.values() for text in (entry.name, entry.id)}
        return {"specialty": specialties, "stage": stages, "topic": topics}

    def find(self, kind: Kind, text: str) -> str:
        """
        Find the id for a name, alias or id, whatever its case.

        Raises
        ------
        UnknownNameError
            If there is none; it carries the closest names.
        """
        names = self._names[kind]
        folded = _fold(text)
        if folded in names:
            return names[folded]
        close = difflib.get_close_matches(folded, names, n=3, cutoff=0.6)
        ids = dict.fromkeys(names[name] for name in close)
        raise UnknownNameError(kind, text, tuple(self.name(key) for key in ids))

    def name(self, key: str) -> str:
        """Return the name of a specialty, stage or topic id."""
        for table in (self.specialties, self.stages, self.topics):
            if key in table:
                return table[key].name
        raise KeyError(key)

    def names(self, keys: Iterable[str]) -> list[str]:
        """Return the names of ids, in the same order."""
        return [self.name(key) for key in keys]


def _fold(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()


@cache
def load_taxonomy() -> Taxonomy:
    """Load the vocabulary that ships with the package."""
    text = resources.files("matcher").joinpath("data", "taxonomy.json").read_text(encoding="utf-8")
    return Taxonomy.from_dict(json.loads(text))
