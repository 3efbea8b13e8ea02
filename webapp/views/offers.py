"""An offer and its answer."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.offer_talk import ChoiceForm, QuestionForm
from webapp.forms.offers import AnswerForm
from webapp.presenters.offer_talk import present_talk
from webapp.presenters.offers import present_offer
from webapp.queue import nudge_outbox
from webapp.services.answer_links import read_answer_token
from webapp.services.errors import AgeNotSaidError, WrongStateError
from webapp.services.my_offer_talk import read_talk
from webapp.services.my_offers import OfferFound, find_offer, find_offer_by_side
from webapp.services.offers import answer_offer

blueprint = Blueprint("offers", __name__)


@blueprint.get("/offers/<uuid:offer_id>")
def show(offer_id: uuid.UUID) -> ResponseReturnValue:
    found = find_offer(db_session(), offer_id, person_id=current_user.person_id)
    return offer_page(found, AnswerForm(formdata=None))


@blueprint.post("/offers/<uuid:offer_id>")
def answer(offer_id: uuid.UUID) -> ResponseReturnValue:
    found = find_offer(db_session(), offer_id, person_id=current_user.person_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return offer_page(found, form)
    return _answer(found, form, url_for("offers.show", offer_id=offer_id))


@blueprint.route("/answer/<token>", methods=["GET", "POST"])
def by_mail(token: str) -> ResponseReturnValue:
    """Show the offer to whoever holds the link from the mail; only the form on this page answers it."""
    link = read_answer_token(current_app.config["SECRET_KEY"], token)
    found = find_offer_by_side(db_session(), link.offer_id, link.side)
    form = AnswerForm()
    if form.validate_on_submit():
        return _answer(found, form, url_for("offers.by_mail", token=token))
    page = present_offer(found, now=datetime.now(UTC))
    return render_template("offers/by_mail.html", page=page, form=form, token=token)


def offer_page(found: OfferFound, form: AnswerForm, *, question: QuestionForm | None = None) -> str:
    """Render the offer with what the two wrote and asked; a form that failed comes back as it was sent."""
    now = datetime.now(UTC)
    talk = present_talk(found, read_talk(db_session(), found, now=now), now=now)
    if question is not None:
        question.seen.data, question.seen.raw_data = talk.seen, None  # sent again, it answers what stands there now
    return render_template(
        "offers/show.html",
        page=present_offer(found, now=now),
        talk=talk,
        form=form,
        question=question or QuestionForm(formdata=None, seen=talk.seen),
        choice=ChoiceForm(formdata=None),
        unsent=question.text.data if question is not None and not talk.may_write else "",
    )


def _answer(found: OfferFound, form: AnswerForm, back: str) -> ResponseReturnValue:
    answer, reason = form.answer.data, form.reason.data
    now, person_id = datetime.now(UTC), found.me.person_id
    try:
        answer_offer(db_session(), found.offer.id, person_id=person_id, answer=answer, reason=reason, now=now)
    except WrongStateError:
        flash(_("This was settled meanwhile. Here is how it stands."), "warn")
    except AgeNotSaidError as error:
        if error.is_own:
            flash(_("One short question first. Then you come back here, and can say yes."), "warn")
            return redirect(url_for("me.adult", next=back))
        flash(_("This cannot be settled at the moment. Please try again in a few days; the minutes stay held."), "warn")
    else:
        nudge_outbox()
        flash(_("You said yes.") if answer == "yes" else _("You declined. Nobody asks why."))
    return redirect(back)
