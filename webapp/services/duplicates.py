"""People of a programme who look like one person, and those of whom a coordinator said that they are two."""

import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, DistinctPeople, Membership, Person
from webapp.services.errors import NotFoundError
from webapp.services.transaction import transaction

PAGE = 20
MOST_ALIKE = 12  # of one name: beyond that it is a common name, or a fault of a file
SHORTEST_LOCAL = 5  # letters before the @ that say something
# Before or after a name; what is left of them when dots and capitals are gone.
_TITLES = "dr prof professor professorin priv doz dipl univ med mr mrs ms miss mx md phd mbbs facs frcs frcsed facog"
_OFFICES = "admin contact hello mail office secretary surgery surgeon mentoring noreply"
_STROKES, _BETWEEN = str.maketrans("łøđı", "lodi"), re.compile(r"[^\w]+|_")
TITLES, OFFICES = frozenset(_TITLES.split()), frozenset(_OFFICES.split())


@dataclass(frozen=True)
class Alike:
    """One of two who may be the same."""

    id: uuid.UUID
    name: str
    email: str
    status: str
    is_confirmed: bool


@dataclass(frozen=True)
class Likeness:
    first: Alike
    second: Alike
    reasons: tuple[str, ...]  # name, address


@dataclass(frozen=True)
class DuplicatesPage:
    pairs: tuple[Likeness, ...]
    number: int
    pages: int
    total: int


def find_duplicates(session: Session, programme_id: uuid.UUID, *, page: int = 1) -> DuplicatesPage:
    """Return pairs of people who may be one, those alike in most ways first. Two queries."""
    rows = session.execute(
        select(Membership.id, Person.name, Person.email, Membership.status, Person.email_verified_at)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.programme_id == programme_id, Membership.status != "left")
        .order_by(Membership.id)
    )
    people = [Alike(row[0], row[1], row[2], row[3], row[4] is not None) for row in rows]
    distinct = session.execute(
        select(DistinctPeople.first_id, DistinctPeople.second_id)
        .join(Membership, Membership.id == DistinctPeople.first_id)
        .where(Membership.programme_id == programme_id)
    )
    known = {(first, second) for first, second in distinct}
    found = [pair for pair in _alike(people) if (pair.first.id, pair.second.id) not in known]
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, page), pages)
    return DuplicatesPage(tuple(found[(number - 1) * PAGE : number * PAGE]), number, pages, len(found))


def say_distinct(
    session: Session,
    programme_id: uuid.UUID,
    first_id: uuid.UUID,
    second_id: uuid.UUID,
    *,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Remember that these are two people; saying it twice changes nothing."""
    low, high = sorted((first_id, second_id))
    with transaction(session):
        ids = select(Membership.id).where(Membership.programme_id == programme_id, Membership.id.in_((low, high)))
        # The locks make two coordinators who say it at once come one after the other.
        if low == high or len(session.scalars(ids.order_by(Membership.id).with_for_update(key_share=True)).all()) < 2:
            raise NotFoundError("membership")
        same = (DistinctPeople.first_id == low, DistinctPeople.second_id == high)
        if session.scalar(select(DistinctPeople.id).where(*same)) is not None:
            return
        session.add(DistinctPeople(first_id=low, second_id=high, by_person_id=by, created_at=now))
        session.add(
            AuditEvent(
                by_person_id=by,
                programme_id=programme_id,
                action="members.distinct",
                subject=f"membership:{low}",
                facts={"other": str(high)},
                created_at=now,
            )
        )


def name_key(name: str) -> str:
    """Return a name without what people write differently; "" where too little is left to say anything.

    >>> name_key("Prof. Dr. Zoë  Łukasik, MD") == name_key("lukasik zoe")
    True
    >>> name_key("Zoë")
    ''
    """
    words = [word for word in _plain(name).split() if word not in TITLES]
    return " ".join(sorted(words)) if len(words) > 1 else ""


def address_key(email: str) -> str:
    """Return what stands before the @, without dots and what follows a plus; "" for offices and short ones.

    >>> address_key("Grace.Hopper+mentoring@example.org")
    'gracehopper'
    """
    local = re.sub(r"[^a-z0-9]", "", _plain(email.partition("@")[0].partition("+")[0]))
    return local if len(local) >= SHORTEST_LOCAL and local not in OFFICES else ""


def _plain(text: str) -> str:
    """Return small letters without accents, all else as spaces; to Unicode a stroke is no accent, so it is named."""
    kept = text.casefold()
    if not kept.isascii():
        bare = unicodedata.normalize("NFKD", kept.translate(_STROKES))
        kept = "".join(c for c in bare if not unicodedata.combining(c))
    return _BETWEEN.sub(" ", kept).strip()


def _alike(people: Iterable[Alike]) -> list[Likeness]:
    groups: dict[tuple[str, str], list[Alike]] = defaultdict(list)
    for person in people:
        for reason, key in (("name", name_key(person.name)), ("address", address_key(person.email))):
            if key:
                groups[reason, key].append(person)
    reasons: dict[tuple[Alike, Alike], list[str]] = defaultdict(list)
    for (reason, _key), same in groups.items():
        for first, second in combinations(same[:MOST_ALIKE], 2):
            reasons[first, second].append(reason)
    found = [Likeness(first, second, tuple(why)) for (first, second), why in reasons.items()]
    return sorted(found, key=lambda pair: (-len(pair.reasons), pair.first.name.casefold(), str(pair.first.id)))
