"""The forms that joining and one's own pages share: shown, checked, saved, and on to where the page leads."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.adult import UNTICKED
from webapp.forms.hours import HoursForm
from webapp.forms.picking import is_searching
from webapp.forms.profile import AboutForm, OfferForm, ProfileForm, RequestForm
from webapp.presenters.joining import Frame
from webapp.presenters.partners import present_elsewhere, present_partners, warn_of_nobody
from webapp.presenters.week import describe_week, describe_zone
from webapp.services.about_people import About, read_about, save_about, save_hours
from webapp.services.errors import InvalidInputError
from webapp.services.possible_partners import PartnerCount, count_partners
from webapp.services.profiles import read_offer, read_request, save_offer, save_request
from webapp.services.vocabulary import is_known_zone
from webapp.services.week import Window

_MOST_GUESSED = 3  # languages that the browser names
Done = Callable[[], str]  # where to go when all is saved; asked for afterwards, when the next step is known


def show(template: str, frame: Frame, **values: object) -> str:
    """Render a form in its frame; while joining, the steps take the place of the navigation."""
    alone: dict[str, object] = {"navigation": [], "place": frame.place} if frame.place else {}
    return render_template(template, frame=frame, **alone, **values)


def answer_about(frame: Frame, done: Done, kind: type[AboutForm], **values: object) -> ResponseReturnValue:
    """Stage, specialties, languages, zone and the optional rest; with name and pronouns on one's own page."""
    about = read_about(db_session(), current_user.person_id)
    form = kind(obj=about, **about.prompts)
    if not form.is_submitted():
        form.zone.data = _zone_of(about)
    if not form.is_submitted() and not form.languages.data:
        offered = {choice.id for group in form.languages.groups for choice in group.choices}
        guessed = [current_user.language, *(tag.partition("-")[0].lower() for tag in request.accept_languages.values())]
        form.languages.data = [language for language in dict.fromkeys(guessed) if language in offered][:_MOST_GUESSED]
    if form.is_submitted() and not is_searching() and form.validate():
        try:
            save_about(db_session(), current_user.person_id, is_adult=form.adult.data, **form.answers)
        except InvalidInputError:
            form.adult.errors = [UNTICKED]
        else:
            return redirect(done())
    return show(
        "me/about_form.html",
        frame,
        form=form,
        is_profile=kind is ProfileForm,
        zone_is_gone=about.zone_is_gone,
        **values,
    )


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
            board=form.board.data,
            goal=form.goal.data,
        )
        return redirect(done())
    return show("me/request_form.html", frame, form=form)


def answer_hours(frame: Frame, done: Done, **where: Any) -> ResponseReturnValue:
    """Show the grid, a day of it or the ranges; `where` are the values of this page's own address."""
    about = read_about(db_session(), current_user.person_id)
    form = hours_form(about)
    if form.is_save and form.validate_week():
        save_hours(db_session(), current_user.person_id, windows=form.windows, zone=form.zone.data)
        for text in warn_of_nobody(count_now(form.windows, form.zone.data, **where) or ()):
            flash(text, "warn")
        return redirect(done())
    here = request.endpoint or ""
    return show(
        "me/hours_form.html",
        frame,
        form=form,
        week=describe_week(form.windows),
        zone_text=describe_zone(about.zone, now=datetime.now(UTC)),
        zone_is_gone=about.zone_is_gone,
        grid_url=url_for(here, **where),
        ranges_url=url_for(here, **where) + "?as=ranges",
        day_url=url_for(here, **where) + "?as=day",
        beside_url=url_for("me.hours_beside", **where),
        **beside(form, **where),
    )


def hours_form(about: About) -> HoursForm:
    shown_as = request.args.get("as")
    return HoursForm(about.windows, as_ranges=shown_as == "ranges", by_day=shown_as == "day", zone=_zone_of(about))


def _zone_of(about: About) -> str:
    """Return the zone that a form begins with; none where nobody ever said which it is."""
    never_said = about.zone == "UTC" and not about.stage
    return "" if about.zone_is_gone or never_said else about.zone


def beside(form: HoursForm, *, slug: str = "") -> dict[str, Any]:
    """Return what stands beside the week: how many partners it makes possible, and what it is elsewhere."""
    zone = form.zone.data if is_known_zone(form.zone.data) else "UTC"
    other = form.elsewhere.data
    now = datetime.now(UTC)
    shown = present_elsewhere(form.windows, zone, other, now=now) if other and is_known_zone(other) else None
    return {"partners": present_partners(count_now(form.windows, zone, slug=slug)), "elsewhere": shown}


def count_now(windows: Sequence[Window], zone: str, *, slug: str = "") -> tuple[PartnerCount, ...] | None:
    now = datetime.now(UTC)
    return count_partners(db_session(), current_user.person_id, windows=windows, zone=zone, now=now, slug=slug)
