"""My hours: what follows from them while I tick, days on which I am away, busy times from a calendar file."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.calendar import CalendarForm, TakeOverForm
from webapp.forms.dates_away import NAMES, DatesAwayForm
from webapp.presenters.calendar import present_preview, say_refused, say_taken_over
from webapp.presenters.dates_away import present_dates
from webapp.presenters.joining import Frame
from webapp.services.about_people import read_about
from webapp.services.busy_times import Preview, preview_calendar, untick_hours
from webapp.services.calendar_files import MOST_BYTES
from webapp.services.dates_away import Stretch, add_dates_away, list_dates_away, remove_dates_away
from webapp.services.errors import InvalidInputError
from webapp.views.answering import beside, hours_form, show
from webapp.views.me import blueprint


def today_here() -> date:
    return datetime.now(ZoneInfo(current_user.zone)).date()


def frame_of_hours(title: str, lead: str) -> Frame:
    return Frame(title, lead, url_for("me.hours"), _("When are you free?"), _("Save"))


@blueprint.post("/hours/beside")
def hours_beside() -> ResponseReturnValue:
    """Say what the hours as they are ticked now would mean; nothing is kept."""
    form = hours_form(read_about(db_session(), current_user.person_id))
    return render_template("me/_beside.html", **beside(form, slug=request.args.get("slug", "")))


@blueprint.route("/hours/exceptions", methods=["GET", "POST"])
def dates_away() -> ResponseReturnValue:
    form, today = DatesAwayForm(), today_here()
    if form.validate_on_submit():
        first = form.starts_on.data
        stretch = Stretch(form.kind.data, first, form.ends_on.data or first)
        try:
            add_dates_away(db_session(), current_user.person_id, [stretch], today=today)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash(_("These days are kept. First and next meetings fall on other days."))
            return redirect(url_for("me.dates_away"))
    kept = list_dates_away(db_session(), current_user.person_id, today=today)
    lead = _("On call, on leave, at a congress: days on which your ordinary week does not hold.")
    frame = frame_of_hours(_("When are you away?"), lead)
    return show("me/dates_away.html", frame, form=form, lines=present_dates(kept, NAMES, today=today))


@blueprint.post("/hours/exceptions/<uuid:kept_id>/remove")
def be_back(kept_id: UUID) -> ResponseReturnValue:
    remove_dates_away(db_session(), current_user.person_id, kept_id)
    flash(_("Removed. Your ordinary week counts on these days again."))
    return redirect(url_for("me.dates_away"))


@blueprint.route("/hours/calendar", methods=["GET", "POST"])
def calendar() -> ResponseReturnValue:
    form = CalendarForm()
    if form.validate_on_submit() and (found := _look_at(form)):
        page = present_preview(found, today=today_here())
        frame = Frame(_("Your calendar and your week"), page.lead, url_for("me.calendar"), _("Another file"), "")
        return show("me/calendar_preview.html", frame, form=TakeOverForm(formdata=None), page=page)
    lead = _("See which of your ticked hours are taken by what is in your calendar.")
    return show("me/calendar.html", frame_of_hours(_("Busy times from your calendar"), lead), form=form)


def _look_at(form: CalendarForm) -> Preview | None:
    """Read the file; None where it cannot be used, and then the form says why."""
    about = read_about(db_session(), current_user.person_id)
    with form.file.data.stream as sent:
        data = sent.read(MOST_BYTES + 1)
    try:
        return preview_calendar(
            db_session(),
            current_user.person_id,
            data,
            windows=about.windows,
            zone=about.zone,
            now=datetime.now(UTC),
        )
    except InvalidInputError as error:
        form.refuse(error.faults["file"])
        return None


@blueprint.post("/hours/calendar/apply")
def untick() -> ResponseReturnValue:
    """Take over what was ticked in the preview: dates first, which may be too many, then the week."""
    form, today = TakeOverForm(), today_here()
    if not form.validate_on_submit():
        return redirect(url_for("me.calendar"))
    try:
        n_dates = add_dates_away(db_session(), current_user.person_id, form.dates, today=today)
        untick_hours(db_session(), current_user.person_id, form.dropped)
    except InvalidInputError as error:
        flash(say_refused(error), "bad")
        return redirect(url_for("me.calendar"))
    flash(say_taken_over(form.dropped, n_dates))
    return redirect(url_for("me.hours"))
