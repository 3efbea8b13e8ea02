"""Two programmes never mix: every console address tried by the wrong people and with the other's ids."""

import uuid

import pytest

from tests.factories.cast import csrf_of, make_mentee, make_person, sign_in
from tests.factories.offers import make_offer, make_round, make_scenario
from webapp.models import ImportBatch, ImportContent, Job, Offer, PairRule, Proposal, Round, utc_now

PAGES = (
    "/c/{slug}",
    "/c/{slug}/settings",
    "/c/{slug}/people",
    "/c/{slug}/people/{member}",
    "/c/{slug}/people/import",
    "/c/{slug}/people/import/template.csv",
    "/c/{slug}/people/import/{import_id}",
    "/c/{slug}/people/import/{import_id}/columns",
    "/c/{slug}/people/import/{import_id}/faults.csv",
    "/c/{slug}/people/import/{imported}/undo",
    "/c/{slug}/pool",
    "/c/{slug}/rounds",
    "/c/{slug}/rounds/new",
    "/c/{slug}/rounds/{round}",
    "/c/{slug}/rounds/{round}/publish?scenario={scenario}",
    "/c/{slug}/rounds/{round}/certificate?scenario={scenario}",
    "/c/{slug}/rounds/{round}/progress/{job}",
    "/c/{slug}/responses/{published}",
    "/c/{slug}/pairs",
)
ACTIONS = (
    ("/c/{slug}/people/import/{import_id}/columns", {"column0": "E-mail"}),
    ("/c/{slug}/people/import/{import_id}/file", {}),
    ("/c/{slug}/people/import/{import_id}/confirm", {"seen": "x"}),
    ("/c/{slug}/people/import/{import_id}/discard", {}),
    ("/c/{slug}/people/import/{imported}/undo", {}),
    ("/c/{slug}/rounds/{round}/step", {"step": "cancel"}),
    ("/c/{slug}/rounds/{round}/solve", {"objective": "coverage"}),
    ("/c/{slug}/rounds/{round}/stop", {}),
    ("/c/{slug}/rounds/{round}/rule", {"kind": "forbid", "mentor_id": "{mentor}", "mentee_id": "{member}"}),
    ("/c/{slug}/rounds/{round}/remove", {"what": "remove", "proposal_id": "{proposal}"}),
    ("/c/{slug}/rounds/{round}/publish?scenario={scenario}", {"offers": "1"}),
    ("/c/{slug}/responses/{published}/withdraw", {"offer_id": "{offer}"}),
)
BOTH = ("settings", "new", "publish?scenario={scenario}", "import", "columns", "undo")  # read and sent
ONLY_POSTED = (*tuple(path for path, _values in ACTIONS if not path.endswith(BOTH)), "/c/{slug}/coordinators")
ONLY_READ = tuple(p for p in PAGES if not p.endswith(BOTH))


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
    waiting, imported = (
        ImportBatch(programme_id=cast.programme.id, file_name="people.csv", sha256="0" * 64, state=state, undo=undo)
        for state, undo in (("open", None), ("imported", {"people": [], "made": [], "marks": {}, "former": {}}))
    )
    imported.imported_at = utc_now()
    session.add_all([job, waiting, imported])
    session.flush()
    session.add(ImportContent(batch_id=waiting.id, header=["E-mail"], rows=[[2, "lee@example.org"]]))
    session.commit()
    return {
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
    }


def fill(values, ids):
    return {name: value.format(**ids) for name, value in values.items()}


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_asked_to_sign_in_and_others_are_told_nothing(client, session, cast, ids, path):
    path = path.format(slug=cast.programme.slug, **ids)
    assert "/login" in client.get(path).headers["Location"]
    for person in (cast.mo, cast.lee, cast.kim):
        assert sign_in(client, session, person).get(path).status_code == 404


@pytest.mark.parametrize("path", [p for p in PAGES if "{" in p.replace("{slug}", "")])
def test_ids_of_another_programme_lead_nowhere(client, session, cast, ids, path):
    kim = sign_in(client, session, cast.kim)
    assert kim.get(path.format(slug=cast.elsewhere.slug, **ids)).status_code == 404


@pytest.mark.parametrize(("path", "values"), ACTIONS)
def test_another_programmes_coordinator_changes_nothing(client, session, cast, ids, path, values):
    kim = sign_in(client, session, cast.kim)
    token = csrf_of(kim, f"/c/{cast.elsewhere.slug}/rounds/new")
    data = {"csrf_token": token, **fill(values, ids)}
    for slug in (cast.elsewhere.slug, cast.programme.slug):
        assert kim.post(path.format(slug=slug, **ids), data=data).status_code == 404
    session.expire_all()
    assert session.get(Round, ids["round"]).state == "review"
    assert session.get(Proposal, ids["proposal"]).removed_at is None
    assert session.get(Offer, ids["offer"]).state == "open"
    assert session.query(PairRule).count() == 0
    assert session.get(ImportBatch, ids["import_id"]).state == "open"
    assert session.get(ImportBatch, ids["imported"]).state == "imported"


@pytest.mark.parametrize(("path", "values"), ACTIONS)
def test_own_round_with_another_programmes_rows_changes_nothing(client, session, cast, ids, path, values, now):
    """Kim names her own round, and Lakeland's people, pairs and offers in the form."""
    nobody = {"mentors": [], "mentees": [], "settings": {"weights": {}}}
    mine = {**ids, "round": make_round(session, cast.elsewhere, snapshot=nobody).id}
    mine["published"] = make_round(session, cast.elsewhere, state="published", published_at=now).id
    session.commit()
    kim = sign_in(client, session, cast.kim)
    token = csrf_of(kim, f"/c/{cast.elsewhere.slug}/rounds/new")
    answer = kim.post(path.format(slug=cast.elsewhere.slug, **mine), data={"csrf_token": token, **fill(values, ids)})
    assert answer.status_code in {302, 404, 409}
    session.expire_all()
    assert session.get(Round, ids["round"]).state == "review"
    assert session.get(Proposal, ids["proposal"]).removed_at is None
    assert session.get(Offer, ids["offer"]).state == "open"
    assert session.query(PairRule).count() == 0
    assert session.get(ImportBatch, ids["import_id"]).state == "open"
    assert session.get(ImportBatch, ids["imported"]).state == "imported"


@pytest.mark.parametrize(("path", "values"), ACTIONS)
def test_actions_need_the_token_of_a_form(client, session, cast, ids, path, values):
    ada = sign_in(client, session, cast.ada)
    answer = ada.post(path.format(slug=cast.programme.slug, **ids), data=fill(values, ids))
    assert answer.status_code == 400
    assert session.get(Round, ids["round"], populate_existing=True).state == "review"


@pytest.mark.parametrize("path", ONLY_POSTED)
def test_actions_are_not_for_reading(client, session, cast, ids, path):
    ada = sign_in(client, session, cast.ada)
    assert ada.get(path.format(slug=cast.programme.slug, **ids)).status_code == 405


@pytest.mark.parametrize("path", ONLY_READ)
def test_pages_take_no_forms(client, session, cast, ids, path):
    ada = sign_in(client, session, cast.ada)
    token = csrf_of(ada, f"/c/{cast.programme.slug}/rounds/new")
    assert ada.post(path.format(slug=cast.programme.slug, **ids), data={"csrf_token": token}).status_code == 405


def test_unknown_ids_are_not_found(client, session, cast):
    ada = sign_in(client, session, cast.ada)
    for path in ("people", "people/import", "rounds", "responses"):
        assert ada.get(f"/c/{cast.programme.slug}/{path}/{uuid.uuid4()}").status_code == 404
