"""Programmes as services: made once, given to another coordinator."""

from datetime import date

import pytest
from sqlalchemy import select

from webapp.models import AuditEvent, Programme
from webapp.services.errors import InvalidInputError
from webapp.services.overviews import list_programmes, programme_overview
from webapp.services.programmes import (
    create_programme,
    default_weights,
    name_coordinator,
    suggest_slug,
)
from webapp.services.students import needs_approval


@pytest.fixture
def create(session, cast, now):
    def make(**values):
        plain = {
            "name": "Nordic Surgeons",
            "slug": "",
            "summary": "",
            "starts_on": date(2027, 5, 1),
            "ends_on": date(2028, 4, 30),
            "enrols_until": None,
            "cadence": "monthly",
            "meeting_minutes": 60,
        }
        return create_programme(session, **(plain | values), by=cast.ada.id, now=now)

    return make


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Lakeland Women in Surgery", "lakeland-women-in-surgery"),
        ("Chirurginnen fördern – Norden 2027!", "chirurginnen-fordern-norden-2027"),
        ("  ", ""),
        ("x" * 80, "x" * 60),
    ],
)
def test_slug_is_made_of_what_may_stand_in_an_address(name, slug):
    assert suggest_slug(name) == slug


def test_new_programme_keeps_students_to_approved_mentors(session, create):
    programme = session.scalar(select(Programme).where(Programme.slug == create()))
    assert needs_approval(programme)


def test_new_programme_has_terms_weights_and_the_makers_zone(session, cast, create):
    programme = session.scalar(select(Programme).where(Programme.slug == create()))
    assert programme.weights == default_weights()
    assert programme.terms
    assert programme.summary
    assert (programme.zone, programme.contact) == (cast.ada.zone, cast.ada.email)


def test_same_name_twice_is_refused_by_its_address(create):
    create()
    with pytest.raises(InvalidInputError) as caught:
        create()
    assert caught.value.faults == {"slug": "taken"}


def test_naming_a_coordinator_is_noted_by_ids(session, cast, now):
    assert name_coordinator(session, cast.programme.id, f" {cast.kim.email} ", by=cast.ada.id, now=now) == "Kim Aho"
    event = session.scalar(select(AuditEvent).where(AuditEvent.action == "coordinator.named"))
    assert event.facts == {"person": str(cast.kim.id)}


def test_overview_and_list_count_the_same_people(session, cast):
    overview = programme_overview(session, cast.programme.id)
    assert (overview.mentors, overview.mentees, overview.coordinators) == (1, 1, ("Ada Oduya",))
    line = next(x for x in list_programmes(session, cast.ada.id, is_operator=False))
    assert (line.mentors, line.mentees, line.is_mine) == (1, 1, True)
    assert {x.slug for x in list_programmes(session, cast.ada.id, is_operator=True)} >= {
        cast.programme.slug,
        cast.elsewhere.slug,
    }
