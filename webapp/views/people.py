"""The people of a programme."""

from uuid import UUID

from flask import Blueprint, g, render_template, request

from webapp.extensions import db_session
from webapp.presenters.people import present_people, present_person
from webapp.presenters.states import MEMBER
from webapp.services.people import ROLES, SORTS, STATUSES, PeopleQuery, count_people, find_people, show_person
from webapp.services.vocabulary import specialty_groups, stage_groups
from webapp.views.paging import one_of, page_number, page_url

blueprint = Blueprint("people", __name__, url_prefix="/c/<slug>/people")


@blueprint.get("")
def index(slug: str) -> str:
    query = PeopleQuery(
        q=request.args.get("q", "")[:100],
        role=one_of("role", ROLES),
        status=one_of("status", STATUSES),
        stage=one_of("stage", _ids(stage_groups())),
        specialty=one_of("specialty", _ids(specialty_groups())),
        sort=one_of("sort", SORTS) or "name",
        page=page_number(),
    )
    page = find_people(db_session(), g.console.programme_id, query)
    return render_template(
        "people/index.html",
        page=page,
        rows=present_people(page),
        counts=count_people(db_session(), g.console.programme_id),
        query=query,
        status_words=MEMBER,
        stages=stage_groups(),
        specialties=specialty_groups(),
        page_url=page_url,
        slug=slug,
    )


@blueprint.get("/<uuid:membership_id>")
def show(slug: str, membership_id: UUID) -> str:
    person = present_person(show_person(db_session(), g.console.programme_id, membership_id))
    return render_template("people/show.html", person=person, slug=slug)


def _ids(groups: object) -> frozenset[str]:
    return frozenset(choice.id for group in groups for choice in group.choices)  # type: ignore[attr-defined]
