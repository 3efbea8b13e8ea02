"""What the places of mentees' boards are for, from the rows: those that mentors fill, and those that are open."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from matcher.people import Mentee
from webapp.engine.boards import open_roles
from webapp.engine.roles import roles_of
from webapp.models import Mentorship, Offer

BATCH = 500  # ids a query


def boards_of(
    session: Session,
    needs: Mapping[str, Sequence[str]],
    mentees: Iterable[Mentee],
    together: Collection[tuple[str, str]],
    offered: Mapping[str, Mapping[str, Collection[str]]],
) -> dict[str, dict[str, Any]]:
    """Return the board of each mentee who asked for one, as a snapshot holds it; no query where nobody did.

    `needs` are those of the mentees who asked, in their order, by membership. `together` are the pairs that hold, and
    `offered` the topics of each mentee's mentors, so far as they are known. A place keeps the need that its pair
    was made for; other mentors fill the first need that they offer.
    """
    known = _roles_kept(session, [uuid.UUID(key) for key in needs])
    wanted = {mentee.key: mentee.wanted for mentee in mentees}
    mentors: dict[str, list[str]] = {}
    for mentor, mentee in sorted(together):
        mentors.setdefault(mentee, []).append(mentor)
    boards = {}
    for key, own in needs.items():
        if key in wanted:
            filled = _filled(own, key, mentors.get(key, []), known, offered.get(key, {}))
            roles = open_roles(own, wanted[key], set(filled.values()))
            boards[key] = {"roles": roles, "filled": [[mentor, role] for mentor, role in filled.items()]}
    return boards


def _filled(
    needs: Sequence[str],
    mentee: str,
    mentors: Sequence[str],
    known: Mapping[tuple[str, str], str],
    offered: Mapping[str, Collection[str]],
) -> dict[str, str]:
    """Return the need that each of her mentors fills."""
    filled = {mentor: role for mentor in mentors if (role := known.get((mentor, mentee), "")) in needs}
    others = [mentor for mentor in mentors if mentor not in filled]
    left = [need for need in needs if need not in filled.values()]
    return filled | dict(zip(others, roles_of(left, [offered.get(one, ()) for one in others]), strict=True))


def _roles_kept(session: Session, mentees: Sequence[uuid.UUID]) -> dict[tuple[str, str], str]:
    """Return the need that each pair of these mentees was made for, where it was made for one."""
    found: dict[tuple[str, str], str] = {}
    for start in range(0, len(mentees), BATCH):
        rows = session.execute(
            select(Offer.mentor_id, Offer.mentee_id, Offer.role)
            .outerjoin(Mentorship, Mentorship.offer_id == Offer.id)
            .where(
                Offer.mentee_id.in_(mentees[start : start + BATCH]),
                Offer.role != "",
                or_(Offer.state == "open", Mentorship.status.in_(("active", "paused"))),
            )
        )
        found |= {(str(mentor), str(mentee)): role for mentor, mentee, role in rows}
    return found
