"""What an import would do to each person: made, invited, changed, a limit lowered, or left as she said it."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Membership, Person, Programme
from webapp.services.import_known import LIMITS, Known, in_parts, known_by_email
from webapp.services.import_reading import ReadPerson, plain_name

ACTIONS = ("new", "invited", "changed", "lowered", "same", "kept")
_JOINED = {"pending", "active", "paused"}


@dataclass(frozen=True)
class Note:
    """Something the coordinator should know of a row: what is left, and why."""

    row: int
    column: str
    kind: str
    value: str = ""
    meant: str = ""


@dataclass
class Step:
    """One row's outcome; `parts` holds the values to write, by the table they belong to."""

    read: ReadPerson
    known: Known | None
    action: str
    parts: dict[str, Any] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """What must stay as this import leaves it, so that it can be undone."""
        if self.action == "lowered":
            return "limits"
        own = self.known is None or (self.action == "changed" and is_ours(self.known))
        return "all" if own else "member"


@dataclass(frozen=True)
class Plan:
    steps: tuple[Step, ...]

    @property
    def counts(self) -> dict[str, int]:
        counted = Counter(step.action for step in self.steps)
        return {action: counted[action] for action in ACTIONS}


def make_plan(session: Session, programme: Programme, people: Iterable[ReadPerson]) -> Plan:
    """Compare what was read with who is known."""
    read = list(people)
    known = known_by_email(session, programme.id, (person.email for person in read))
    return Plan(tuple(_step(programme, person, known.get(person.email)) for person in read))


def likely_doubles(session: Session, programme_id: uuid.UUID, plan: Plan) -> list[Note]:
    """Name the rows of new people whose name somebody in the programme has with another address."""
    there = {
        plain_name(name)
        for name in session.scalars(select(Person.name).join(Membership).where(Membership.programme_id == programme_id))
    }
    return [
        Note(step.read.row, "Name", "same_name_here", step.read.name)
        for step in plan.steps
        if step.action in {"new", "invited"} and plain_name(step.read.name) in there
    ]


def is_ours(known: Known) -> bool:
    """Whether all that is known of a person came from this programme: nobody else invited her, nor did she answer."""
    return not known.is_own and not known.elsewhere


def locked_people(session: Session, emails: Iterable[str]) -> None:
    """Lock whoever of these is known, by their ids as everywhere, so that nobody confirms or is changed meanwhile."""
    found = [session.scalars(select(Person.id).where(Person.email.in_(some))) for some in in_parts(emails)]
    for some in in_parts(sorted(person_id for ids in found for person_id in ids)):
        query = select(Person.id).where(Person.id.in_(some)).order_by(Person.id)
        session.execute(query.with_for_update(key_share=True)).all()


def _step(programme: Programme, read: ReadPerson, known: Known | None) -> Step:
    if known is None:
        return Step(read, None, "new", _all_parts(programme, read))
    if known.member is None:
        parts = {key: value for key, value in _all_parts(programme, read).items() if key not in _OF_PERSON}
        return Step(read, known, "invited", parts)
    if known.member["status"] in _JOINED:
        return _joined(read, known)
    if known.member["status"] == "left":
        return Step(read, known, "kept", notes=[Note(read.row, "E-mail", "left", read.email)])
    return _invited(programme, read, known)


_OF_PERSON = ("person", "profile", "windows")


def _all_parts(programme: Programme, read: ReadPerson) -> dict[str, Any]:
    return {
        "person": {"name": read.name, "pronouns": "", "zone": programme.zone, **read.person},
        "profile": _EMPTY_PROFILE | read.profile,
        "windows": [list(window) for window in read.windows],
        "member": {"status": "invited", "is_mentor": read.is_mentor, "is_mentee": read.is_mentee},
        "offer": _new_offer(programme, read),
        "request": _new_request(read),
    }


_EMPTY_PROFILE: dict[str, Any] = {
    "institution": "",
    "city": "",
    "country": "",
    "stage": "",
    "specialties": [],
    "languages": [],
}


