"""What came of a published round."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.offers import DECLINES
from webapp.forms.rounds import WithdrawForm
from webapp.presenters.responses import (
    figures_of,
    news_of,
    present_declines,
    present_live,
    present_offer,
    present_pair,
)
from webapp.presenters.rounds import step_of
from webapp.presenters.states import OFFER, PAIR, ROUND, STEPS
from webapp.queue import nudge_outbox
from webapp.services.errors import NotFoundError
from webapp.services.following import count_favoured, declines_of
from webapp.services.offers import withdraw_offer
from webapp.services.repairs import waiting_list
from webapp.services.responses import (
    OFFER_STATES,
    PAIR_STATES,
    count_answers,
    list_offers,
    list_pairs,
    offer_in_round,
    published_round,
)
from webapp.views.paging import one_of, page_number, page_url

blueprint = Blueprint("responses", __name__, url_prefix="/c/<slug>")


@blueprint.get("/responses/<uuid:round_id>")
def show(slug: str, round_id: UUID) -> str:
    programme_id, now = g.console.programme_id, datetime.now(UTC)
    facts = published_round(db_session(), programme_id, round_id)
    state, text = one_of("state", OFFER_STATES), request.args.get("q", "")[:100]
    answers = count_answers(db_session(), round_id)
    listing = list_offers(db_session(), round_id, answers.states, state=state, text=text, page=page_number())
    title, lead = news_of(listing)
    ends = facts.state == "published" and not listing.counts.get("open")
    return render_template(
        "responses/show.html",
        facts=facts,
        listing=listing,
        lines=[present_offer(row, cadence=facts.cadence, reasons=DECLINES, now=now) for row in listing.rows],
        title=title,
        lead=lead,
        live=present_live(answers),
        figures=figures_of(answers.states),
        declines=present_declines(declines_of(db_session(), round_id), DECLINES),
        n_waiting=len(waiting_list(db_session(), programme_id, round_id)),
        n_favoured=count_favoured(db_session(), programme_id),
        step=step_of("activate") if ends else None,
        state=state,
        text=text,
        offer_words=OFFER,
        round_words=ROUND,
        steps=STEPS,
        page_url=page_url,
        slug=slug,
    )


@blueprint.post("/responses/<uuid:round_id>/withdraw")
def withdraw(slug: str, round_id: UUID) -> Response:
    form = WithdrawForm()
    published_round(db_session(), g.console.programme_id, round_id)
    if form.validate_on_submit():
        offer_id = UUID(form.offer_id.data)
        if offer_in_round(db_session(), g.console.programme_id, offer_id) != round_id:
            raise NotFoundError
        withdraw_offer(
            db_session(),
            offer_id,
            programme_id=g.console.programme_id,
            by=current_user.person_id,
            now=datetime.now(UTC),
        )
        nudge_outbox()
        flash(_("The offer is withdrawn, and both are told."))
    return redirect(url_for(".show", slug=slug, round_id=round_id))


@blueprint.get("/pairs")
def pairs(slug: str) -> str:
    status, text = one_of("status", PAIR_STATES), request.args.get("q", "")[:100]
    listing = list_pairs(db_session(), g.console.programme_id, status=status, text=text, page=page_number())
    return render_template(
        "responses/pairs.html",
        listing=listing,
        lines=[present_pair(row, now=datetime.now(UTC)) for row in listing.rows],
        status=status,
        text=text,
        pair_words=PAIR,
        page_url=page_url,
        slug=slug,
    )
