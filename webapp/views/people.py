"""The people of a programme."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.extensions import db_session
from webapp.forms.accounts import ButtonForm
from webapp.presenters.people import NEEDS_WORDS, present_people
from webapp.presenters.person import present_person
from webapp.presenters.states import MEMBER
from webapp.services.people import count_people, find_people, show_person
from webapp.services.people_query import NEEDS, ROLES, SORTS, STATUSES, PeopleQuery
from webapp.services.progress import endorse_achievement, withdraw_endorsement
from webapp.services.vocabulary import specialty_groups, stage_groups
from webapp.views.paging import one_of, page_number, page_url

FILTERS = ("q", "role", "status", "stage", "specialty", "needs")

blueprint = Blueprint("people", __name__, url_prefix="/c/<slug>/people")


@blueprint.get("")
def index(slug: str) -> str:
    query = people_query()
    page = find_people(db_session(), g.console.programme_id, query)
    return render_template(
        "people/index.html",
        page=page,
        rows=present_people(page),
        counts=count_people(db_session(), g.console.programme_id),
        query=query,
        status_words=MEMBER,
        needs_words=NEEDS_WORDS,
        filters=here_filters(),
        stages=stage_groups(),
        specialties=specialty_groups(),
        page_url=page_url,
        slug=slug,
    )


@blueprint.get("/<uuid:membership_id>")
def show(slug: str, membership_id: UUID) -> str:
    person = present_person(show_person(db_session(), g.console.programme_id, membership_id))
    return render_template("people/show.html", person=person, id=membership_id, slug=slug)


@blueprint.post("/<uuid:membership_id>/achievements/<uuid:achievement_id>")
def endorse(slug: str, membership_id: UUID, achievement_id: UUID) -> Response:
    """Endorse what somebody brought about, or take that back."""
    if not ButtonForm().validate_on_submit():
        abort(400)
    here = (db_session(), g.console.programme_id, membership_id, achievement_id)
    who = {"by": current_user.person_id, "now": datetime.now(UTC)}
    if request.form.get("step") == "withdraw":
        withdraw_endorsement(*here, **who)
        flash(_("The endorsement is taken back."))
    else:
        endorse_achievement(*here, text=request.form.get("text", ""), **who)
        flash(_("Endorsed, with today’s date."))
    return redirect(url_for(".show", slug=slug, membership_id=membership_id))


def people_query() -> PeopleQuery:
    """Return the filters that the address names."""
    return PeopleQuery(
        q=request.args.get("q", "")[:100],
        role=one_of("role", ROLES),
        status=one_of("status", STATUSES),
        stage=one_of("stage", _ids(stage_groups())),
        specialty=one_of("specialty", _ids(specialty_groups())),
        needs=one_of("needs", NEEDS),
        sort=one_of("sort", SORTS) or "name",
        page=page_number(),
    )


def here_filters() -> dict[str, str]:
    """Return the filters as they stand in the address, for links that carry them on."""
    return {name: value for name, value in request.args.items() if name in FILTERS and value}


def people_url(slug: str) -> str:
    """Return the address of the list with the filters of this page."""
    values: dict[str, Any] = {"slug": slug, **here_filters()}
    return url_for("people.index", **values)


def _ids(groups: object) -> frozenset[str]:
    return frozenset(choice.id for group in groups for choice in group.choices)  # type: ignore[attr-defined]
