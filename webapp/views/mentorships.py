"""Pairs that both said yes."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.formats import DayForm, ToldForm
from webapp.forms.offers import EndForm
from webapp.presenters.mentorships import meets, pairs_title, present_pair
from webapp.presenters.progress import ProgressPage, present_progress
from webapp.queue import nudge_outbox
from webapp.services.errors import InvalidInputError, WrongStateError
from webapp.services.light_formats import plan_day, tell
from webapp.services.mentorships import Pair, end_mentorship, find_mentorship, my_mentorships
from webapp.services.progress import read_progress
from webapp.services.visibility import visible_profile

blueprint = Blueprint("mentorships", __name__, url_prefix="/mentorships")


@blueprint.get("")
def index() -> str:
    now = datetime.now(UTC)
    pairs = [present_pair(pair, now=now) for pair in my_mentorships(db_session(), current_user.person_id)]
    return render_template("mentorships/index.html", pairs=pairs, title=pairs_title(pairs), meets=meets)


@blueprint.get("/<uuid:mentorship_id>")
def show(mentorship_id: uuid.UUID) -> str:
    return _show(_load(mentorship_id))


@blueprint.post("/<uuid:mentorship_id>/day")
def day(mentorship_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the day of a question or a shadow day."""
    pair, form = _load(mentorship_id), DayForm()
    if not form.validate_on_submit():
        return _show(pair, form)
    try:
        plan_day(db_session(), mentorship_id, on=form.on.data, **_here())
    except InvalidInputError:
        form.on.errors = [_("Choose today or a later day, within a year.")]
        return _show(pair, form)
    except WrongStateError:
        flash(_("This was settled meanwhile. Here is how it stands."), "warn")
    else:
        flash(_("The day is kept. Both of you see it here."))
    return redirect(url_for("mentorships.show", mentorship_id=mentorship_id))


@blueprint.post("/<uuid:mentorship_id>/told")
def told(mentorship_id: uuid.UUID) -> ResponseReturnValue:
    """Keep whether a question or a shadow day took place."""
    form = ToldForm()
    if not form.validate_on_submit():
        abort(400)
    took_place = form.answer.data == "yes"
    try:
        tell(db_session(), mentorship_id, took_place=took_place, **_here())
    except InvalidInputError:
        flash(_("That day is still to come. Change the day, or say it afterwards."), "warn")
    except WrongStateError:
        flash(_("This was settled meanwhile. Here is how it stands."), "warn")
    else:
        flash(_("Thank you. The minutes are spent.") if took_place else _("Thank you. The minutes went back."))
    return redirect(url_for("mentorships.show", mentorship_id=mentorship_id))


def _show(pair: Pair, form: DayForm | None = None) -> str:
    page = present_pair(pair, now=datetime.now(UTC))
    if form is None and page.light is not None:
        planned = page.light.day_value
        form = DayForm(formdata=None, on=date.fromisoformat(planned) if planned else None)
    return render_template("mentorships/show.html", page=page, meets=meets, day=form, progress=_progress(pair))


def _progress(pair: Pair) -> ProgressPage | None:
    """Return what a mentor may read of her mentee's progress; nothing where there is none."""
    mentee = pair.mentorship.mentee.person
    runs = pair.mentorship.status in {"active", "paused"}
    if pair.side == "mentee" or not runs or not visible_profile(mentee, to_pair=True).achievements:
        return None
    found = present_progress(read_progress(db_session(), mentee.id))
    return None if found.is_empty else found


def _here() -> dict[str, Any]:
    return {"person_id": current_user.person_id, "now": datetime.now(UTC)}


@blueprint.route("/<uuid:mentorship_id>/end", methods=["GET", "POST"])
def end(mentorship_id: uuid.UUID) -> ResponseReturnValue:
    page, form = present_pair(_load(mentorship_id), now=datetime.now(UTC)), EndForm()
    if form.validate_on_submit():
        end_mentorship(
            db_session(),
            mentorship_id,
            person_id=current_user.person_id,
            reason=form.reason.data,
            now=datetime.now(UTC),
        )
        nudge_outbox()
        flash(
            _("You called it off. We tell %(name)s kindly, without a reason.", name=page.short)
            if page.light
            else _("You ended this pair. We tell %(name)s kindly, without a reason.", name=page.short)
        )
        return redirect(url_for("mentorships.show", mentorship_id=mentorship_id))
    return render_template("mentorships/end.html", page=page, form=form)


def _load(mentorship_id: uuid.UUID) -> Pair:
    return find_mentorship(db_session(), mentorship_id, person_id=current_user.person_id)
