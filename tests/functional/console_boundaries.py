"""Every address of the console, what is sent to it, and the things of one programme that they name."""

import pytest

from tests.factories.cast import JOINED, make_mentee, make_person
from tests.factories.guests import make_guest
from tests.factories.letters import make_letter
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.factories.pools import make_report
from webapp.models import (
    Achievement,
    BoardEdit,
    BoardNote,
    ImportBatch,
    ImportContent,
    Job,
    Proposal,
    utc_now,
)

PAGES = (
    "/c/{slug}",
    "/c/{slug}/settings",
    "/c/{slug}/settings/basics",
    "/c/{slug}/settings/counts",
    "/c/{slug}/settings/rules",
    "/c/{slug}/settings/meetings",
    "/c/{slug}/settings/vocabulary",
    "/c/{slug}/settings/vocabulary?kind=stage",
    "/c/{slug}/settings/terms",
    "/c/{slug}/people",
    "/c/{slug}/people/{member}",
    "/c/{slug}/people/{member}/edit",
    "/c/{slug}/people/{member}/hours",
    "/c/{slug}/people/{member}/address",
    "/c/{slug}/people/{member}/leave",
    "/c/{slug}/people/invite",
    "/c/{slug}/people/remind",
    "/c/{slug}/people/approvals",
    "/c/{slug}/people/approvals/students",
    "/c/{slug}/people/duplicates",
    "/c/{slug}/people/duplicates/{member}/{guest}",
    "/c/{slug}/people/duplicates/{member}/{guest}/merge?keep={member}",
    "/c/{slug}/people/import",
    "/c/{slug}/people/import/template.csv",
    "/c/{slug}/people/import/{import_id}",
    "/c/{slug}/people/import/{import_id}/columns",
    "/c/{slug}/people/import/{import_id}/faults.csv",
    "/c/{slug}/people/import/{imported}/undo",
    "/c/{slug}/pool",
    "/c/{slug}/pool/progress",
    "/c/{slug}/pool/invitation",
    "/c/{slug}/pool/hints/mentee?person={stuck}",
    "/c/{slug}/rounds",
    "/c/{slug}/rounds/new",
    "/c/{slug}/rounds/{round}",
    "/c/{slug}/rounds/{round}/publish?scenario={scenario}",
    "/c/{slug}/rounds/{round}/certificate?scenario={scenario}",
    "/c/{slug}/rounds/{round}/progress/{job}",
    "/c/{slug}/rounds/{round}/step/cancel",
    "/c/{slug}/rounds/{round}/people",
    "/c/{slug}/rounds/{round}/scenarios",
    "/c/{slug}/rounds/{round}/scenarios/new",
    "/c/{slug}/rounds/{round}/scenarios/{scenario}",
    "/c/{slug}/rounds/{round}/scenarios/{scenario}/remove",
    "/c/{slug}/rounds/{round}/scenarios/{scenario}/proof",
    "/c/{slug}/rounds/{round}/scenarios/{scenario}/proof/progress",
    "/c/{slug}/rounds/{round}/compare",
    "/c/{slug}/rounds/{round}/change?scenario={scenario}&what=add",
    "/c/{slug}/rounds/{round}/found?side=mentee",
    "/c/{slug}/rounds/{round}/notes?mentor={mentor}&mentee={member}",
    "/c/{slug}/responses/{published}",
    "/c/{slug}/responses/{published}/waiting",
    "/c/{slug}/rounds/{round}/why?scenario={scenario}&mentor={mentor}&mentee={member}",
    "/c/{slug}/responses/{published}/repair",
    "/c/{slug}/responses/{published}/repair/progress",
    "/c/{slug}/responses/{published}/live",
    "/c/{slug}/responses/{published}/remind",
    "/c/{slug}/responses/{published}/extend?offer={offer}",
    "/c/{slug}/pairs",
    "/c/{slug}/rounds/{published}/report",
    "/c/{slug}/reports",
    "/c/{slug}/audit",
    "/c/{slug}/letters",
)
CRITERIA = ("specialty", "topics", "stage", "availability", "languages", "background", "interest")
SCENARIO = {"objective": "total", "minimum": "0", **{f"weight_{name}": "1" for name in CRITERIA}}
# What is done to people rather than in a round: tried by the other programme's coordinator at both addresses.
DONE_TO_PEOPLE = (
    ("/c/{slug}/people/{member}/edit", {"name": "Eve", "zone": "UTC", "save": "1"}),
    ("/c/{slug}/people/{member}/hours", {"h": "mo-09:00", "zone": "UTC", "save": "1"}),
    ("/c/{slug}/people/{guest}/address", {"email": "eve@example.org"}),
    ("/c/{slug}/people/{member}/pause", {"step": "pause"}),
    ("/c/{slug}/people/{member}/leave", {}),
    ("/c/{slug}/people/{member}/achievements/{achievement}", {"text": "Talk in Oslo"}),
    ("/c/{slug}/people/duplicates/{member}/{guest}/merge?keep={member}", {}),
    ("/c/{slug}/people/duplicates/{member}/{guest}/distinct", {}),
)
# Lists of the address's own programme: nobody of another is found there, whatever the form names.
OF_THE_PROGRAMME = (
    ("/c/{slug}/people/invite", {"number": "9", "note": "x"}),
    ("/c/{slug}/people/invite/addresses", {"guests": "new@example.org", "role": "mentor"}),
    ("/c/{slug}/people/remind?person={guest}", {"number": "9"}),
    ("/c/{slug}/people/approvals", {"member": "{guest}", "answer": "approve"}),
    ("/c/{slug}/people/approvals/option", {"approves": "1"}),
    ("/c/{slug}/people/approvals/students", {"member": "{mentor}", "answer": "approve"}),
)
ACTIONS = (
    ("/c/{slug}/pool/hints/mentee?person={stuck}", {"expected": "1"}),
    ("/c/{slug}/people/import/{import_id}/columns", {"column0": "E-mail"}),
    ("/c/{slug}/people/import/{import_id}/file", {}),
    ("/c/{slug}/people/import/{import_id}/confirm", {"seen": "x"}),
    ("/c/{slug}/people/import/{import_id}/discard", {}),
    ("/c/{slug}/people/import/{imported}/undo", {}),
    ("/c/{slug}/rounds/{round}/step", {"step": "cancel"}),
    ("/c/{slug}/rounds/{round}/solve", {"objective": "coverage"}),
    ("/c/{slug}/rounds/{round}/stop", {}),
    ("/c/{slug}/rounds/{round}/scenarios/{scenario}/today", {}),
    ("/c/{slug}/rounds/{round}/rule", {"kind": "forbid", "mentor_id": "{mentor}", "mentee_id": "{member}"}),
    ("/c/{slug}/rounds/{round}/remove", {"what": "remove", "proposal_id": "{proposal}"}),
    (
        "/c/{slug}/rounds/{round}/change?scenario={scenario}",
        {"what": "remove", "mentor_id": "{mentor}", "mentee_id": "{member}", "seen": "0"},
    ),
    (
        "/c/{slug}/rounds/{round}/change?scenario={scenario}",
        {"what": "pin", "mentor_id": "{mentor}", "mentee_id": "{member}", "seen": "0"},
    ),
    ("/c/{slug}/rounds/{round}/undo", {"edit_id": "{edit}", "seen": "9"}),
    ("/c/{slug}/rounds/{round}/notes?mentor={mentor}", {"text": "A note"}),
    ("/c/{slug}/rounds/{round}/notes?mentor={mentor}", {"note_id": "{note}", "version": "1", "text": "Another"}),
    ("/c/{slug}/rounds/{round}/notes?mentor={mentor}", {"note_id": "{note}", "version": "1", "delete": "1"}),
    ("/c/{slug}/rounds/{round}/publish?scenario={scenario}", {"offers": "1"}),
    ("/c/{slug}/rounds/{round}/scenarios/new", SCENARIO),
    ("/c/{slug}/rounds/{round}/scenarios/{scenario}", {"name": "Theirs"}),
    ("/c/{slug}/rounds/{round}/scenarios/{scenario}/remove", {}),
    ("/c/{slug}/rounds/{round}/scenarios/{scenario}/proof", {}),
    ("/c/{slug}/rounds/{round}/scenarios/{scenario}/proof/stop", {}),
    ("/c/{slug}/rounds/{round}/people", {"what": "leave", "membership_id": "{member}"}),
    ("/c/{slug}/responses/{published}/withdraw", {"offer_id": "{offer}"}),
    ("/c/{slug}/responses/{published}/repair", {"reach": "spare"}),
    ("/c/{slug}/responses/{published}/repair/stop", {}),
    ("/c/{slug}/responses/{published}/repair/settle", {"repair_id": "{scenario}", "what": "apply"}),
    ("/c/{slug}/responses/{published}/remind?offer={offer}", {}),
    ("/c/{slug}/responses/{published}/extend?offer={offer}", {"days": "2"}),
    ("/c/{slug}/letters/{letter}/settle", {}),
)
READ = {path.partition("?")[0] for path in PAGES}
ALSO_POSTED = (
    "/c/{slug}/pool/refresh",
    "/c/{slug}/pool/stop",
    "/c/{slug}/coordinators",
    "/c/{slug}/reports/people",
    "/c/{slug}/audit/export",
    "/c/{slug}/rounds/{published}/report/pdf",
    "/c/{slug}/settings/counts/preview",
    "/c/{slug}/settings/rules/preview",
    "/c/{slug}/people/{member}/pause",
    "/c/{slug}/people/duplicates/{member}/{guest}/distinct",
    "/c/{slug}/people/invite/addresses",
    "/c/{slug}/people/approvals/option",
)
ONLY_POSTED = (*(path for path, _values in ACTIONS if path.partition("?")[0] not in READ), *ALSO_POSTED)
POSTED = {path.partition("?")[0] for path, _values in (*ACTIONS, *DONE_TO_PEOPLE, *OF_THE_PROGRAMME)}
FORMS = ("/new", "/address", "/people/import")  # read, and sent at another address or by others' tests
ONLY_READ = tuple(
    p for p in PAGES if "/settings/" not in p and not p.endswith(FORMS) and p.partition("?")[0] not in POSTED
)


