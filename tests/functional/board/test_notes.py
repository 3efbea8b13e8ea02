"""Notes of the coordinators on the board."""

import uuid

import pytest

from tests.factories.cast import sign_in
from tests.functional.board.changing import follow
from tests.functional.console import send, text_of
from webapp.models import BoardNote


class TestNotes:
    @pytest.fixture
    def notes(self, base, board):
        return f"{base}/notes?mentor={board.rosa.id}&mentee={board.nia.id}"

    def test_a_note_is_kept_shown_on_the_board_changed_and_deleted(self, ada, session, base, notes):
        assert "The note is kept." in follow(ada, send(ada, notes, text="Ask both about Tuesdays."))
        assert "Ask both about Tuesdays." in text_of(ada, base)
        note = session.query(BoardNote).one()
        send(ada, notes, note_id=str(note.id), version=1, text="They know each other.")
        assert "They know each other." in text_of(ada, f"{base}?view=mentees") + text_of(ada, base)
        send(ada, notes, note_id=str(note.id), version=2, delete="1")
        assert session.query(BoardNote).count() == 0

    def test_a_colleagues_words_are_not_written_over(self, ada, bea, session, notes):
        send(ada, notes, text="First")
        note = session.query(BoardNote).one()
        send(bea, notes, note_id=str(note.id), version=1, text="Hers")
        answer = send(ada, notes, note_id=str(note.id), version=1, text="Mine")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409
        assert "A colleague changed or deleted this note meanwhile." in page
        assert "Mine" in page
        session.expire_all()
        assert note.text == "Hers"

    def test_an_empty_note_is_not_kept(self, ada, session, notes):
        answer = send(ada, notes, text="  ")
        assert answer.status_code == 400
        assert "Write the note first." in answer.get_data(as_text=True)
        assert session.query(BoardNote).count() == 0

    def test_a_note_on_one_person_stands_at_her_line(self, ada, base, board):
        send(ada, f"{base}/notes?mentor={board.rosa.id}", text="Back from leave in May.")
        assert "Back from leave in May." in text_of(ada, f"{base}?view=mentors")
        assert "Back from leave in May." in text_of(ada, f"{base}/notes?mentor={board.rosa.id}&mentee={board.nia.id}")

    def test_a_participant_never_reads_it(self, app, ada, session, board, base, notes):
        send(ada, notes, text="Only for us.")
        nia = sign_in(app.test_client(), session, board.nia.person)
        assert nia.get(notes).status_code == 404
        assert "Only for us." not in text_of(nia, "/home")

    def test_nobody_elses_people(self, ada, board, base):
        text_of(ada, f"{base}/notes?mentor={uuid.uuid4()}", status=404)
        text_of(ada, f"{base}/notes", status=404)
