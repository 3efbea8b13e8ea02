"""Coordinators' notes on the people and pairs of a round."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.board import NoteForm
from webapp.presenters.beside import anchor_of, present_note
from webapp.services import board_notes
from webapp.services.boards import RoundFacts, find_round
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.round_people import names_here
from webapp.views.board import board_url, kept_filters

blueprint = Blueprint("notes", __name__, url_prefix="/c/<slug>/rounds/<uuid:round_id>/notes")


@blueprint.get("")
def show(slug: str, round_id: UUID) -> str:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    return _page(slug, facts, NoteForm(formdata=None))


@blueprint.post("")
def write(slug: str, round_id: UUID) -> str | Response | tuple[str, int]:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    form, deletes = NoteForm(), bool(request.form.get("delete"))
    if not form.validate_on_submit() and not (deletes and set(form.errors) <= {"text"}):
        return _page(slug, facts, form), 400
    try:
        _write(facts, form, deletes=deletes)
    except ConflictError:
        trouble = _("A colleague changed or deleted this note meanwhile. Yours was not saved; it stands below.")
        return _page(slug, facts, form, trouble=trouble), 409
    flash(_("The note is deleted.") if deletes else _("The note is kept."))
    return redirect(_board(slug, round_id))


def _write(facts: RoundFacts, form: NoteForm, *, deletes: bool) -> None:
    session = db_session()
    told: dict[str, Any] = {
        "programme_id": g.console.programme_id,
        "by": current_user.person_id,
        "now": datetime.now(UTC),
    }
    if form.note_id.data:
        note, version = UUID(form.note_id.data), form.version.data or 0
        if deletes:
            board_notes.delete_note(session, note, round_id=facts.id, version=version, **told)
        else:
            board_notes.change_note(session, note, round_id=facts.id, text=form.text.data, version=version, **told)
        return
    mentor, mentee = _about()
    board_notes.add_note(session, facts.id, mentor_id=mentor, mentee_id=mentee, text=form.text.data, **told)


def _page(slug: str, facts: RoundFacts, form: NoteForm, *, trouble: str = "") -> str:
    session, about = db_session(), _about()
    names = names_here(session, g.console.programme_id, [member for member in about if member])
    if len(names) != len({member for member in about if member}):
        raise NotFoundError
    mentor, mentee = (names[member] if member else "" for member in about)
    notes = board_notes.notes_on(session, facts.id, [about[0]] if about[0] else [], [about[1]] if about[1] else [])
    return render_template(
        "rounds/notes.html",
        facts=facts,
        mentor=mentor,
        mentee=mentee,
        notes=[(present_note(note, current_user.person_id), note.mentor_id, note.mentee_id) for note in notes],
        about=about,
        form=form,
        editing=form.note_id.data or "",
        trouble=trouble,
        write_url=url_for(".write", slug=slug, round_id=facts.id, **kept_filters("mentor", "mentee")),
        board=_board(slug, facts.id),
        slug=slug,
    )


def _about() -> tuple[UUID | None, UUID | None]:
    """Return of whom the page is: a mentor, a mentee or both."""
    mentor, mentee = (request.args.get(side, type=UUID) for side in ("mentor", "mentee"))
    if mentor is None and mentee is None:
        raise NotFoundError
    return mentor, mentee


def _board(slug: str, round_id: UUID) -> str:
    mentor, mentee = _about()
    return board_url(slug, round_id, anchor_of(mentor, mentee) if mentor and mentee else "board")