@pytest.fixture
def ids(session, cast, now):
    """Return the ids of Lakeland's things."""
    reviewed = make_round(session, cast.programme)
    scenario = make_scenario(session, reviewed, [(cast.mentor, cast.mentee)])
    scenario.certificate = "{}"
    published = make_round(session, cast.programme, state="published", published_at=now)
    other = make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy"))
    offer = make_offer(session, published, cast.mentor, other, now=now)
    job = Job(kind="solve", args={"scenario_id": str(scenario.id)}, programme_id=cast.programme.id)
    pair = {"mentor_id": cast.mentor.id, "mentee_id": cast.mentee.id}
    edit = BoardEdit(round_id=reviewed.id, scenario_id=scenario.id, number=1, kind="add", **pair)
    note = BoardNote(round_id=reviewed.id, text="Only for us", written_at=now, **pair)
    session.add_all([job, edit, note])
    guest = make_guest(session, cast.programme, invited_at=JOINED)
    stuck = make_mentee(session, cast.programme, make_person(session, "Nia Night"))
    make_report(session, cast.programme, stuck=[stuck])
    waiting, imported = (
        ImportBatch(programme_id=cast.programme.id, file_name="people.csv", sha256="0" * 64, state=state, undo=undo)
        for state, undo in (("open", None), ("imported", {"people": [], "made": [], "marks": {}, "former": {}}))
    )
    imported.imported_at = utc_now()
    talk = Achievement(person_id=cast.lee.id, kind="talk", text="Talk in Oslo", achieved_on=now.date())
    session.add(talk)
    session.add_all([waiting, imported])
    letter = make_letter(session, cast.mentor, cast.mentee, now=now, reported_at=now, reported_by_id=cast.mo.id)
    session.flush()
    session.add(ImportContent(batch_id=waiting.id, header=["E-mail"], rows=[[2, "lee@example.org"]]))
    session.commit()
    return {
        "stuck": stuck.id,
        "guest": guest.id,
        "edit": edit.id,
        "note": note.id,
        "member": cast.mentee.id,
        "mentor": cast.mentor.id,
        "round": reviewed.id,
        "scenario": scenario.id,
        "proposal": session.query(Proposal.id).scalar(),
        "published": published.id,
        "offer": offer.id,
        "job": job.id,
        "import_id": waiting.id,
        "imported": imported.id,
        "letter": letter.id,
        "achievement": talk.id,
    }


def fill(values, ids):
    return {name: value.format(**ids) for name, value in values.items()}
