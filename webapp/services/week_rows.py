"""The rows of a person's week."""

from collections.abc import Iterable

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.models import AvailabilityWindow, Person
from webapp.services.week import Window, merge


def replace_week(session: Session, person: Person, windows: Iterable[Window]) -> None:
    """Write these hours, merged, in place of a person's own; the caller has locked her row."""
    session.execute(delete(AvailabilityWindow).where(AvailabilityWindow.person_id == person.id))
    session.add_all(
        AvailabilityWindow(person_id=person.id, weekday=w.weekday, start_minute=w.start, end_minute=w.end)
        for w in merge(windows)
    )
    session.flush()  # before the person's own list is forgotten, so that the new rows stand
    session.expire(person, ["windows"])
