"""An offer and its answer."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.offers import AnswerForm
from webapp.presenters.offers import present_offer
from webapp.queue import nudge_outbox
from webapp.services.answer_links import read_answer_token
from webapp.services.errors import WrongStateError
from webapp.services.my_offers import OfferFound, find_offer, find_offer_by_side
from webapp.services.offers import answer_offer

blueprint = Blueprint("offers", __name__)


@blueprint.get("/offers/<uuid:offer_id>")
def show(offer_id: uuid.UUID) -> ResponseReturnValue:
    found = find_offer(db_session(), offer_id, person_id=current_user.person_id)
    return _page("offers/show.html", found, AnswerForm(formdata=None))


@blueprint.post("/offers/<uuid:offer_id>")
def answer(offer_id: uuid.UUID) -> ResponseReturnValue:
    found = find_offer(db_session(), offer_id, person_id=current_user.person_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page("offers/show.html", found, form)
    _answer(found, form)
    return redirect(url_for("offers.show", offer_id=offer_id))


@blueprint.route("/answer/<token>", methods=["GET", "POST"])
def by_mail(token: str) -> ResponseReturnValue:
    """Show the offer to whoever holds the link from the mail; only the form on this page answers it."""
    link = read_answer_token(current_app.config["SECRET_KEY"], token)
    found = find_offer_by_side(db_session(), link.offer_id, link.side)
    form = AnswerForm()
    if form.validate_on_submit():
        _answer(found, form)
        return redirect(url_for("offers.by_mail", token=token))
    return _page("offers/by_mail.html", found, form, token=token)


def _answer(found: OfferFound, form: AnswerForm) -> None:
    answer, reason = form.answer.data, form.reason.data
    now, person_id = datetime.now(UTC), found.me.person_id
    try:
        answer_offer(db_session(), found.offer.id, person_id=person_id, answer=answer, reason=reason, now=now)
    except WrongStateError:
        flash(_("This was settled meanwhile. Here is how it stands."), "warn")
        return
    nudge_outbox()
    flash(_("You said yes.") if answer == "yes" else _("You declined. Nobody asks why."))


def _page(template: str, found: OfferFound, form: AnswerForm, **values: str) -> str:
    return render_template(template, page=present_offer(found, now=datetime.now(UTC)), form=form, **values)
