"""A programme as its coordinator sees it."""

from datetime import UTC, datetime

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.engine_settings import CRITERIA
from webapp.forms.programmes import (
    COORDINATOR_FAULTS,
    SLUG_FAULTS,
    CoordinatorForm,
    CreateProgrammeForm,
)
from webapp.presenters.console import next_step
from webapp.presenters.dates import day, moment
from webapp.presenters.settings import present_outline
from webapp.presenters.states import CADENCE, ROUND, STEPS
from webapp.services.errors import InvalidInputError
from webapp.services.outlines import read_outline
from webapp.services.overviews import list_programmes, programme_overview
from webapp.services.programmes import create_programme, name_coordinator

blueprint = Blueprint("console", __name__, url_prefix="/c")
blueprint.add_app_template_filter(day)
blueprint.add_app_template_filter(moment)


@blueprint.get("/")
def index() -> str:
    lines = list_programmes(db_session(), current_user.person_id, is_operator=current_user.is_operator)
    return render_template("console/index.html", programmes=lines, words=ROUND)


@blueprint.route("/new", methods=["GET", "POST"])
def create() -> str | Response:
    form = CreateProgrammeForm()
    if not form.is_submitted():
        form.suggest_dates(datetime.now(UTC).date())
    if form.validate_on_submit():
        try:
            slug = create_programme(
                db_session(),
                name=form.name.data.strip(),
                slug=form.slug.data or "",
                summary=form.summary.data or "",
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                enrols_until=form.enrols_until.data,
                cadence=form.cadence.data,
                meeting_minutes=form.meeting_minutes.data,
                by=current_user.person_id,
                now=datetime.now(UTC),
            )
        except InvalidInputError as error:
            form.slug.errors = [SLUG_FAULTS[error.faults["slug"]]]
        else:
            flash(_("The programme is made, and you coordinate it."))
            return redirect(url_for("console.overview", slug=slug))
    return render_template("console/create.html", form=form)


@blueprint.get("/<slug>")
def overview(slug: str) -> str:
    overview = programme_overview(db_session(), g.console.programme_id)
    return render_template(
        "console/overview.html",
        programme=overview,
        step=next_step(overview, today=datetime.now(UTC).date()),
        steps=STEPS,
        words=ROUND,
        cadence=CADENCE,
        slug=slug,
    )


@blueprint.get("/<slug>/settings")
def settings(slug: str) -> str:
    return _settings_page(slug, CoordinatorForm(formdata=None))


@blueprint.post("/<slug>/coordinators")
def coordinators(slug: str) -> str | Response:
    form = CoordinatorForm()
    if form.validate_on_submit():
        try:
            name = name_coordinator(
                db_session(),
                g.console.programme_id,
                form.email.data,
                by=current_user.person_id,
                now=datetime.now(UTC),
            )
        except InvalidInputError as error:
            form.email.errors = [COORDINATOR_FAULTS[error.faults["email"]]]
        else:
            flash(_("%(name)s coordinates this programme now.", name=name))
            return redirect(url_for(".settings", slug=slug))
    return _settings_page(slug, form)


def _settings_page(slug: str, coordinator: CoordinatorForm) -> str:
    outline = read_outline(db_session(), g.console.programme_id)
    return render_template(
        "console/settings.html", page=present_outline(outline, CRITERIA), coordinator=coordinator, slug=slug
    )
