"""Why not these two, and what would help somebody left out: asked of a solved scenario."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request
from flask_babel import lazy_gettext as _l

from webapp.extensions import db_session
from webapp.models import Scenario
from webapp.presenters.whys import WhyPage, present_left_out, present_pair_answer
from webapp.services import whys
from webapp.services.boards import find_round, names_of_members
from webapp.services.errors import ConflictError, NotFoundError
from webapp.services.round_people import Candidate
from webapp.views.round_people import pick

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
    mentee, mentor = pick(scenario)
    answer, trouble = None, "large" if large else ""
    if not large and not request.args.get("find") and (mentor.chosen or mentee.chosen):
        try:
            answer = _answer(scenario, mentor.chosen, mentee.chosen)
        except ConflictError as error:
            trouble = error.what
    return render_template(
        "rounds/why.html",
        facts=facts,
        scenario=scenario,
        mentor=mentor,
        mentee=mentee,
        answer=answer,
        large=large,
        trouble=TROUBLE[trouble] if trouble else "",
        editable=facts.state == "review",
        slug=slug,
    )


def _answer(scenario: Scenario, mentor: Candidate | None, mentee: Candidate | None) -> WhyPage:
    session, now = db_session(), datetime.now(UTC)
    if mentor and mentee:
        found = whys.ask_pair(session, scenario, mentor.id, mentee.id, now=now)
        return present_pair_answer(found, mentor.name, mentee.name, _names(found))
    who, side = (mentor, "mentor") if mentor else (mentee, "mentee")
    assert who is not None
    advice = whys.ask_left_out(session, scenario, who.id, side, now=now)
    return present_left_out(advice, who.name, _names(advice) if advice else {})


def _names(answer: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of those who would come in or go out."""
    ids = {key for pairs in (answer["entering"], answer["leaving"]) for pair in pairs for key in pair}
    names = names_of_members(db_session(), [UUID(key) for key in sorted(ids)])
    return {str(key): name for key, name in names.items()}
