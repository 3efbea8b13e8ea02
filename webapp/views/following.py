"""Following a published round: new answers as they come, a reminder, more time."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.following import ExtendForm, RemindForm
from webapp.presenters.responses import figures_of, present_live
from webapp.queue import nudge_outbox
from webapp.services.following import extend_offers, remind_now, who_waits
from webapp.services.responses import count_answers, published_round

blueprint = Blueprint("following", __name__, url_prefix="/c/<slug>/responses/<uuid:round_id>")


@blueprint.get("/live")
def live(slug: str, round_id: UUID) -> str | Response:
    """Tell what changed since the page was loaded; nothing at all where nothing did, so that nothing is read out."""
    published_round(db_session(), g.console.programme_id, round_id)
    if "HX-Request" not in request.headers:
        return redirect(url_for("responses.show", slug=slug, round_id=round_id))
    answers = count_answers(db_session(), round_id)
    if request.args.get("seen") == answers.fingerprint:
        return Response(status=204)
    return render_template(
        "responses/_live.html",
        live=present_live(answers, news=True),
        figures=figures_of(answers.states),
        page=url_for("responses.show", slug=slug, round_id=round_id),
    )


@blueprint.route("/remind", methods=["GET", "POST"])
def remind(slug: str, round_id: UUID) -> str | Response:
    form = RemindForm()
    published_round(db_session(), g.console.programme_id, round_id)
    if not form.validate_on_submit():
        return _page(slug, round_id, form, "remind")
    number = remind_now(db_session(), round_id, offer_id=_offer(), **_here())
    nudge_outbox()
    flash(
        ngettext("%(num)d person is reminded.", "%(num)d people are reminded.", number)
        if number
        else _("Everybody who has not answered was reminded within the last day already.")
    )
    return redirect(url_for("responses.show", slug=slug, round_id=round_id))


@blueprint.route("/extend", methods=["GET", "POST"])
def extend(slug: str, round_id: UUID) -> str | Response:
    form = ExtendForm()
    published_round(db_session(), g.console.programme_id, round_id)
    if not form.validate_on_submit():
        return _page(slug, round_id, form, "extend")
    number = extend_offers(db_session(), round_id, offer_id=_offer(), days=form.days.data or 0, **_here())
    nudge_outbox()
    flash(ngettext("%(num)d offer has more time.", "%(num)d offers have more time.", number))
    return redirect(url_for("responses.show", slug=slug, round_id=round_id))


def _page(slug: str, round_id: UUID, form: RemindForm | ExtendForm, what: str) -> str:
    programme_id = g.console.programme_id
    waiting = who_waits(db_session(), round_id, programme_id=programme_id, offer_id=_offer(), now=datetime.now(UTC))
    return render_template(
        "responses/follow.html",
        facts=published_round(db_session(), programme_id, round_id),
        waiting=waiting,
        form=form,
        what=what,
        offer=_offer(),
        slug=slug,
    )


def _offer() -> UUID | None:
    """Return the one offer that the address names; without one, all that are open are meant."""
    return request.args.get("offer", type=UUID)


def _here() -> dict[str, Any]:
    return {"programme_id": g.console.programme_id, "by": current_user.person_id, "now": datetime.now(UTC)}
