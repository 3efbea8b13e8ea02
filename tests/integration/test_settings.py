"""Settings as services: read and saved by section, by one coordinator at a time."""

import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.cast import Cast
from tests.factories.offers import make_round
from webapp.engine.encode import settings_of, snapshot_of
from webapp.models import AuditEvent, Programme
from webapp.services.errors import ConflictError, InvalidInputError, NotFoundError
from webapp.services.settings import Basics, Counts, Meetings, Rules, change_section, held_rounds, read_section

KINDS = (Basics, Meetings, Counts, Rules)
CHANGES = (
    (Basics, {"name": "Lakeland", "summary": "People meet."}),
    (Meetings, {"cadence": "weekly", "meeting_minutes": 30, "offer_days": 10}),
    (Counts, {"minimum": 0.25, "full_shared_minutes": 90, "stage_ahead": 4}),
    (Rules, {"language_required": False, "min_shared_minutes": 120, "former_pairs_allowed": True}),
)


@pytest.fixture
def save(session, cast, now):
    def change(wanted, fingerprint=None):
        fingerprint = fingerprint or read_section(session, cast.programme.id, type(wanted)).fingerprint
        change_section(session, cast.programme.id, wanted, fingerprint=fingerprint, by=cast.ada.id, now=now)

    return change


@pytest.mark.parametrize(("kind", "change"), CHANGES)
def test_section_comes_back_as_it_was_saved_and_no_other_is_touched(session, cast, save, kind, change):
    before = {each: read_section(session, cast.programme.id, each) for each in KINDS}
    wanted = replace(before[kind], **change)
    save(wanted)
    after = {each: read_section(session, cast.programme.id, each) for each in KINDS}
    assert after == before | {kind: wanted}


def test_weights_and_rules_reach_the_engine(session, cast, save):
    counts = read_section(session, cast.programme.id, Counts)
    save(replace(counts, weights=counts.weights | {"stage": 9.0}, stage_ahead=3))
    save(replace(read_section(session, cast.programme.id, Rules), minimum_ahead=2, specialty_required=True))
    settings = settings_of(session.get(Programme, cast.programme.id, populate_existing=True))
    assert (settings.weights["stage"], settings.stage_ahead, settings.minimum_ahead) == (9.0, 3, 2)
    assert settings.specialty_required


def test_frozen_round_keeps_what_it_was_frozen_with(session, cast, save, now):
    frozen = snapshot_of(session, cast.programme.id, now=now)
    make_round(session, cast.programme, state="review", snapshot=frozen)
    make_round(session, cast.programme, state="active")
    session.commit()
    save(replace(read_section(session, cast.programme.id, Rules), language_required=False))
    assert frozen["settings"]["language_required"]
    assert not snapshot_of(session, cast.programme.id, now=now)["settings"]["language_required"]
    assert [held.name for held in held_rounds(session, cast.programme.id)] == ["Spring 2027"]


def test_second_of_two_saves_of_a_section_is_refused_and_another_section_is_not(session, cast, save):
    counts, meetings = (read_section(session, cast.programme.id, kind) for kind in (Counts, Meetings))
    save(replace(counts, minimum=0.5), counts.fingerprint)
    with pytest.raises(ConflictError):
        save(replace(counts, minimum=0.1), counts.fingerprint)
    save(replace(meetings, offer_days=3), meetings.fingerprint)
    assert read_section(session, cast.programme.id, Counts).minimum == 0.5


def test_two_coordinators_at_once_save_a_section_once(committed_engine):
    """Both opened the page, both press the button in the same moment."""
    with Session(committed_engine) as session:
        cast = Cast.create(session)
        programme_id, by = cast.programme.id, cast.ada.id
        opened = read_section(session, programme_id, Meetings)
    ready, said = threading.Barrier(2), []

    def press(days):
        with Session(committed_engine) as mine:
            ready.wait(10)
            try:
                change_section(
                    mine,
                    programme_id,
                    replace(opened, offer_days=days),
                    fingerprint=opened.fingerprint,
                    by=by,
                    now=datetime.now(UTC),
                )
                said.append(days)
            except ConflictError:
                said.append("conflict")

    threads = [threading.Thread(target=press, args=(days,)) for days in (3, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("conflict") == 1
    with Session(committed_engine) as session:
        assert session.get(Programme, programme_id).offer_days in said


def test_saving_without_a_change_leaves_no_trace_and_a_change_is_noted_by_its_fields(session, cast, save):
    meetings = read_section(session, cast.programme.id, Meetings)
    save(meetings)
    assert session.query(AuditEvent).count() == 0
    save(replace(meetings, offer_days=2))
    assert session.scalar(select(AuditEvent.facts)) == {"fields": ["offer_days"]}


@pytest.mark.parametrize(
    "change",
    [{"minimum": float("nan")}, {"minimum": -1.0}, {"stage_ahead": 0}, {"weights": {"stage": float("inf")}}],
)
def test_what_the_engine_cannot_work_with_is_refused_whole(session, cast, save, change):
    before = read_section(session, cast.programme.id, Counts)
    with pytest.raises(InvalidInputError):
        save(replace(before, full_shared_minutes=60, **change))
    session.expire_all()
    assert read_section(session, cast.programme.id, Counts) == before


def test_settings_of_no_programme_are_not_found(session, cast):
    with pytest.raises(NotFoundError):
        read_section(session, cast.ada.id, Basics)
