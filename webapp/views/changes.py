"""Changes by hand of a round's pairs: shown with their cost before they are made, and taken back."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.board import ChangeForm, UndoForm
from webapp.models import Scenario
from webapp.presenters.beside import anchor_of
from webapp.presenters.board_edits import say_apart, say_changed, say_conflict, say_later, say_limit
from webapp.presenters.round_words import CHANGED, NO_ROOM, RULED, say_at_work
from webapp.queue import enqueue
from webapp.services import hand_edits, scenarios
from webapp.services.board_edits import PairChangedError
from webapp.services.boards import RoundFacts, find_round, names_of_members
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError, NotFoundError
from webapp.services.hand_steps import HandLimitError
from webapp.services.scenario_settings import settings_of_scenario
from webapp.services.undoing import undo_edit
from webapp.views.board import board_url
from webapp.views.change_page import change_page
from webapp.views.paging import one_of
from webapp.views.round_people import SIDES, search

blueprint = Blueprint("changes", __name__, url_prefix="/c/<slug>/rounds/<uuid:round_id>")

RULINGS: dict[str, Callable[..., None]] = {"pin": scenarios.pin_pair, "forbid": scenarios.forbid_pair}


@blueprint.get("/change")
def show(slug: str, round_id: UUID) -> str:
    facts, scenario = _scenario(round_id)
    return change_page(slug, facts, scenario, ChangeForm(formdata=None))


@blueprint.post("/change")
def make(slug: str, round_id: UUID) -> str | Response | tuple[str, int]:
    facts, scenario = _scenario(round_id)
    form = ChangeForm()
    if not form.validate_on_submit():
        return change_page(slug, facts, scenario, form, trouble=_first_fault(form)), 400
    try:
        _make(scenario, form)
    except (ConflictError, InvalidInputError) as error:
        return change_page(slug, facts, scenario, form, trouble=_trouble(error, form)), 409
    flash(str(CHANGED.get(form.what.data) or RULED[form.what.data]))
    if form.what.data in RULINGS and request.form.get("again"):
        return _solve_again(slug, scenario)
    return redirect(board_url(slug, round_id, anchor_of(UUID(form.mentor_id.data), UUID(form.mentee_id.data))))


@blueprint.post("/undo")
def undo(slug: str, round_id: UUID) -> Response:
    find_round(db_session(), g.console.programme_id, round_id)
    form, anchor = UndoForm(), "changes"
    if form.validate_on_submit():
        try:
            done = undo_edit(db_session(), UUID(form.edit_id.data), round_id=round_id, seen=form.seen.data, **_here())
        except PairChangedError as error:
            flash(_why_not_undone(error, form.seen.data), "bad")
        except (ConflictError, InvalidInputError) as error:
            flash(_("The change was not taken back. %(why)s", why=_said(error, "", "")), "bad")
        else:
            flash(_("The change is taken back."))
            anchor = anchor_of(done.from_mentor_id or done.mentor_id, done.mentee_id)
    return redirect(board_url(slug, round_id, anchor))


@blueprint.get("/found")
def found(slug: str, round_id: UUID) -> str | Response:
    """Show who has the typed name: the part alone to htmx, the page that asks to anybody else."""
    find_round(db_session(), g.console.programme_id, round_id)
    side = one_of("side", SIDES) or "mentee"
    if "HX-Request" not in request.headers:
        typed: dict[str, Any] = {f"{side}_q": request.args.get(f"{side}_q")}
        return redirect(url_for("whys.show", slug=slug, round_id=round_id, **typed))
    return render_template("rounds/_found.html", picked=search(side))


def _scenario(round_id: UUID) -> tuple[RoundFacts, Scenario]:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    scenario = facts.chosen(request.args.get("scenario", type=UUID))
    if scenario is None or scenario.status != "solved" or facts.state != "review":
        raise NotFoundError
    return facts, scenario


def _make(scenario: Scenario, form: ChangeForm) -> None:
    session, what = db_session(), form.what.data
    pair = UUID(form.mentor_id.data), UUID(form.mentee_id.data)
    told: dict[str, Any] = {"why": form.why.data or "", "seen": form.seen.data, **_here()}
    if what == "pin":
        told["role"] = form.role.data or ""
    if what in RULINGS:
        RULINGS[what](session, scenario.round_id, *pair, **told)
    elif what in {"remove", "restore"}:
        proposal = hand_edits.find_proposal(session, scenario.id, *pair)
        if proposal is None:
            raise ConflictError("gone")
        service = hand_edits.remove_proposal if what == "remove" else hand_edits.restore_proposal
        service(session, proposal.id, **told)
    else:
        change = hand_edits.add_pair
        if what == "move":
            if not form.from_id.data:
                raise NotFoundError
            change = partial(hand_edits.move_pair, from_id=UUID(form.from_id.data))
        change(session, scenario.round_id, scenario.id, *pair, **told)


def _solve_again(slug: str, scenario: Scenario) -> Response:
    """Work the pairs out under the rulings of now, with the same aim, weights and rules."""
    board = url_for("rounds.show", slug=slug, round_id=scenario.round_id, _anchor="work")
    try:
        _id, job_id = scenarios.start_scenario(
            db_session(),
            scenario.round_id,
            name=_("%(name)s, again", name=scenario.name),
            objective=scenario.objective,
            weights=dict(scenario.weights),
            rules=settings_of_scenario(scenario).plain,
            seed=scenario.seed,
            **_here(),
        )
    except ConflictError as error:
        flash(say_at_work(error.what), "warn")
    else:
        enqueue(job_id)
    return redirect(board)


def _trouble(error: ConflictError | InvalidInputError, form: ChangeForm) -> str:
    session, pair = db_session(), [UUID(form.mentor_id.data), UUID(form.mentee_id.data)]
    names = names_of_members(session, pair)
    return _said(error, *(names.get(key, "") for key in pair))


def _said(error: ConflictError | InvalidInputError, mentor: str, mentee: str) -> str:
    if isinstance(error, PairChangedError):
        return say_changed(error.edit, current_user.person_id)
    if isinstance(error, HandLimitError):
        return say_limit(error, mentor or _("The mentor"), mentee or _("The mentee"))
    if isinstance(error, NoRoomError):
        return str(NO_ROOM[error.what])
    if isinstance(error, ConflictError):
        return say_conflict(error.what)
    return say_apart(error.faults["pair"])


def _why_not_undone(error: PairChangedError, seen: int | None) -> str:
    edit, me = error.edit, current_user.person_id
    return say_later(edit, me) if edit.number <= (seen or 0) and not edit.undone_at else say_changed(edit, me)


def _first_fault(form: ChangeForm) -> str:
    return (
        str(form.why.errors[0]) if form.why.errors else _("The form was not whole. Look again, and send it once more.")
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _here() -> dict[str, Any]:
    return {"programme_id": g.console.programme_id, "by": current_user.person_id, "now": _now()}