def _new_offer(programme: Programme, read: ReadPerson) -> dict[str, Any] | None:
    """Return a provisional offer; what was not stated is 0, and she is asked for it."""
    if not read.offer:
        return None
    minutes = read.offer.get("minutes_a_month", 0)
    places = min(50, max(1, minutes // programme.minutes_a_month)) if minutes else 0
    empty = {"topics": [], "stages_welcome": [], "minutes_a_month": minutes, "places": places, "about": ""}
    return {**empty, **read.offer, "is_provisional": True}


def _new_request(read: ReadPerson) -> dict[str, Any] | None:
    if not read.request:
        return None
    return {"topics": [], "specialties": [], "mentors_wanted": 1, "goal": "", **read.request}


def _joined(read: ReadPerson, known: Known) -> Step:
    """Take lower limits alone from the file of somebody who has joined."""
    lower, notes = _lower(read, known)
    if lower:
        return Step(read, known, "lowered", {"offer": lower}, notes)
    if notes or _differs(read, known):
        return Step(read, known, "kept", notes=notes or [Note(read.row, "E-mail", "kept", read.email)])
    return Step(read, known, "same")


def _lower(read: ReadPerson, known: Known) -> tuple[dict[str, Any], list[Note]]:
    """Return the limits that the file lowers; a higher one is told and left: only she may raise it."""
    lower, notes = {}, []
    for key, column in zip(LIMITS, ("Minutes a month", "Places"), strict=True):
        stated, present = read.offer.get(key), (known.offer or {}).get(key)
        if stated is None or present is None or stated == present:
            continue
        was_never_stated = present == 0 and known.offer is not None and known.offer["is_provisional"]
        if stated < present or was_never_stated:
            lower[key] = stated
        else:
            notes.append(Note(read.row, column, "limit_kept", str(stated), str(present)))
    return lower, notes


def _differs(read: ReadPerson, known: Known, *, with_person: bool = True) -> bool:
    """Say whether the file tells something else; of what her account holds only where this programme may know it."""
    roles = {"is_mentor": read.is_mentor, "is_mentee": read.is_mentee}
    stated: list[tuple[dict[str, Any], dict[str, Any] | None]] = [(roles, known.member)]
    stated += [(read.offer, known.offer), (read.request, known.request)]
    windows = [list(window) for window in read.windows]
    if with_person:
        stated += [({"name": read.name, **read.person}, known.person), (read.profile, known.profile)]
        stated += [({"windows": windows}, {"windows": known.windows})] if windows else []
    return any(_changes(new, present) for new, present in stated)


def _changes(new: dict[str, Any], present: dict[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in new.items() if present is None or present[key] != value}


def _invited(programme: Programme, read: ReadPerson, known: Known) -> Step:
    """Bring somebody who was invited and has not joined up to the file, but for what she may have said herself."""
    parts: dict[str, Any] = {}
    if is_ours(known):
        parts["person"] = _changes({"name": read.name, **read.person}, known.person)
        profile = _EMPTY_PROFILE | read.profile if known.profile is None else read.profile
        parts["profile"] = _changes(profile, known.profile)
        windows = [list(window) for window in read.windows]
        parts["windows"] = windows if windows and windows != known.windows else None
    parts["member"] = _changes(_roles(read, known), known.member)
    offer, notes = _offer(programme, read, known)
    parts["offer"] = offer
    if known.request is None:
        parts["request"] = _new_request(read)
    elif not known.is_own:
        parts["request"] = _changes(read.request, known.request)
    parts = {key: value for key, value in parts.items() if value}
    if parts:
        return Step(read, known, "changed", parts, notes)
    if notes or _differs(read, known, with_person=is_ours(known)):
        return Step(read, known, "kept", notes=notes or [Note(read.row, "E-mail", "kept", read.email)])
    return Step(read, known, "same")


def _roles(read: ReadPerson, known: Known) -> dict[str, bool]:
    member = known.member or {}
    roles = {"is_mentor": read.is_mentor, "is_mentee": read.is_mentee}
    return {role: stated or (known.is_own and member[role]) for role, stated in roles.items()}


def _offer(programme: Programme, read: ReadPerson, known: Known) -> tuple[dict[str, Any] | None, list[Note]]:
    if known.offer is None:
        return _new_offer(programme, read), []
    lower, notes = _lower(read, known)
    if known.is_own or not known.offer["is_provisional"]:
        return lower, notes
    stated = {key: value for key, value in read.offer.items() if key not in LIMITS}
    return {**_changes(stated, known.offer), **lower}, notes
