"""What tests of joining share: a programme, somebody with an account alone, and answers to every step."""

from datetime import date

import pytest

from tests.factories.cast import csrf_of, make_person, make_programme, sign_in
from webapp.models import Person, Programme

ABOUT = {
    "stage": "resident_junior",
    "specialties": ["otolaryngology", "vascular_surgery"],
    "languages": ["en"],
    "zone": "America/Chicago",
}
OFFER = {"topics": ["leadership"], "minutes_a_month": "120"}
REQUEST = {"first": "technical_skills", "second": "work_life", "mentors_wanted": "2"}
HOURS = {"h": ["mo-17:00", "mo-17:30", "tu-18:00"], "zone": "America/Chicago"}


@pytest.fixture
def programme(session) -> Programme:
    programme = make_programme(session, enrols_until=date(2100, 1, 1))
    session.commit()
    return programme


@pytest.fixture
def noor(session, client) -> Person:
    """Somebody with an account and nothing else."""
    person = make_person(session, "Noor van den Akker", windows=())
    person.profile = None
    session.flush()
    sign_in(client, session, person)
    return person


def send(client, path, data, **values):
    return client.post(path, data={"csrf_token": csrf_of(client, path), **data, **values})


def join(client, slug, roles=("mentee",)):
    base = f"/join/{slug}"
    send(client, f"{base}/roles", {"roles": list(roles)})
    send(client, f"{base}/you", ABOUT)
    if "mentor" in roles:
        send(client, f"{base}/offer", OFFER)
    if "mentee" in roles:
        send(client, f"{base}/request", REQUEST)
    send(client, f"{base}/hours", HOURS)
    return send(client, f"{base}/check", {"terms": "y"})
