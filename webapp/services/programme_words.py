"""The vocabulary of a programme: which words its forms offer, its own topics, its own names for stages and topics."""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.engine.words import KINDS, Names, OwnTopic, Words
from webapp.models import Programme
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError
from webapp.services.programmes import suggest_slug
from webapp.services.settings import lock_programme, note_change
from webapp.services.transaction import transaction
from webapp.services.vocabulary import Group, groups_in

RENAMED = ("topic", "stage")
MOST_TOPICS, LONGEST, MOST_NAMES = 60, 80, 10
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Given:
    """What a coordinator wants of one kind; an own topic without an id is a new one."""

    offered: frozenset[str]
    names: Mapping[str, str]
    own: tuple[OwnTopic, ...] = ()


@dataclass(frozen=True)
class KindWords:
    """What a programme says of one kind: all that there is, what is offered, what things are called by themselves."""

    kind: str
    groups: tuple[Group, ...]  # with the names that ship, own topics left out
    offered: frozenset[str]
    names: Mapping[str, str]
    own: tuple[OwnTopic, ...]
    fingerprint: str


def read_words(session: Session, programme_id: uuid.UUID, kind: str) -> KindWords:
    """Return what the page of one kind shows. One query."""
    programme = session.get(Programme, programme_id, populate_existing=True)
    if programme is None or kind not in KINDS:
        raise NotFoundError
    words = Words.read(programme.vocabulary)
    offered = words.offers(kind)
    return KindWords(
        kind=kind,
        groups=groups_in(Words(), kind),
        offered=_known(words, kind) if offered is None else offered,
        names={key: name for (of_kind, key), name in words.names if of_kind == kind},
        own=words.topics if kind == "topic" else (),
        fingerprint=fingerprint_of(words, kind),
    )


def change_words(
    session: Session,
    programme_id: uuid.UUID,
    kind: str,
    given: Given,
    *,
    fingerprint: str,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Keep what is wanted of one kind. What people chose before stays with them.

    Raises
    ------
    ConflictError
        Somebody else changed this kind since the page was opened.
    InvalidInputError
        Names for each id (or "own-N" for a new topic) what is wrong: empty, long, taken, many; or "offered": "none".

    """
    with transaction(session):
        programme = lock_programme(session, programme_id)
        words = Words.read(programme.vocabulary)
        if fingerprint_of(words, kind) != fingerprint:
            raise ConflictError("vocabulary")
        wanted = _changed(words, kind, given, programme.slug)
        if wanted != words:
            programme.vocabulary = wanted.plain()
            note_change(session, programme_id, "vocabulary.changed", {"kind": kind}, by=by, now=now)


def fingerprint_of(words: Words, kind: str) -> str:
    """Return a short hash of what a programme says of one kind."""
    names = [[key, name] for (of_kind, key), name in words.names if of_kind == kind]
    own = [[topic.id, topic.name, topic.also] for topic in words.topics] if kind == "topic" else []
    said = json.dumps([sorted(words.offers(kind) or ["*"]), names, own])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _changed(words: Words, kind: str, given: Given, slug: str) -> Words:
    faults: dict[str, str] = {}
    topics, fresh = words.topics, frozenset[str]()
    if kind == "topic":
        topics = _own_topics(words.topics, given.own, slug, faults)
        fresh = frozenset(own.id for own in topics) - {own.id for own in words.topics}
    names = _names(kind, given.names, faults) if kind in RENAMED else {}
    wanted = replace(words, topics=topics, names=_with_names(words, kind, names))
    if kind in RENAMED:
        _refuse_doubled(wanted, kind, faults)
    known = _known(wanted, kind)
    offered = (given.offered & known) | fresh
    if not offered:
        faults.setdefault("offered", "none")
    if faults:
        raise InvalidInputError(faults)
    others = tuple((each, keys) for each, keys in words.offered if each != kind)
    kept = others if offered == known else (*others, (kind, tuple(sorted(offered))))
    return replace(wanted, offered=tuple(sorted(kept, key=lambda part: KINDS.index(part[0]))))


def _own_topics(
    before: Sequence[OwnTopic], given: Sequence[OwnTopic], slug: str, faults: dict[str, str]
) -> tuple[OwnTopic, ...]:
    """Return the own topics with their names of today, and the new ones; none is ever lost, for people chose them."""
    wanted = {own.id: own for own in given if own.id}
    found = [_checked(wanted.get(own.id, own), own.id, faults) for own in before]
    for number, own in enumerate(own for own in given if not own.id):
        if own.name.strip() or own.also:
            taken = {known.id for known in found}
            found.append(_checked(replace(own, id=_new_id(slug, own.name, taken)), f"own-{number}", faults))
    if len(found) > MOST_TOPICS:
        faults["offered"] = "many"
    return tuple(found)


def _new_id(slug: str, name: str, taken: set[str]) -> str:
    """Return an id that no other programme's topic has, readable where the name can be."""
    key = f"{slug}:{suggest_slug(name)[:40] or uuid.uuid4().hex[:8]}"
    return key if key not in taken else f"{key}-{uuid.uuid4().hex[:4]}"


def _checked(own: OwnTopic, where: str, faults: dict[str, str]) -> OwnTopic:
    name, also = _clean(own.name), tuple(filter(None, (_clean(text) for text in own.also)))
    if not name:
        faults[where] = "empty"
    elif max(map(len, (name, *also))) > LONGEST:
        faults[where] = "long"
    elif len(also) > MOST_NAMES:
        faults[where] = "many"
    return OwnTopic(own.id, name, also)


def _names(kind: str, given: Mapping[str, str], faults: dict[str, str]) -> dict[str, str]:
    """Return the names that differ from those that ship."""
    found = {}
    for choice in (choice for group in groups_in(Words(), kind) for choice in group.choices):
        name = _clean(given.get(choice.id, ""))
        if len(name) > LONGEST:
            faults[choice.id] = "long"
        elif name and name != choice.name:
            found[choice.id] = name
    return found


def _with_names(words: Words, kind: str, names: Mapping[str, str]) -> Names:
    others = [(key, name) for key, name in words.names if key[0] != kind]
    return tuple(sorted([*others, *(((kind, key), name) for key, name in names.items())]))


def _refuse_doubled(words: Words, kind: str, faults: dict[str, str]) -> None:
    """Two things of one name could not be told apart."""
    seen: set[str] = set()
    renamed = [key for (of_kind, key), _ in words.names if of_kind == kind]
    for key, name in sorted(_called(words, kind), key=lambda item: item[0] in renamed):
        if name and name.casefold() in seen:
            faults.setdefault(key, "taken")
        seen.add(name.casefold())


def _called(words: Words, kind: str) -> Iterable[tuple[str, str]]:
    return ((choice.id, choice.name) for group in groups_in(words, kind) for choice in group.choices)


def _known(words: Words, kind: str) -> frozenset[str]:
    return frozenset(key for key, _name in _called(words, kind))


def _clean(text: str) -> str:
    """Return a name on one line, without marks that would turn the text around it."""
    return " ".join(_CONTROL.sub(" ", text).split())
