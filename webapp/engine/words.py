"""The words of a programme: what its vocabulary adds to, renames in and leaves out of the one that ships."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from matcher.taxonomy import Taxonomy, Topic, load_taxonomy

KINDS = ("topic", "stage", "specialty", "language")
OWN = "own"
"""The group of a programme's own topics."""

Names = tuple[tuple[tuple[str, str], str], ...]


@dataclass(frozen=True)
class OwnTopic:
    id: str
    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """How a programme speaks; empty is the vocabulary that ships.

    `offered` holds ids by kind, and a kind that is missing offers all. `names` holds (kind, id) and another name.
    """

    offered: tuple[tuple[str, tuple[str, ...]], ...] = ()
    topics: tuple[OwnTopic, ...] = ()
    names: Names = ()

    @classmethod
    def read(cls, plain: Mapping[str, Any] | None) -> "Words":
        """Read what `plain` gave, as a programme keeps it."""
        if not plain:
            return cls()
        offered = plain.get("offered", {})
        names = plain.get("names", {})
        return cls(
            offered=tuple((kind, tuple(offered[kind])) for kind in KINDS if kind in offered),
            topics=tuple(OwnTopic(own["id"], own["name"], tuple(own["also"])) for own in plain.get("topics", ())),
            names=tuple(((kind, key), name) for kind in sorted(names) for key, name in sorted(names[kind].items())),
        )

    def plain(self) -> dict[str, Any]:
        """Return plain values, ready for JSON; empty parts are left out."""
        names: dict[str, dict[str, str]] = {}
        for (kind, key), name in self.names:
            names.setdefault(kind, {})[key] = name
        parts = {
            "offered": {kind: list(keys) for kind, keys in self.offered},
            "topics": [{"id": own.id, "name": own.name, "also": list(own.also)} for own in self.topics],
            "names": names,
        }
        return {name: part for name, part in parts.items() if part}

    def offers(self, kind: str) -> frozenset[str] | None:
        """Return the ids that forms offer of this kind; None is all."""
        found = dict(self.offered).get(kind)
        return None if found is None else frozenset(found)

    @property
    def taxonomy(self) -> Taxonomy:
        """The vocabulary that the engine compares people by; what is not offered any more is still in it."""
        return _taxonomy(self.topics, self.names)


def merge(several: Iterable[Words]) -> Words:
    """Return what forms and pages that belong to several programmes speak.

    A word is offered where one of them offers it. Where they have different names for one thing, it has the name
    that ships.
    """
    every = list(dict.fromkeys(several))
    if len(every) == 1:
        return every[0]
    offered = []
    for kind in KINDS:
        parts = [words.offers(kind) for words in every]
        if parts and None not in parts:
            offered.append((kind, tuple(sorted(frozenset().union(*(part or () for part in parts))))))
    shared = set(every[0].names).intersection(*(words.names for words in every)) if every else set()
    topics = {own.id: own for words in reversed(every) for own in words.topics}
    return Words(tuple(offered), tuple(topics.values()), tuple(sorted(shared)))


@lru_cache(maxsize=64)
def _taxonomy(topics: tuple[OwnTopic, ...], names: Names) -> Taxonomy:
    if not topics and not names:
        return load_taxonomy()
    return load_taxonomy().with_words(
        [Topic(own.id, own.name, OWN) for own in topics], {key: name for (_kind, key), name in names}
    )
