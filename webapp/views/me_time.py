"""My time: what I give, what is booked, line by line; raised, lowered and paused by myself alone."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from webapp.extensions import db_session
from webapp.forms.profile import PauseForm
from webapp.forms.time import CapForm, LimitsForm
from webapp.presenters.joining import Frame
from webapp.presenters.time import present_time
from webapp.presenters.time_over_all import present_over_all, present_waiting
from webapp.queue import nudge_outbox
from webapp.services.errors import ConflictError
from webapp.services.my_time import my_time
from webapp.services.pausing import offers_in_pause, start_pause
from webapp.services.profiles import read_offer, set_pause
from webapp.services.time_promise import change_cap, change_limits, read_cap
from webapp.views.answering import show
from webapp.views.me import blueprint

UNDO_SECONDS = 3600


@dataclass(frozen=True)
class Undo:
    """What she gave before the change that she has just made, as the address carries it."""

    slug: str
    minutes: int
    places: int


@blueprint.get("/time")
def time() -> str:
    return _time_page()


@blueprint.route("/time/<slug>", methods=["GET", "POST"])
def change_time(slug: str) -> ResponseReturnValue:
    facts = read_offer(db_session(), slug, person_id=current_user.person_id)
    form = LimitsForm(obj=facts)
    if form.validate_on_submit():
        values = {"minutes_a_month": form.minutes_a_month.data, "places": form.places.data}
        before = change_limits(db_session(), slug, person_id=current_user.person_id, now=datetime.now(UTC), **values)
        flash(_("You give %(n)d minutes a month now.", n=form.minutes_a_month.data))
        if before.over:
            flash(_("Your pairs take %(n)d minutes more. They stay; nothing new is added.", n=before.over), "warn")
        undo = None
        if (before.minutes_before, before.places_before) != (form.minutes_a_month.data, form.places.data):
            undo = _undo_signer().dumps([slug, before.minutes_before, before.places_before])
        return redirect(url_for("me.time", undo=undo))
    lead = _("In %(programme)s. Only you can raise it.", programme=facts.programme)
    frame = Frame(_("How much do you give?"), lead, url_for("me.time"), _("My time"), _("Save"))
    return show("me/change_time.html", frame, form=form, facts=facts, slug=slug)


@blueprint.post("/cap")
def cap() -> ResponseReturnValue:
    form = CapForm()
    if not form.validate_on_submit():
        return _time_page(form)
    minutes = form.minutes_cap.data
    change_cap(db_session(), person_id=current_user.person_id, minutes=minutes, now=datetime.now(UTC))
    lifted = _("The cap is lifted: each programme may book what you give there.")
    flash(lifted if minutes is None else _("At most %(n)d minutes a month over all programmes.", n=minutes))
    return redirect(url_for("me.time"))


@blueprint.route("/pause/<slug>", methods=["GET", "POST"])
def pause(slug: str) -> ResponseReturnValue:
    facts = read_offer(db_session(), slug, person_id=current_user.person_id)
    today = datetime.now(ZoneInfo(current_user.zone)).date()
    form = PauseForm(obj=facts)
    if form.is_submitted() and "end" in request.form:
        set_pause(db_session(), slug, person_id=current_user.person_id, paused_from=None, paused_until=None)
        flash(_("You are back. The next round counts on you again."))
        return redirect(url_for("me.time"))
    lead = _("In %(programme)s. Your pairs stay; you are just not proposed to anybody new.", programme=facts.programme)
    title = _("You pause now") if facts.is_paused(today) else _("Take a pause")
    frame = Frame(title, lead, url_for("me.time"), _("My time"), _("Save"))
    if form.validate_on_submit():
        return _start_pause(slug, form, frame)
    if form.paused_from.data is None and not form.is_submitted():
        form.paused_from.data = today
    return show("me/pause.html", frame, form=form, facts=facts, today=today)


def _start_pause(slug: str, form: PauseForm, frame: Frame) -> ResponseReturnValue:
    """Begin the pause; while offers fall into it that she was not shown, show them first."""
    values = {
        "person_id": current_user.person_id,
        "paused_from": form.paused_from.data,
        "paused_until": form.paused_until.data,
        "now": datetime.now(UTC),
    }
    try:
        count = start_pause(db_session(), slug, seen=request.form.getlist("seen", type=UUID), **values)
    except ConflictError:
        waiting = present_waiting(offers_in_pause(db_session(), slug, **values))
        lead = ngettext(
            "One mentee waits for an answer and would begin while you are away.",
            "%(num)d mentees wait for an answer and would begin while you are away.",
            len(waiting),
        )
        asked = Frame(frame.title, lead, frame.back_url, frame.back_text, frame.button)
        return show("me/pause_offers.html", asked, form=form, waiting=waiting, slug=slug)
    flash(_("Your pause is saved. Rounds in that time leave you out."))
    if count:
        nudge_outbox()
        flash(ngettext("One offer is withdrawn, kindly.", "%(num)d offers are withdrawn, kindly.", count))
    return redirect(url_for("me.time"))


def _time_page(form: CapForm | None = None) -> str:
    now, zone = datetime.now(UTC), current_user.zone
    given = my_time(db_session(), current_user.person_id)
    cap = read_cap(db_session(), current_user.person_id)
    return render_template(
        "me/time.html",
        pages=[present_time(each, now=now, zone=zone) for each in given],
        over_all=present_over_all(given, cap, now=now, zone=zone),
        cap_form=form or CapForm(formdata=None, minutes_cap=cap),
        undo=_undo(request.args.get("undo", "")),
    )


def _undo_signer() -> URLSafeTimedSerializer:
    """Sign what she gave before: nobody else can write a link that offers her a number as her own."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"undo-time-{current_user.person_id}")


def _undo(text: str) -> Undo | None:
    try:
        return Undo(*_undo_signer().loads(text, max_age=UNDO_SECONDS))
    except BadSignature:
        return None
