"""Leaving one round, by oneself or by the coordinator, who also sees what changed since the freeze."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.withdrawals import OwnRoundForm, WithdrawalForm
from webapp.presenters.enrolment import TABS, present_enrolment
from webapp.services import withdrawals
from webapp.services.boards import find_round
from webapp.services.enrolment import GROUPS, find_enrolment
from webapp.views.paging import here, one_of, page_number, page_url

blueprint = Blueprint("withdrawals", __name__)

SERVICES = {"leave": withdrawals.leave_round, "rejoin": withdrawals.rejoin_round}


@blueprint.route("/rounds/<uuid:round_id>/mine", methods=["GET", "POST"])
def own(round_id: UUID) -> str | Response:
    """Let somebody say "not this time", and take it back."""
    mine = withdrawals.own_round(db_session(), round_id, current_user.person_id)
    form = OwnRoundForm()
    if form.validate_on_submit():
        SERVICES[form.what.data](db_session(), round_id, mine.membership_id, programme_id=mine.programme_id, **_by())
        flash(
            _("%(round)s leaves you out. You stay in the programme.", round=mine.name)
            if form.what.data == "leave"
            else _("You are back in %(round)s.", round=mine.name)
        )
        return redirect(url_for("home.show"))
    return render_template("rounds/mine.html", mine=mine)


@blueprint.get("/c/<slug>/rounds/<uuid:round_id>/people")
def show(slug: str, round_id: UUID) -> str:
    facts = find_round(db_session(), g.console.programme_id, round_id)
    text, group = request.args.get("q", "")[:100], one_of("group", GROUPS)
    found = find_enrolment(db_session(), g.console.programme_id, round_id, group=group, text=text, page=page_number())
    return render_template(
        "rounds/people.html",
        facts=facts,
        enrolment=found,
        page=present_enrolment(found, facts),
        tabs=[(name, TABS[name], found.counts[name], here(group=name, q=None)) for name in GROUPS],
        text=text,
        page_url=page_url,
        slug=slug,
    )


@blueprint.post("/c/<slug>/rounds/<uuid:round_id>/people")
def change(slug: str, round_id: UUID) -> Response:
    form = WithdrawalForm()
    if form.validate_on_submit():
        SERVICES[form.what.data](
            db_session(), round_id, UUID(form.membership_id.data), programme_id=g.console.programme_id, **_by()
        )
        flash(
            _("Left out of this round, and free to come back until it is published.")
            if form.what.data == "leave"
            else _("Back in this round.")
        )
    kept: dict[str, Any] = {name: request.args[name] for name in ("group", "q") if request.args.get(name)}
    return redirect(url_for(".show", slug=slug, round_id=round_id, **kept))


def _by() -> dict[str, Any]:
    return {"by": current_user.person_id, "now": datetime.now(UTC)}
