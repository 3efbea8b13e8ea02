"""Beside an offer: a question, another hour, a first call, and the files for the calendar."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.offer_talk import FAULTS, CallForm, ChoiceForm, HourForm, QuestionForm
from webapp.forms.offers import AnswerForm
from webapp.presenters.offer_talk import call_choices, clock_words, hour_choices
from webapp.presenters.offers import present_offer
from webapp.queue import nudge_outbox
from webapp.services.calendars import Entry, call_entry, first_meeting_entry, write_calendar
from webapp.services.errors import ConflictError, InvalidInputError, NoRoomError, WrongStateError
from webapp.services.my_offers import OfferFound, find_offer
from webapp.services.offer_calls import answer_call, ask_call, call_off, calls_to_propose, has_room, read_moment
from webapp.services.offer_hours import answer_hours, hours_to_propose, propose_hours
from webapp.services.offer_questions import write_about_offer
from webapp.views.offers import blueprint, offer_page


@blueprint.post("/offers/<uuid:offer_id>/question")
def question(offer_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _find(offer_id), QuestionForm()
    if not form.validate_on_submit():
        return offer_page(found, AnswerForm(formdata=None), question=form)
    try:
        write_about_offer(
            db_session(),
            offer_id,
            person_id=current_user.person_id,
            text=form.text.data,
            seen=form.seen.data,
            now=_now(),
        )
    except InvalidInputError as error:
        form.text.errors = [FAULTS[error.faults["text"]]]
        return offer_page(found, AnswerForm(formdata=None), question=form)
    except (ConflictError, WrongStateError):
        flash(_("Something changed meanwhile, so nothing was sent. Your words are still below."), "warn")
        return offer_page(_find(offer_id), AnswerForm(formdata=None), question=form), 409
    return _sent(offer_id, _("Your line is sent. We write to you when an answer comes."))


@blueprint.route("/offers/<uuid:offer_id>/hour", methods=["GET", "POST"])
def hour(offer_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _find(offer_id), HourForm()
    form.choices.choices = hour_choices(found, hours_to_propose(db_session(), found), now=_now())
    if form.validate_on_submit():
        ids = {"person_id": current_user.person_id, "now": _now()}
        return _try(
            offer_id,
            lambda: propose_hours(db_session(), offer_id, choices=form.choices.data, **ids),
            _("Your proposal is sent. The hour stays until it is answered."),
        )
    return _ask_page("offers/hour.html", found, form)


@blueprint.post("/offers/<uuid:offer_id>/hour/<uuid:ask_id>")
def answer_hour(offer_id: uuid.UUID, ask_id: uuid.UUID) -> ResponseReturnValue:
    _find(offer_id)
    form = ChoiceForm()
    if not form.validate_on_submit():
        return _changed(offer_id)
    choice, ids = form.choice.data, {"person_id": current_user.person_id, "now": _now()}
    said = _("The hour stays as it is.") if choice == "keep" else _("You meet at the new hour, once both say yes.")
    return _try(offer_id, lambda: answer_hours(db_session(), offer_id, ask_id, choice=choice, **ids), said)


@blueprint.route("/offers/<uuid:offer_id>/call", methods=["GET", "POST"])
def call(offer_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _find(offer_id), CallForm()
    form.choices.choices = call_choices(found, calls_to_propose(db_session(), found, now=_now()))
    if form.validate_on_submit():
        values = {"choices": form.choices.data, "place": form.place.data, "beyond": form.beyond.data}
        return _try(
            offer_id,
            lambda: ask_call(db_session(), offer_id, person_id=current_user.person_id, now=_now(), **values),
            _("Your wish for a call is sent."),
            lambda: _call_page(found, form, full=True),
        )
    moments = [read_moment(value) for value, _words in form.choices.choices]
    full = found.side == "mentor" and not all(has_room(db_session(), found.offer, m) for m in moments)
    return _call_page(found, form, full=full)


@blueprint.post("/offers/<uuid:offer_id>/call/<uuid:ask_id>")
def answer_to_call(offer_id: uuid.UUID, ask_id: uuid.UUID) -> ResponseReturnValue:
    _find(offer_id)
    form = ChoiceForm()
    if not form.validate_on_submit():
        return _changed(offer_id)
    values = {"choice": form.choice.data, "beyond": form.beyond.data}
    said = _("No call, then. The offer waits as before.")
    if form.choice.data != "keep":
        said = _("Your call is agreed. It is in your calendar file, and you have two days after it to answer.")
    return _try(
        offer_id,
        lambda: answer_call(db_session(), offer_id, ask_id, person_id=current_user.person_id, now=_now(), **values),
        said,
    )


@blueprint.post("/offers/<uuid:offer_id>/call/<uuid:ask_id>/off")
def end_call(offer_id: uuid.UUID, ask_id: uuid.UUID) -> ResponseReturnValue:
    _find(offer_id)
    ids = {"person_id": current_user.person_id, "now": _now()}
    return _try(offer_id, lambda: call_off(db_session(), offer_id, ask_id, **ids), _("The call is off. We tell them."))


@blueprint.get("/offers/<uuid:offer_id>/meeting.ics")
def meeting_file(offer_id: uuid.UUID) -> Response:
    found = _find(offer_id)
    entry = first_meeting_entry(db_session(), found, host=_host())
    return _file(found, entry, _("First meeting with %(name)s", name=found.other.person.name), "first-meeting.ics")


@blueprint.get("/offers/<uuid:offer_id>/call.ics")
def call_file(offer_id: uuid.UUID) -> Response:
    found = _find(offer_id)
    entry = call_entry(db_session(), found, host=_host())
    return _file(found, entry, _("First call with %(name)s", name=found.other.person.name), "first-call.ics")


def _find(offer_id: uuid.UUID) -> OfferFound:
    return find_offer(db_session(), offer_id, person_id=current_user.person_id)


def _now() -> datetime:
    return datetime.now(UTC)


def _host() -> str:
    return urlsplit(current_app.config["MOSAIC"].base_url).hostname or "localhost"


def _file(found: OfferFound, entry: Entry, summary: str, name: str) -> Response:
    link = url_for("offers.show", offer_id=found.offer.id, _external=True)
    text = write_calendar(entry, summary=summary, description=link)
    return Response(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _call_page(found: OfferFound, form: CallForm, *, full: bool) -> ResponseReturnValue:
    """Render the wish for a call; one that goes past the month is to be agreed to, with all else as it was sent."""
    if form.is_submitted() and not form.errors:
        form.beyond.errors = [_("That would go past the minutes of the month. Tick this, or choose another day.")]
    return _ask_page("offers/call.html", found, form, full=full)


def _ask_page(template: str, found: OfferFound, form: HourForm | CallForm, **values: object) -> ResponseReturnValue:
    if found.offer.state != "open":
        return _changed(found.offer.id)
    page = present_offer(found, now=_now())
    return render_template(template, page=page, form=form, clock=clock_words(found), **values)


def _try(
    offer_id: uuid.UUID, change: Callable[[], None], said: str, full: Callable[[], ResponseReturnValue] | None = None
) -> ResponseReturnValue:
    """Do it and say so; what cannot be done any more is said in words, and the page shows how it stands.

    `full` renders the page that asks whether the mentor agrees to go past her month.
    """
    try:
        change()
    except NoRoomError:
        if full is not None:
            return full()
        flash(_("That would go past the minutes of the month. Choose another day, or say that you agree."), "warn")
        return redirect(url_for("offers.show", offer_id=offer_id))
    except (ConflictError, WrongStateError, InvalidInputError):
        return _changed(offer_id)
    return _sent(offer_id, said)


def _sent(offer_id: uuid.UUID, said: str) -> ResponseReturnValue:
    nudge_outbox()
    flash(said)
    return redirect(url_for("offers.show", offer_id=offer_id))


def _changed(offer_id: uuid.UUID) -> ResponseReturnValue:
    flash(_("Something changed meanwhile, so nothing was sent. Here is how it stands."), "warn")
    return redirect(url_for("offers.show", offer_id=offer_id))
