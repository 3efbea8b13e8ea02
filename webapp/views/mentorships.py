"""Pairs that both said yes."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.offers import EndForm
from webapp.presenters.mentorships import PairPage, meets, pairs_title, present_pair
from webapp.presenters.progress import ProgressPage, present_progress
from webapp.queue import nudge_outbox
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
    pair = find_mentorship(db_session(), mentorship_id, person_id=current_user.person_id)
    page = present_pair(pair, now=datetime.now(UTC))
    return render_template("mentorships/show.html", page=page, meets=meets, progress=_progress(pair))


def _progress(pair: Pair) -> ProgressPage | None:
    """Return what a mentor may read of her mentee's progress; nothing where there is none."""
    mentee = pair.mentorship.mentee.person
    runs = pair.mentorship.status in {"active", "paused"}
    if pair.side == "mentee" or not runs or not visible_profile(mentee, to_pair=True).achievements:
        return None
    found = present_progress(read_progress(db_session(), mentee.id))
    return None if found.is_empty else found


@blueprint.route("/<uuid:mentorship_id>/end", methods=["GET", "POST"])
def end(mentorship_id: uuid.UUID) -> ResponseReturnValue:
    page, form = _load(mentorship_id), EndForm()
    if form.validate_on_submit():
        end_mentorship(
            db_session(),
            mentorship_id,
            person_id=current_user.person_id,
            reason=form.reason.data,
            now=datetime.now(UTC),
        )
        nudge_outbox()
        flash(_("You ended this pair. We tell %(name)s kindly, without a reason.", name=page.short))
        return redirect(url_for("mentorships.show", mentorship_id=mentorship_id))
    return render_template("mentorships/end.html", page=page, form=form)


def _load(mentorship_id: uuid.UUID) -> PairPage:
    pair = find_mentorship(db_session(), mentorship_id, person_id=current_user.person_id)
    return present_pair(pair, now=datetime.now(UTC))
