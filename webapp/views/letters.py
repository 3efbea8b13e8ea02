"""Letters, for both sides: the list, one of them, and its answers."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from webapp.extensions import db_session
from webapp.forms.letters import AskForm, NotNowForm, ReplyForm, SuggestForm
from webapp.presenters.letter_pages import letters_title, present_letter_page, present_letters
from webapp.presenters.names import short_name
from webapp.queue import nudge_outbox
from webapp.services.blocks import block_writer, list_blocked, unblock
from webapp.services.errors import ConflictError, NoRoomError, WrongStateError
from webapp.services.letter_answers import ask_back, reply_once, say_not_now, say_yes, suggest_colleague
from webapp.services.letter_colleagues import list_colleagues
from webapp.services.letter_reports import report_letter
from webapp.services.letters import LetterFound, find_letter, list_letters, withdraw_letter

blueprint = Blueprint("letters", __name__, url_prefix="/letters")


@blueprint.get("")
def index() -> str:
    found = list_letters(db_session(), current_user.person_id, now=datetime.now(UTC))
    lines = present_letters(found, zone=current_user.zone)
    return render_template(
        "letters/index.html",
        lines=lines,
        title=letters_title(lines),
        blocked=list_blocked(db_session(), current_user.person_id),
        is_mentee=any(b.is_mentee and b.status == "active" for b in current_user.belongings),
        mentored=[b for b in current_user.belongings if b.is_mentor and b.status in {"active", "paused"}],
    )


@blueprint.get("/<uuid:letter_id>")
def show(letter_id: uuid.UUID) -> str:
    return _page(_find(letter_id))


@blueprint.post("/<uuid:letter_id>/yes")
def yes(letter_id: uuid.UUID) -> ResponseReturnValue:
    """Make an offer of a letter, within the mentor's limits."""
    found = _find(letter_id)
    short = short_name(found.other.person.name)
    try:
        say_yes(db_session(), letter_id, **_here())
    except NoRoomError as error:
        flash(_no_room(error.what, short), "warn")
    except ConflictError:
        flash(_("%(name)s is not available in this programme any more. You can answer “not now”.", name=short), "warn")
    except WrongStateError:
        _settled()
    else:
        nudge_outbox()
        flash(_("You said yes. %(name)s confirms it, then you get each other’s address.", name=short))
    return redirect(url_for("letters.show", letter_id=letter_id))


