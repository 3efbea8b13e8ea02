"""The review board's page: one scenario of a round, filtered as the address says."""

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.rounds import SolveForm
from webapp.models import Scenario
from webapp.presenters.proofs import with_check
from webapp.presenters.review_board import present_facts, present_proof, present_row, present_without, without_ids
from webapp.presenters.rounds import OBJECTIVE_HINTS, present_progress, present_stage
from webapp.presenters.states import ROUND, STEPS
from webapp.presenters.whys import present_no_hour
from webapp.services.board_rows import FITS, SHOWS, SORTS, BoardQuery, find_proposals
from webapp.services.boards import RoundFacts, clashes_of, names_of_members, rulings_of, total_up
from webapp.services.checks import last_check
from webapp.services.vocabulary import specialty_groups
from webapp.views.paging import one_of, page_number, page_url

KEPT = ("scenario", "q", "fit", "specialty", "show", "sort", "page")
MOST_NAMES = 200


def board_page(slug: str, facts: RoundFacts, scenario: Scenario) -> str:
    session, query = db_session(), _query()
    totals = total_up(session, scenario)
    rulings = rulings_of(session, facts.id, scenario)
    page = find_proposals(session, facts.id, scenario, query)
    no_hour = scenario.totals.get("no_hour", [])[:MOST_NAMES]
    asked = [UUID(row[side]) for row in no_hour for side in ("mentor_id", "mentee_id")]
    names = names_of_members(session, [*without_ids(scenario, totals, MOST_NAMES), *asked])
    kept: dict[str, Any] = {name: request.args[name] for name in KEPT if request.args.get(name)}
    here: dict[str, Any] = {"slug": slug, "round_id": facts.id}
    return render_template(
        "rounds/board.html",
        facts=facts,
        scenario=scenario,
        editable=facts.state == "review",
        stage=present_stage(facts),
        figures=present_facts(totals, without_url="#without"),
        totals=totals,
        proof=with_check(present_proof(scenario, totals), last_check(session, scenario.id)),
        page=page,
        lines=[present_row(row, rulings, current_user.person_id) for row in page.rows],
        without=present_without(scenario, totals, names),
        no_hour=present_no_hour(no_hour, names),
        rulings=rulings,
        query=query,
        filtered=bool(query.q or query.fit or query.specialty or query.show),
        specialties=specialty_groups(),
        progress=present_progress(facts, slug=slug),
        clashes=clashes_of(session, facts),
        form=SolveForm(formdata=None),
        hints=OBJECTIVE_HINTS,
        steps=STEPS,
        words=ROUND,
        page_url=page_url,
        kept=kept,
        rule_url=url_for(".rule", **here, **kept),
        remove_url=url_for(".remove", **here, **kept),
        all_url=url_for(".show", **here, scenario=kept.get("scenario")),
        slug=slug,
    )


def _query() -> BoardQuery:
    known = frozenset(choice.id for group in specialty_groups() for choice in group.choices)
    return BoardQuery(
        q=request.args.get("q", "")[:100],
        fit=one_of("fit", FITS),
        specialty=one_of("specialty", known),
        show=one_of("show", SHOWS),
        sort=one_of("sort", SORTS) or "strong",
        page=page_number(),
    )
