"""Who might fit, and why."""

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from webapp.extensions import db_session
from webapp.forms.suggestions import AboutForm, RankForm, ReasonForm, SayForm
from webapp.presenters.suggestions import REASON_CHOICES, Tab, present_suggestions
from webapp.services.errors import InvalidInputError, NotFoundError
from webapp.services.favourites import explain
from webapp.services.favourites import rank as rank_of
from webapp.services.favourites import say as say_of
from webapp.services.fits import Side
from webapp.services.logins import Belonging
from webapp.services.suggestions import count_question, find_suggestions
from webapp.views.asking_age import ask_age_first

blueprint = Blueprint("suggestions", __name__, url_prefix="/suggestions")
blueprint.before_request(ask_age_first)
Place = tuple[Belonging, Side]


@blueprint.get("")
def show() -> str:
    """Show the cards of one role in one programme; a person with several has tabs."""
    places = _places()
    here = _chosen(places, request.args.get("programme", ""), request.args.get("role", ""))
    if here is None:
        waiting = next((b for b in current_user.belongings if b.status in {"pending", "invited"}), None)
        return render_template("suggestions/nothing.html", waiting=waiting)
    belonging, side = here
    now, asked = datetime.now(UTC), request.args.get("why", "").strip()[:80]
    if asked:
        count_question(db_session(), belonging.membership_id, now=now)
    need = request.args.get("need", "")
    found = find_suggestions(db_session(), belonging.membership_id, side=side, asked=asked, need=need, now=now)
    g.place = belonging.programme
    return render_template(
        "suggestions/show.html",
        page=present_suggestions(found, zone=current_user.zone, now=now),
        asked=asked,
        said=session.pop("said", None),
        tabs=_tabs(places, here),
        form=SayForm(formdata=None),
        reasons=REASON_CHOICES,
    )


@blueprint.post("/say")
def say() -> Response:
    """Keep what she says about somebody; what it replaces can be had back."""
    return _keep()


@blueprint.post("/undo")
def undo() -> Response:
    """Put back what stood before, or take back what was said."""
    return _keep(undoing=True)


@blueprint.post("/rank")
def rank() -> Response:
    """Put a favourite one place up or down, or take the order away."""
    form = RankForm()
    belonging, side, other_id = _about(form)
    rank_of(db_session(), belonging.membership_id, side=side, other_id=other_id, way=form.way.data)
    anchor = "favourites" if form.way.data == "none" else f"f-{other_id}"
    return _back(belonging, side, form, anchor)


@blueprint.post("/reason")
def reason() -> Response:
    """Keep why somebody is not for her."""
    form = ReasonForm()
    form.reason.choices = [SelectChoice(value, label) for value, label in REASON_CHOICES]
    belonging, side, other_id = _about(form)
    explain(db_session(), belonging.membership_id, side=side, other_id=other_id, reason=form.reason.data or "")
    flash(_("The reason is kept. Only you see it.") if form.reason.data else _("Nothing is kept."))
    return _back(belonging, side, form)


def _keep(*, undoing: bool = False) -> Response:
    form = SayForm()
    belonging, side, other_id = _about(form)
    verdict = form.verdict.data
    said = say_of(
        db_session(), belonging.membership_id, side=side, other_id=other_id, verdict=verdict, now=datetime.now(UTC)
    )
    if undoing or not verdict:
        flash(_("Taken back. %(name)s stands as before.", name=said.name))
    else:
        session["said"] = {"name": said.name, "verdict": verdict, "before": said.before, "other": str(other_id)}
    return _back(belonging, side, form)


def _back(belonging: Belonging, side: Side, form: AboutForm, anchor: str | None = None) -> Response:
    """Go back to the same cards; `anchor` is what was moved, and has the focus there."""
    need = form.need.data or None
    return redirect(url_for("suggestions.show", programme=belonging.slug, role=side, need=need, _anchor=anchor))


def _about(form: AboutForm) -> tuple[Belonging, Side, uuid.UUID]:
    """Return who speaks as what and of whom, of a form that is in shape."""
    if not form.validate_on_submit():
        raise InvalidInputError({"other": "unknown"})
    here = _chosen(_places(), form.programme.data, form.side.data, strictly=True)
    if here is None:
        raise NotFoundError
    return *here, uuid.UUID(form.other.data)


def _places() -> list[Place]:
    """Return every role in every programme that suggestions can be made for."""
    mine = [b for b in current_user.belongings if b.status in {"active", "paused"}]
    as_mentee: list[Place] = [(b, "mentee") for b in mine if b.is_mentee]
    as_mentor: list[Place] = [(b, "mentor") for b in mine if b.is_mentor]
    return as_mentee + as_mentor


def _chosen(places: list[Place], slug: str, side: str, *, strictly: bool = False) -> Place | None:
    asked = [place for place in places if slug in {"", place[0].slug} and side in {"", place[1]}]
    if asked or strictly:
        return asked[0] if asked else None
    return places[0] if places else None


def _tabs(places: list[Place], here: Place) -> list[Tab]:
    if len(places) < 2:
        return []
    several = len({b.slug for b, _side in places}) > 1
    tabs = []
    for belonging, side in places:
        role = _("Mentors for you") if side == "mentee" else _("People you might help")
        text = f"{belonging.programme}: {role}" if several else role
        tabs.append(Tab(text, belonging.slug, side, (belonging, side) == here))
    return tabs
