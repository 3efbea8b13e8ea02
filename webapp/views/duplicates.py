"""Two entries that may be one person: listed, side by side, made one or said to be two."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.presenters.duplicates import present_effects, present_reasons
from webapp.presenters.person import present_person
from webapp.presenters.states import MEMBER
from webapp.services.duplicates import find_duplicates, say_distinct
from webapp.services.merging import merge_people, plan_merge
from webapp.services.people import show_person
from webapp.views.paging import page_number, page_url

blueprint = Blueprint("duplicates", __name__, url_prefix="/c/<slug>/people/duplicates")
PAIR = "/<uuid:first_id>/<uuid:second_id>"


@blueprint.get("")
def index(slug: str) -> str:
    page = find_duplicates(db_session(), g.console.programme_id, page=page_number())
    pairs = [(pair, present_reasons(pair.reasons)) for pair in page.pairs]
    return render_template("people/duplicates.html", page=page, pairs=pairs, words=MEMBER, page_url=page_url, slug=slug)


@blueprint.get(PAIR)
def show(slug: str, first_id: UUID, second_id: UUID) -> str:
    """Both side by side; for each of the two, what keeping it would do."""
    programme_id, ids = g.console.programme_id, (first_id, second_id)
    plans = [plan_merge(db_session(), programme_id, keep, gone) for keep, gone in (ids, ids[::-1])]
    effects = [(plan, present_effects(plan)) for plan in plans]
    cards = [present_person(show_person(db_session(), programme_id, each)) for each in ids]
    return render_template("people/alike.html", cards=cards, effects=effects, ids=ids, slug=slug)


@blueprint.route(f"{PAIR}/merge", methods=["GET", "POST"])
def merge(slug: str, first_id: UUID, second_id: UUID) -> str | Response:
    keep = request.args.get("keep", type=UUID)
    if keep not in {first_id, second_id}:
        abort(404)
    gone = second_id if keep == first_id else first_id
    if request.method == "POST":
        merge_people(db_session(), g.console.programme_id, keep, gone, by=current_user.person_id, now=datetime.now(UTC))
        flash(_("The two are one now."))
        return redirect(url_for("people.show", slug=slug, membership_id=keep))
    plan = plan_merge(db_session(), g.console.programme_id, keep, gone)
    return render_template(
        "people/merge.html", plan=plan, effects=present_effects(plan), ids=(first_id, second_id), slug=slug
    )


@blueprint.post(f"{PAIR}/distinct")
def distinct(slug: str, first_id: UUID, second_id: UUID) -> Response:
    say_distinct(
        db_session(), g.console.programme_id, first_id, second_id, by=current_user.person_id, now=datetime.now(UTC)
    )
    flash(_("Remembered: they are two people, and are not listed again."))
    return redirect(url_for(".index", slug=slug))