@blueprint.post("/<uuid:letter_id>/not-now")
def not_now(letter_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _find(letter_id), NotNowForm()
    if not form.validate_on_submit():
        return _page(found, not_now=form)
    reason = form.reason.data
    return _do(
        found, lambda: say_not_now(db_session(), letter_id, reason=reason, **_here()), _("Not now. Nobody asks why.")
    )


@blueprint.post("/<uuid:letter_id>/ask")
def ask(letter_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _find(letter_id), AskForm(prefix="ask")
    if not form.validate_on_submit():
        return _page(found, ask=form)
    text = form.text.data or ""
    done = _("Your question is on its way.")
    return _do(found, lambda: ask_back(db_session(), letter_id, text=text, **_here()), done, text=text)


@blueprint.post("/<uuid:letter_id>/reply")
def reply(letter_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _find(letter_id), ReplyForm(prefix="reply")
    if not form.validate_on_submit():
        return _page(found, reply=form)
    text = form.text.data or ""
    done = _("Your answer is on its way.")
    return _do(found, lambda: reply_once(db_session(), letter_id, text=text, **_here()), done, text=text)


@blueprint.post("/<uuid:letter_id>/suggest")
def suggest(letter_id: uuid.UUID) -> ResponseReturnValue:
    found = _find(letter_id)
    form = _suggest_form(found)
    if form is None:
        _settled()
        return redirect(url_for("letters.show", letter_id=letter_id))
    if not form.validate_on_submit():
        return _page(found, suggest=form)
    key = uuid.UUID(form.colleague.data)
    return _do(
        found,
        lambda: suggest_colleague(db_session(), letter_id, colleague_id=key, **_here()),
        _("Thank you. Your suggestion is on its way."),
    )


@blueprint.post("/<uuid:letter_id>/withdraw")
def withdraw(letter_id: uuid.UUID) -> ResponseReturnValue:
    found = _find(letter_id)
    return _do(found, lambda: withdraw_letter(db_session(), letter_id, **_here()), _("You took the letter back."))


@blueprint.post("/<uuid:letter_id>/report")
def report(letter_id: uuid.UUID) -> ResponseReturnValue:
    done = _("The coordinators of the programme read this letter now. The other side is not told.")
    return _do(_find(letter_id), lambda: report_letter(db_session(), letter_id, **_here()), done)


@blueprint.post("/<uuid:letter_id>/block")
def block(letter_id: uuid.UUID) -> ResponseReturnValue:
    name = block_writer(db_session(), letter_id, **_here())
    nudge_outbox()
    flash(_("You and %(name)s do not find each other here any more. Nobody is told; you can undo it below.", name=name))
    return redirect(url_for("letters.index"))


@blueprint.post("/blocks/<uuid:other_id>/undo")
def undo_block(other_id: uuid.UUID) -> ResponseReturnValue:
    name = unblock(db_session(), other_id, **_here())
    flash(_("Taken back. You and %(name)s may find each other again.", name=name))
    return redirect(url_for("letters.index"))


def _find(letter_id: uuid.UUID) -> LetterFound:
    return find_letter(db_session(), letter_id, person_id=current_user.person_id)


def _here() -> dict[str, Any]:
    return {"person_id": current_user.person_id, "now": datetime.now(UTC)}


def _do(found: LetterFound, step: Callable[[], None], done: str, *, text: str = "") -> ResponseReturnValue:
    """Take one step with a letter, unless it was settled meanwhile; `text` is what would be lost then."""
    try:
        step()
    except WrongStateError:
        _settled()
        if text:
            return _page(_find(found.letter.id), unsent=text), 409
    else:
        nudge_outbox()
        flash(done)
    return redirect(url_for("letters.show", letter_id=found.letter.id))


def _settled() -> None:
    flash(_("This was settled meanwhile. Here is how it stands."), "warn")


def _no_room(what: str, short: str) -> str:
    if what == "wanted":
        return _("%(name)s has found enough mentors meanwhile. You can answer “not now”.", name=short)
    if what == "places":
        return _("All the places that you give are taken. Give one more, or answer “not now”.")
    return _("That is more than is left of the time you give. Give a little more, or answer “not now”.")


def _suggest_form(found: LetterFound) -> SuggestForm | None:
    """Return the choice of a colleague; none where it is not hers to answer, or there is nobody."""
    if found.side != "mentor" or not found.is_open:
        return None
    colleagues = list_colleagues(db_session(), found.letter, now=datetime.now(UTC))
    form = SuggestForm(prefix="suggest")
    form.colleague.choices = [SelectChoice("", _("Choose somebody"))]
    form.colleague.choices += [SelectChoice(str(one.id), one.name) for one in colleagues]
    return form if colleagues else None


def _page(
    found: LetterFound,
    *,
    not_now: NotNowForm | None = None,
    ask: AskForm | None = None,
    reply: ReplyForm | None = None,
    suggest: SuggestForm | None = None,
    unsent: str = "",
) -> str:
    g.place = found.letter.mentor.programme.name
    return render_template(
        "letters/show.html",
        page=present_letter_page(found, zone=current_user.zone),
        not_now=not_now or NotNowForm(formdata=None),
        ask=ask or AskForm(formdata=None, prefix="ask"),
        reply=reply or ReplyForm(formdata=None, prefix="reply"),
        suggest=suggest or _suggest_form(found),
        unsent=unsent,
    )
