"""The public pages."""

from datetime import UTC, datetime

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from sqlalchemy import text
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.pages import ThemeForm
from webapp.presenters.landing import present_list, present_programme
from webapp.services.landing import find_programme, find_programmes

blueprint = Blueprint("pages", __name__)
A_YEAR = 365 * 24 * 60 * 60


@blueprint.get("/")
def landing() -> str:
    """Show what Mosaic is and its programmes; where there is one, that programme's own page."""
    found = find_programmes(db_session(), today=datetime.now(UTC).date())
    if len(found.current) == 1:
        return programme(found.current[0].slug)
    return render_template(
        "pages/landing.html", programmes=present_list(found.current), has_operator=found.has_operator
    )


@blueprint.get("/p/<slug>")
def programme(slug: str) -> str:
    page = present_programme(find_programme(db_session(), slug, today=datetime.now(UTC).date()))
    g.place = page.name
    return render_template("pages/programme.html", page=page)


@blueprint.get("/help")
def help() -> str:  # noqa: A001 - the endpoint's name
    return _render_help(ThemeForm(formdata=None))


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    return render_template("pages/accessibility.html")


@blueprint.post("/theme")
def theme() -> Response | tuple[str, int]:
    """Keep the choice of light or dark in this browser."""
    form = ThemeForm()
    if not form.validate_on_submit():
        return _render_help(form), 400
    response = redirect(url_for("pages.help", _anchor="appearance"))
    response.set_cookie(
        "theme",
        form.theme.data,
        max_age=A_YEAR,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the process answers and reaches its database."""
    db_session.execute(text("SELECT 1"))
    return {"status": "ok"}


def _render_help(form: ThemeForm) -> str:
    return render_template("pages/help.html", form=form)
