"""My goals, what I achieved, and what I bring."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.progress import AchievementForm, BringsForm, GoalForm
from webapp.presenters.progress import KINDS, present_progress
from webapp.services.errors import NotFoundError
from webapp.services.progress import (
    Achieved,
    Aim,
    keep_achievement,
    keep_goal,
    read_progress,
    remove_achievement,
    remove_goal,
    save_brings,
)

_Line = TypeVar("_Line", Achieved, Aim)
blueprint = Blueprint("progress", __name__, url_prefix="/me/progress")


@blueprint.get("")
def show() -> str:
    return _page()


@blueprint.post("/brings")
def bring() -> ResponseReturnValue:
    form = BringsForm()
    if not form.validate_on_submit():
        return _page(form)
    save_brings(db_session(), current_user.person_id, form.brings.data)
    flash(_("Saved: what you bring."))
    return redirect(url_for(".show"))


@blueprint.route("/goals/new", methods=["GET", "POST"])
@blueprint.route("/goals/<uuid:goal_id>", methods=["GET", "POST"])
def goal(goal_id: UUID | None = None) -> ResponseReturnValue:
    me = current_user.person_id
    aim = _one(read_progress(db_session(), me).goals, goal_id)
    form = GoalForm(obj=aim, data={"is_reached": bool(aim and aim.reached_at)})
    if goal_id and form.is_submitted() and "remove" in request.form:
        remove_goal(db_session(), me, goal_id)
        flash(_("The goal is removed."))
        return redirect(url_for(".show"))
    if form.validate_on_submit():
        values = {"text": form.text.data, "due_on": form.due_on.data, "is_reached": form.is_reached.data}
        keep_goal(db_session(), me, goal_id, **values, now=datetime.now(UTC))
        flash(_("Your goal is saved."))
        return redirect(url_for(".show"))
    title = _("Change a goal") if goal_id else _("A new goal")
    return render_template("progress/line.html", form=form, title=title, is_new=goal_id is None)


@blueprint.route("/achievements/new", methods=["GET", "POST"])
@blueprint.route("/achievements/<uuid:achievement_id>", methods=["GET", "POST"])
def achievement(achievement_id: UUID | None = None) -> ResponseReturnValue:
    me = current_user.person_id
    one = _one(read_progress(db_session(), me).achievements, achievement_id)
    form = AchievementForm(KINDS, obj=one, data={"achieved_on": one.on} if one else None)
    if achievement_id and form.is_submitted() and "remove" in request.form:
        remove_achievement(db_session(), me, achievement_id)
        flash(_("It is removed."))
        return redirect(url_for(".show"))
    if form.validate_on_submit():
        values = {"kind": form.kind.data, "text": form.text.data, "achieved_on": form.achieved_on.data}
        keep_achievement(db_session(), me, achievement_id, **values, now=datetime.now(UTC))
        flash(_("Saved. Well done."))
        return redirect(url_for(".show"))
    title = _("Change an achievement") if achievement_id else _("What you brought about")
    endorsed = bool(one and one.endorsed_at)
    return render_template("progress/line.html", form=form, title=title, is_new=one is None, endorsed=endorsed)


def _one(rows: Sequence[_Line], row_id: UUID | None) -> _Line | None:
    """Return the row of this id among her own; nothing for a new one."""
    if row_id is None:
        return None
    found = next((row for row in rows if row.id == row_id), None)
    if found is None:
        raise NotFoundError("line")
    return found


def _page(form: BringsForm | None = None) -> str:
    found = read_progress(db_session(), current_user.person_id)
    form = form or BringsForm(formdata=None, brings=found.brings)
    return render_template("progress/show.html", page=present_progress(found), form=form, level=found.level)
