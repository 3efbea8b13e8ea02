"""Two coordinators import or take back at once, and files that nobody confirmed."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.cast import Cast
from tests.integration.files import INES, Files
from tests.integration.test_races import at_once
from webapp import worker
from webapp.app import create_app
from webapp.models import (
    ImportBatch,
    ImportContent,
    Person,
    utc_now,
)
from webapp.services import imports
from webapp.services.errors import WrongStateError
from webapp.services.import_undo import undo_import


@pytest.fixture
def waiting(committed_engine, now):
    """A file that waits for its confirmation, in a database that really commits."""
    with Session(committed_engine, expire_on_commit=False) as session:
        files = Files(session, Cast.create(session), now)
        batch_id = files.send(*({**INES, "E-mail": f"p{n}@example.org", "Name": f"Person {n}"} for n in range(40)))
        seen = imports.fingerprint(session.get(ImportBatch, batch_id))
        session.rollback()
        yield files, batch_id, seen


def test_of_two_coordinators_at_once_one_imports(committed_engine, waiting):
    files, batch_id, seen = waiting

    def confirm(session):
        return imports.confirm_import(session, batch_id, seen=seen, **files.who)

    outcome = at_once(committed_engine, [confirm] * 4)
    assert outcome == {True: 1, WrongStateError: 3}
    with Session(committed_engine) as session:
        assert session.query(Person).filter(Person.email.like("p%@example.org")).count() == 40
        assert session.query(ImportBatch).one().state == "imported"


def test_two_undo_at_once_leave_it_undone_once(committed_engine, waiting):
    files, batch_id, seen = waiting
    imports.confirm_import(files.session, batch_id, seen=seen, **files.who)
    files.session.rollback()

    def undo(session):
        return undo_import(session, batch_id, **files.who).is_possible

    assert at_once(committed_engine, [undo] * 3) == {True: 1, WrongStateError: 2}
    with Session(committed_engine) as session:
        assert session.query(Person).filter(Person.email.like("p%@example.org")).count() == 0


def test_keeper_puts_away_files_that_nobody_confirmed(committed_engine, config, waiting):
    _files, batch_id, _seen = waiting
    app = create_app(config, committed_engine)
    keeper = worker.Keeper(app, config, sessionmaker(committed_engine, expire_on_commit=False))
    with Session(committed_engine) as session:
        session.query(ImportContent).one().created_at = utc_now() - timedelta(hours=23)
        session.commit()
        keeper.tidy_imports()
        assert session.get(ImportBatch, batch_id, populate_existing=True).state == "open"
        session.query(ImportContent).one().created_at = utc_now() - timedelta(hours=25)
        session.commit()
        keeper.tidy_imports()
        assert session.get(ImportBatch, batch_id, populate_existing=True).state == "discarded"
        assert session.query(ImportContent).count() == 0
