"""The review board's page: one scenario of a round, by pair, by mentee or by mentor, filtered as the address says."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from flask import g, render_template, request, url_for
from flask_login import current_user

from webapp.extensions import db_session
from webapp.forms.rounds import SolveForm
from webapp.models import Scenario
from webapp.presenters.beside import Beside
from webapp.presenters.board_edits import present_edits
from webapp.presenters.board_figures import present_facts, present_proof
from webapp.presenters.board_people import present_mentee, present_mentor
from webapp.presenters.proofs import with_check
from webapp.presenters.review_board import present_row
from webapp.presenters.rounds import OBJECTIVE_HINTS, present_progress, present_stage
from webapp.presenters.states import ROUND, STEPS
from webapp.presenters.whys import present_no_hour
from webapp.presenters.without import present_dropped, present_without, without_ids
from webapp.services import board_people
from webapp.services.board_edits import latest_edits
from webapp.services.board_notes import notes_on
from webapp.services.board_rows import FITS, SHOWS, SORTS, BoardPage, BoardQuery, find_proposals
from webapp.services.boards import (
    RoundFacts,
    clashes_of,
    names_and_left,
    total_up,
)
from webapp.services.checks import last_check
from webapp.services.differences import find_difference
from webapp.services.rulings import Rulings, rulings_of
from webapp.services.vocabulary import specialty_groups
from webapp.views.paging import Addresses, here, one_of, page_number, page_url

KEPT = ("scenario", "view", "against", "q", "fit", "specialty", "show", "sort", "page")
VIEWS = ("pairs", "mentees", "mentors")
PEOPLE = {
    "mentees": (board_people.find_mentees, present_mentee),
    "mentors": (board_people.find_mentors, present_mentor),
}
MOST_NAMES = 200


def board_page(slug: str, facts: RoundFacts, scenario: Scenario) -> str:
    session, view = db_session(), one_of("view", VIEWS) or "pairs"
    against = _against(facts, scenario)
    query = _query(view, against)
    totals = total_up(session, scenario)
    rulings = rulings_of(session, facts.id, scenario)
    page = _find(view, facts, scenario, query)
    beside = _beside(facts, scenario, rulings, page, against)
    present = PEOPLE[view][1] if view in PEOPLE else present_row
    edits = latest_edits(session, facts.id, scenario.id)
    no_hour = scenario.totals.get("no_hour", [])[:MOST_NAMES]
    asked = [UUID(row[side]) for row in no_hour for side in ("mentor_id", "mentee_id")]
    asked += [member for pin in rulings.dropped for member in (pin.mentor_id, pin.mentee_id)]
    names, left = names_and_left(session, facts.id, [*without_ids(scenario, totals, MOST_NAMES), *asked])
    kept = kept_filters()
    route: dict[str, Any] = {"slug": slug, "round_id": facts.id}
    return render_template(
        "rounds/board.html",
        facts=facts,
        scenario=scenario,
        editable=facts.state == "review",
        stage=present_stage(facts),
        figures=present_facts(totals, without_url="#without"),
        totals=totals,
        proof=with_check(present_proof(scenario, totals), last_check(session, scenario.id)),
        view=view,
        page=page,
        lines=[present(row, beside) for row in page.rows],
        every=beside.every,
        against=against,
        difference=beside.difference,
        others=[one for one in facts.scenarios if one.status == "solved" and one.id != scenario.id],
        edits=present_edits(edits, current_user.person_id),
        seen=max((edit.last_number for edit in edits), default=0),
        without=present_without(scenario, totals, names, left),
        dropped=present_dropped(rulings, names),
        no_hour=present_no_hour(no_hour, names),
        rulings=rulings,
        query=query,
        filtered=bool(query.q or query.fit or query.specialty or query.show),
        specialties=specialty_groups(),
        work=present_progress(facts, slug=slug),
        clashes=clashes_of(session, facts),
        form=SolveForm(formdata=None),
        hints=OBJECTIVE_HINTS,
        steps=STEPS,
        words=ROUND,
        page_url=page_url,
        turn=here,
        kept=kept,
        urls={
            "rule": url_for(".rule", **route, **kept),
            "remove": url_for(".remove", **route, **kept),
            "undo": url_for("changes.undo", **route, **kept),
            "kept": (held := {**kept, **route, "scenario": scenario.id}),
            **_addresses(slug, held),
        },
        all_url=here(q=None, fit=None, specialty=None, show=None, sort=None),
        slug=slug,
    )


def board_url(slug: str, round_id: UUID, anchor: str) -> str:
    """Return the board with the scenario and filters that the page came from, at a line."""
    return url_for("rounds.show", slug=slug, round_id=round_id, _anchor=anchor, **kept_filters())


def _addresses(slug: str, held: dict[str, Any]) -> dict[str, Any]:
    """Return the addresses that stand on each line, by what they lead to."""
    both = ("mentor", "mentee")
    return {
        "person": Addresses("people.show", "membership_id", slug=slug),
        "note": Addresses("notes.show", *both, **held),
        "note_on": {side: Addresses("notes.show", side, **held) for side in both},
        "add": {side: Addresses("changes.show", side, what="add", **held) for side in both},
        "change": {what: Addresses("changes.show", *both, what=what, **held) for what in ("pin", "forbid", "remove")},
        "move": Addresses("changes.show", "from", "mentee", what="move", **held),
    }


def kept_filters(*more: str) -> dict[str, Any]:
    return {name: request.args[name] for name in (*KEPT, *more) if request.args.get(name)}


def _find(view: str, facts: RoundFacts, scenario: Scenario, query: BoardQuery) -> Any:
    if view in PEOPLE:
        programme_id = g.console.programme_id
        return PEOPLE[view][0](db_session(), programme_id, scenario, query, frozen_at=facts.frozen_at)
    return find_proposals(db_session(), facts.id, scenario, query)


def _beside(facts: RoundFacts, scenario: Scenario, rulings: Rulings, page: Any, against: Scenario | None) -> Beside:
    session, settings = db_session(), scenario.rules.get("settings", {})
    mentors, mentees = _people_on(page)
    notes: defaultdict[tuple[UUID | None, UUID | None], list[Any]] = defaultdict(list)
    for note in notes_on(session, facts.id, mentors, mentees):
        notes[note.mentor_id, note.mentee_id].append(note)
    today = datetime.now(UTC).date()
    return Beside(
        rulings=rulings,
        me=current_user.person_id,
        cadence=settings.get("cadence", "weekly"),
        not_before=max(today, date.fromisoformat(settings.get("starts_on", today.isoformat()))),
        notes=notes,
        difference=find_difference(session, scenario.id, against.id, mentees) if against else None,
    )


def _people_on(page: Any) -> tuple[Collection[UUID], Collection[UUID]]:
    """Return the mentors and the mentees that a page names."""
    if isinstance(page, BoardPage):
        pairs = {(row.mentor.id, row.mentee.id) for row in page.rows}
        return {mentor for mentor, _ in pairs}, {mentee for _, mentee in pairs}
    met = [(partner.proposal.mentor_id, partner.proposal.mentee_id) for row in page.rows for partner in row.partners]
    alone = {row.side.id for row in page.rows}
    return {mentor for mentor, _ in met} | alone, {mentee for _, mentee in met} | alone


def _against(facts: RoundFacts, scenario: Scenario) -> Scenario | None:
    asked = request.args.get("against", type=UUID)
    others = (one for one in facts.scenarios if one.id == asked and one.status == "solved")
    return next((one for one in others if one.id != scenario.id), None)


def _query(view: str, against: Scenario | None) -> BoardQuery:
    known = frozenset(choice.id for group in specialty_groups() for choice in group.choices)
    return BoardQuery(
        q=request.args.get("q", "")[:100],
        fit=one_of("fit", FITS),
        specialty=one_of("specialty", known),
        show=one_of("show", SHOWS),
        sort=one_of("sort", board_people.SORTS if view in PEOPLE else SORTS)
        or ("name" if view in PEOPLE else "strong"),
        page=page_number(),
        against=against.id if against else None,
    )
