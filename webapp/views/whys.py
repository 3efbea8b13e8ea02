"""Why not these two, and what would help somebody left out: asked of a solved scenario."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, g, render_template, request
from flask_babel import lazy_gettext as _l

from webapp.extensions import db_session
from webapp.models import Scenario
from webapp.presenters.whys import WhyPage, present_left_out, present_pair_answer
from webapp.services import whys
from webapp.services.boards import find_round
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.whys import Candidate

blueprint = Blueprint("whys", __name__, url_prefix="/c/<slug>/rounds/<uuid:round_id>/why")

TROUBLE = {
    "large": _l("This round is too large to be asked here. The command “mosaic why” answers for it."),
    "early": _l("Hours were so scarce here that nothing exact can be said of other pairs. More hours would help."),
    "snapshot": _l("The round was opened again since; these pairs are out of date."),
}


@blueprint.get("")
def show(slug: str, round_id: UUID) -> str:
    session = db_session()
    facts = find_round(session, g.console.programme_id, round_id)
    scenario = facts.chosen(request.args.get("scenario", type=UUID))
    if scenario is None or scenario.status != "solved":
        raise NotFoundError
    large = whys.is_large(scenario)
    mentors, mentees = ([], []) if large else whys.people_of(session, scenario)
    mentor, mentee = _chosen(mentors, "mentor"), _chosen(mentees, "mentee")
    answer, trouble = None, "large" if large else ""
    if mentor or mentee:
        try:
            answer = _answer(scenario, mentor, mentee, {str(who.id): who.name for who in (*mentors, *mentees)})
        except ConflictError as error:
            trouble = error.what
    return render_template(
        "rounds/why.html",
        facts=facts,
        scenario=scenario,
        mentors=mentors,
        mentees=mentees,
        mentor=mentor,
        mentee=mentee,
        answer=answer,
        trouble=TROUBLE[trouble] if trouble else "",
        editable=facts.state == "review",
        slug=slug,
    )


def _answer(scenario: Scenario, mentor: Candidate | None, mentee: Candidate | None, names: dict[str, str]) -> WhyPage:
    session, now = db_session(), datetime.now(UTC)
    if mentor and mentee:
        found = whys.ask_pair(session, scenario, mentor.id, mentee.id, now=now)
        return present_pair_answer(found, mentor.name, mentee.name, names)
    who, side = (mentor, "mentor") if mentor else (mentee, "mentee")
    assert who is not None
    return present_left_out(whys.ask_left_out(session, scenario, who.id, side, now=now), who.name, names)


def _chosen(people: list[Candidate], name: str) -> Candidate | None:
    asked = request.args.get(name, type=UUID)
    return next((who for who in people if who.id == asked), None)
