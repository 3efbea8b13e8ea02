"""The people of large programmes are read before anybody asks for them, and never stand in the way of visits."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from config import ROOT
from tests import databases
from tests.factories.pools import make_pool, settled_mark
from tests.factories.workers import wait_for
from webapp.engine.changes import MOST
from webapp.jobs.reading_ahead import ReadingAhead
from webapp.models import Membership, MentorOffer, PoolChange, Programme
from webapp.services import crowds
from webapp.services.crowds import KEPT, keep_ready
from webapp.services.pool import forget_changes
from webapp.services.suggestions import find_suggestions


@pytest.fixture(autouse=True)
def _nothing_read_yet():
    crowds._kept.clear()
    yield
    crowds._kept.clear()


@pytest.fixture
def session(committed_engine):
    with Session(committed_engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def programme(session):
    return make_pool(session, 4, 3)[0]


def somebody(session, programme, role):
    mine = session.query(Membership).filter(Membership.programme_id == programme.id, role)
    return mine.order_by(Membership.id).first()


def visit(session, programme, now, side="mentee"):
    session.rollback()
    member = somebody(session, programme, Membership.is_mentee if side == "mentee" else Membership.is_mentor)
    return find_suggestions(session, member.id, side=side, asked="m", now=now)


def test_first_visit_finds_everybody_read(session, programme, now):
    settled_mark(session)
    keep_ready(session, now=now)
    for side in ("mentee", "mentor"):
        ready = crowds._kept[programme.id, side]
        visit(session, programme, now, side)
        assert crowds._kept[programme.id, side] is ready


def test_visit_after_very_many_changes_finds_everybody_read_again(session, programme, now):
    visit(session, programme, now)
    before = session.scalar(select(func.count()).select_from(PoolChange))
    mentor = somebody(session, programme, Membership.is_mentor)
    session.execute(update(MentorOffer).where(MentorOffer.membership_id == mentor.id).values(places=7))
    while session.scalar(select(func.count()).select_from(PoolChange)) <= MOST + before:
        session.execute(update(MentorOffer).values(about="Ask me anything."))
    session.commit()
    settled_mark(session)
    keep_ready(session, now=now)
    ready = crowds._kept[programme.id, "mentee"]
    assert ready.people[mentor.id].record.places == 7
    visit(session, programme, now)
    assert crowds._kept[programme.id, "mentee"] is ready


def test_largest_programmes_are_read_as_far_as_there_is_room(session, now):
    sizes = {make_pool(session, 1, size, seed=size)[0].id: size for size in range(1, KEPT // 2 + 3)}
    keep_ready(session, now=now)
    read = {programme_id for programme_id, _side in crowds._kept}
    assert sorted(sizes[programme_id] for programme_id in read) == list(range(3, KEPT // 2 + 3))
    assert len(crowds._kept) == KEPT


def test_programme_that_is_over_is_not_read(session, programme, now):
    over = {"starts_on": now.date() - timedelta(days=9), "ends_on": now.date() - timedelta(days=1)}
    session.execute(update(Programme).where(Programme.id == programme.id).values(over))
    session.commit()
    keep_ready(session, now=now)
    assert not crowds._kept


def test_who_was_visited_last_is_kept_whatever_is_larger(session, now):
    pools = [make_pool(session, 1, 1 + number, seed=number)[0] for number in range(KEPT + 1)]
    for programme in pools[:KEPT]:
        visit(session, programme, now)
    keep_ready(session, now=now)
    assert list(crowds._kept) == [(programme.id, "mentee") for programme in pools[:KEPT]]
    visit(session, pools[KEPT], now)
    assert list(crowds._kept) == [(programme.id, "mentee") for programme in pools[1:]]


def test_change_that_was_forgotten_before_anybody_came_again_is_not_missed(session, programme, now):
    visit(session, programme, now)
    mentor = somebody(session, programme, Membership.is_mentor)
    session.execute(update(MentorOffer).where(MentorOffer.membership_id == mentor.id).values(places=7))
    session.execute(update(MentorOffer).where(MentorOffer.membership_id != mentor.id).values(places=6))  # newer lines
    session.commit()
    later = datetime.now(UTC) + timedelta(days=4)
    assert forget_changes(session, now=later)
    visit(session, programme, now + timedelta(days=4))
    assert crowds._kept[programme.id, "mentee"].people[mentor.id].record.places == 7


def test_thread_reads_what_is_there_and_what_changes(session, programme, committed_engine):
    mentor = somebody(session, programme, Membership.is_mentor)

    def places():
        crowd = crowds._kept.get((programme.id, "mentee"))
        return crowd and crowd.people[mentor.id].record.places

    thread = ReadingAhead(sessionmaker(committed_engine), every=0.01)
    thread.start()
    try:
        wait_for(places)
        session.execute(update(MentorOffer).where(MentorOffer.membership_id == mentor.id).values(places=7))
        session.commit()
        wait_for(lambda: places() == 7)
    finally:
        thread.stop()
    assert not thread.is_alive()


def test_thread_outlives_a_database_without_tables(tmp_path, capsys):
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    tried = []

    class Sessions:
        def __call__(self):
            tried.append(True)
            return Session(engine)

    thread = ReadingAhead(Sessions(), every=0.01)
    thread.start()
    try:
        wait_for(lambda: len(tried) > 1)
        assert thread.is_alive()
    finally:
        thread.stop()
        engine.dispose()
    assert "reading_ahead_failed" in capsys.readouterr().out


def test_thread_reads_all_templates_before_a_page_asks_for_them(made_app, tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    templates = made_app.jinja_env.overlay(cache_size=1000)
    ReadingAhead(sessionmaker(engine), templates).read_templates()
    engine.dispose()
    read = {name for _loader, name in templates.cache}
    assert {"home/show.html", "suggestions/show.html", "rounds/board.html"} <= read
    assert len(read) <= made_app.jinja_env.cache.capacity


def test_server_process_begins_to_read_when_it_loads_the_application(tmp_path):
    url = f"sqlite:///{tmp_path / 'mosaic.db'}"
    with databases.engine_of(url) as engine:
        databases.migrate(engine)
    code = "import threading, webapp.wsgi; print(*(thread.name for thread in threading.enumerate()))"
    environment = {"MOSAIC_INSTANCE": str(tmp_path), "DATABASE_URL": url}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert "reading-ahead" in ended.stdout
