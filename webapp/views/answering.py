"""The forms that joining and one's own pages share: shown, checked, saved, and on to where the page leads."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.hours import HoursForm
from webapp.forms.picking import is_searching
from webapp.forms.profile import AboutForm, OfferForm, ProfileForm, RequestForm
from webapp.presenters.joining import Frame
from webapp.presenters.week import describe_week, describe_zone
from webapp.services.errors import InvalidInputError
from webapp.services.profiles import (
    read_about,
    read_offer,
    read_request,
    save_about,
    save_hours,
    save_offer,
    save_request,
)

Done = Callable[[], str]  # where to go when all is saved; asked for afterwards, when the next step is known


def show(template: str, frame: Frame, **values: object) -> str:
    """Render a form in its frame; while joining, the steps take the place of the navigation."""
    alone: dict[str, object] = {"navigation": [], "place": frame.place} if frame.place else {}
    return render_template(template, frame=frame, **alone, **values)


def answer_about(frame: Frame, done: Done, kind: type[AboutForm], **values: object) -> ResponseReturnValue:
    """Stage, specialties, languages, zone and the optional rest; with name and pronouns on one's own page."""
    about = read_about(db_session(), current_user.person_id)
    form = kind(obj=about)
    if not form.is_submitted() and not form.languages.data:
        offered = {choice.id for group in form.languages.groups for choice in group.choices}
        form.languages.data = [language for language in [current_user.language] if language in offered]
    if form.is_submitted() and not is_searching() and form.validate():
        kept = {name: value for name, value in form.data.items() if name != "csrf_token"}
        try:
            save_about(db_session(), current_user.person_id, **kept)
        except InvalidInputError:
            form.stage.errors = [_("Say first that you are 18 or older, under “If you are a student”. Then save this.")]
        else:
            return redirect(done())
    return show("me/about_form.html", frame, form=form, is_profile=kind is ProfileForm, **values)


def answer_offer(slug: str, frame: Frame, done: Done) -> ResponseReturnValue:
    facts = read_offer(db_session(), slug, person_id=current_user.person_id)
    form = OfferForm(obj=facts)
    if form.is_submitted() and not is_searching() and form.validate():
        minutes = form.minutes_a_month.data
        save_offer(
            db_session(),
            slug,
            person_id=current_user.person_id,
            topics=form.topics.data,
            stages_welcome=form.stages_welcome.data,
            minutes_a_month=minutes,
            places=form.places.data or max(1, min(50, minutes // facts.minutes_a_pair)),
            about=form.about.data,
        )
        _say_when_over(slug)
        return redirect(done())
    return show("me/offer_form.html", frame, form=form, facts=facts)


def _say_when_over(slug: str) -> None:
    facts = read_offer(db_session(), slug, person_id=current_user.person_id)
    if facts.is_over:
        flash(
            _("You give less now than your pairs take. They stay as they are; nothing new is added."),
            "warn",
        )


def answer_request(slug: str, frame: Frame, done: Done) -> ResponseReturnValue:
    facts = read_request(db_session(), slug, person_id=current_user.person_id)
    needs = dict(zip(("first", "second", "third"), facts.topics, strict=False))
    form = RequestForm(obj=facts, **needs)
    if form.is_submitted() and not is_searching() and form.validate():
        save_request(
            db_session(),
            slug,
            person_id=current_user.person_id,
            topics=form.topics,
            specialties=form.specialties.data,
            mentors_wanted=form.mentors_wanted.data,
            goal=form.goal.data,
        )
        return redirect(done())
    return show("me/request_form.html", frame, form=form)


def answer_hours(frame: Frame, done: Done, **where: Any) -> ResponseReturnValue:
    """Show the grid or the ranges; `where` are the values of this page's own address."""
    about = read_about(db_session(), current_user.person_id)
    as_ranges = request.args.get("as") == "ranges"
    form = HoursForm(about.windows, as_ranges=as_ranges, zone=about.zone)
    if form.is_save and form.validate_week():
        save_hours(db_session(), current_user.person_id, windows=form.windows, zone=form.zone.data)
        return redirect(done())
    here = request.endpoint or ""
    return show(
        "me/hours_form.html",
        frame,
        form=form,
        week=describe_week(form.windows),
        zone_text=describe_zone(about.zone, now=datetime.now(UTC)),
        grid_url=url_for(here, **where),
        ranges_url=url_for(here, **where) + "?as=ranges",
    )
