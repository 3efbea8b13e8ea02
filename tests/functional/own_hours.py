"""What tests of one's own hours share: Lee at her hours, and what is kept of them."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of, sign_in
from webapp.models import AvailabilityException, AvailabilityWindow, Person

PATH = "/me/hours"


@pytest.fixture
def lee(client, session, cast) -> Person:
    sign_in(client, session, cast.lee)
    return cast.lee


def send(client, path, data, **values):
    return client.post(path, data={"csrf_token": csrf_of(client, PATH), **data}, **values)


def page_of(answer) -> str:
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def away_of(session, person) -> list[tuple[str, date, date, int, int]]:
    rows = session.scalars(select(AvailabilityException).where(AvailabilityException.person_id == person.id))
    return sorted((r.kind, r.starts_on, r.ends_on, r.start_minute, r.end_minute) for r in rows)


def hours_of(session, person) -> set[tuple[int, int, int]]:
    rows = session.scalars(select(AvailabilityWindow).where(AvailabilityWindow.person_id == person.id))
    return {(row.weekday, row.start_minute, row.end_minute) for row in rows}
