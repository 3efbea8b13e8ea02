"""The page of a change by hand before it is made: its true cost, its plain effect, and the choices."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _

from webapp.extensions import db_session
from webapp.forms.board import ChangeForm
from webapp.models import Scenario
from webapp.presenters.beside import anchor_of
from webapp.presenters.changes import Cost, names_needed, present_change, present_cost
from webapp.presenters.round_words import WHY_NO_COST
from webapp.services import whys
from webapp.services.board_edits import last_number
from webapp.services.boards import RoundFacts, names_of_members, total_up
from webapp.services.errors import ConflictError
from webapp.services.previews import Preview, preview_pair
from webapp.services.round_people import Candidate, frozen_people
from webapp.views.board import board_url, kept_filters
from webapp.views.paging import one_of
from webapp.views.round_people import pick

WHAT = ("add", "move", "remove", "restore", "pin", "forbid")
OUT = frozenset({"remove", "forbid"})


@dataclass(frozen=True)
class Asked:
    """What the address asks: a change of two people's pair, and the mentor whom the mentee leaves."""

    what: str
    mentor: Candidate | None
    mentee: Candidate | None
    before: Candidate | None


def change_page(slug: str, facts: RoundFacts, scenario: Scenario, form: ChangeForm, *, trouble: str = "") -> str:
    mentee, mentor = pick(scenario)
    asked = Asked(one_of("what", WHAT) or "add", mentor.chosen, mentee.chosen, _before(scenario))
    change, cost, no_cost, anchor, role = None, None, "", "board", ""
    # Read first: whatever happens after this number the form does not know.
    seen = last_number(db_session(), facts.id)
    if asked.mentor and asked.mentee:
        before = asked.before
        preview = preview_pair(
            db_session(),
            scenario,
            asked.mentor.id,
            asked.mentee.id,
            from_id=before.id if before else None,
            now=_now(),
        )
        role = preview.role
        names = {"mentor": asked.mentor.name, "mentee": asked.mentee.name, "before": before.name if before else ""}
        change = present_change(asked.what, preview, names)
        cost, no_cost = _cost(scenario, asked, preview)
        anchor = anchor_of(asked.mentor.id, asked.mentee.id)
    return render_template(
        "rounds/change.html",
        facts=facts,
        scenario=scenario,
        asked=asked,
        what=asked.what,
        role=role,
        mentor=mentor,
        mentee=mentee,
        change=change,
        cost=cost,
        no_cost=no_cost,
        trouble=trouble,
        form=form,
        seen=seen,
        make_url=url_for(
            "changes.make", slug=slug, round_id=facts.id, **kept_filters("what", "mentor", "mentee", "from")
        ),
        board=board_url(slug, facts.id, anchor),
        slug=slug,
    )


def _before(scenario: Scenario) -> Candidate | None:
    asked = request.args.get("from", type=UUID)
    return frozen_people(db_session(), scenario.round_id, {"mentor": asked}).get("mentor") if asked else None


def _cost(scenario: Scenario, asked: Asked, preview: Preview) -> tuple[Cost | None, str]:
    """Return the true cost, or why there is none to tell."""
    if preview.refused and asked.what not in OUT:
        return None, ""
    assert asked.mentor is not None
    assert asked.mentee is not None
    session, pair = db_session(), (asked.mentor.id, asked.mentee.id)
    old = asked.before.id if asked.before and asked.what == "move" else None
    try:
        answer = whys.ask_change(
            session, scenario, *pair, out=asked.what in OUT, old_id=old, role=preview.role, now=_now()
        )
    except ConflictError as error:
        return None, str(WHY_NO_COST.get(error.what) or _("Something changed meanwhile. Load the page again."))
    names = names_of_members(session, [UUID(key) for key in names_needed(answer)])
    totals = total_up(session, scenario)
    by_key = {str(key): name for key, name in names.items()}
    return present_cost(answer, by_key, edits=bool(totals.out or totals.added)), ""


def _now() -> datetime:
    return datetime.now(UTC)
