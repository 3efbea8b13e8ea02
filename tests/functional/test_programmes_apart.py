"""Two programmes never mix: every console address tried by the wrong people and with the other's ids."""

import uuid
from collections import defaultdict
from contextlib import suppress

import pytest
from werkzeug.exceptions import MethodNotAllowed

from tests.factories.cast import csrf_of, sign_in
from tests.factories.offers import make_round
from tests.functional.console_boundaries import (
    ACTIONS,
    ALSO_POSTED,
    DONE_TO_PEOPLE,
    OF_THE_PROGRAMME,
    ONLY_POSTED,
    ONLY_READ,
    PAGES,
    fill,
)
from webapp.models import (
    Achievement,
    BoardEdit,
    BoardNote,
    DistinctPeople,
    EditOnBehalf,
    ImportBatch,
    Job,
    Membership,
    Message,
    Offer,
    OutboxMessage,
    PairRule,
    Person,
    Programme,
    Proposal,
    Round,
    RoundWithdrawal,
    Scenario,
)
from webapp.views.access import ACCESS, Who


def test_every_address_of_the_console_is_tried(app):
    addresses = app.url_map.bind("localhost")
    someone = defaultdict(uuid.uuid4, slug="lakeland")
    tried = set()
    for path in (*PAGES, *ALSO_POSTED, *(path for path, _ in (*ACTIONS, *DONE_TO_PEOPLE, *OF_THE_PROGRAMME))):
        for method in ("GET", "POST"):
            with suppress(MethodNotAllowed):
                tried.add(addresses.match(path.partition("?")[0].format_map(someone), method)[0])
    known = {endpoint for endpoint, who in ACCESS.items() if who is Who.COORDINATOR}
    assert known - tried == set()


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
    assert session.query(RoundWithdrawal).count() == 0
    assert session.query(Job).filter_by(programme_id=cast.programme.id).count() == 1
    assert session.get(Scenario, ids["scenario"]).name == "First"
    assert untouched(session)
    assert session.query(OutboxMessage).count() == 0
    assert session.get(ImportBatch, ids["import_id"]).state == "open"
    assert session.get(ImportBatch, ids["imported"]).state == "imported"


def untouched(session):
    """Whether the one change by hand, the one note and the one report stand as they were."""
    return (
        session.query(BoardEdit.undone_at).all() == [(None,)]
        and session.query(BoardNote.text).all() == [("Only for us",)]
        and session.query(Message.settled_at).all() == [(None,)]
    )


@pytest.mark.parametrize(
    "section", ["basics", "counts", "counts/preview", "rules", "rules/preview", "meetings", "vocabulary", "terms"]
)
def test_settings_are_changed_by_nobody_else(client, session, cast, section):
    for person, own in ((cast.kim, cast.elsewhere), (cast.lee, None)):
        other = sign_in(client, session, person)
        token = csrf_of(other, f"/c/{own.slug}/settings/basics" if own else "/me")
        path = f"/c/{cast.programme.slug}/settings/{section}"
        assert other.post(path, data={"csrf_token": token, "name": "Theirs"}).status_code == 404


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
    assert session.query(RoundWithdrawal).count() == 0
    assert session.query(Job).filter_by(programme_id=cast.programme.id).count() == 1
    assert session.get(Scenario, ids["scenario"]).name == "First"
    assert untouched(session)
    assert session.query(OutboxMessage).count() == 0
    assert session.get(ImportBatch, ids["import_id"]).state == "open"
    assert session.get(ImportBatch, ids["imported"]).state == "imported"


@pytest.mark.parametrize(("path", "values"), ACTIONS)
def test_actions_need_the_token_of_a_form(client, session, cast, ids, path, values):
    ada = sign_in(client, session, cast.ada)
    answer = ada.post(path.format(slug=cast.programme.slug, **ids), data=fill(values, ids))
    assert answer.status_code == 400
    assert session.get(Round, ids["round"], populate_existing=True).state == "review"


def people_as_they_are(session, cast, ids):
    """Return all that an action on people could have changed in Lakeland."""
    session.expire_all()
    members = [session.get(Membership, ids[key]) for key in ("member", "guest")]
    people = [session.get(Person, member.person_id) for member in members]
    return (
        [(m.status, m.invited_at, m.reminded_at, m.asked_at, m.joined_at) for m in members],
        [(p.name, p.email, p.zone, [(w.weekday, w.start_minute) for w in p.windows]) for p in people],
        session.get(Programme, cast.programme.id).approves_joins,
        session.query(Membership).filter_by(programme_id=cast.programme.id).count(),
        session.query(OutboxMessage).join(Person).filter(Person.id.in_([p.id for p in people])).count(),
        session.query(DistinctPeople).count(),
        session.query(EditOnBehalf).count(),
        session.query(Achievement.endorsed_at).all(),
    )


@pytest.mark.parametrize(("path", "values"), DONE_TO_PEOPLE)
def test_another_programmes_coordinator_does_nothing_to_people(client, session, cast, ids, path, values):
    before = people_as_they_are(session, cast, ids)
    kim = sign_in(client, session, cast.kim)
    data = {"csrf_token": csrf_of(kim, f"/c/{cast.elsewhere.slug}/rounds/new"), **fill(values, ids)}
    for slug in (cast.elsewhere.slug, cast.programme.slug):
        assert kim.post(path.format(slug=slug, **ids), data=data).status_code == 404
    assert people_as_they_are(session, cast, ids) == before


@pytest.mark.parametrize(("path", "values"), OF_THE_PROGRAMME)
def test_lists_of_one_programme_reach_nobody_of_another(client, session, cast, ids, path, values):
    before = people_as_they_are(session, cast, ids)
    kim = sign_in(client, session, cast.kim)
    data = {"csrf_token": csrf_of(kim, f"/c/{cast.elsewhere.slug}/rounds/new"), **fill(values, ids)}
    assert kim.post(path.format(slug=cast.programme.slug, **ids), data=data).status_code == 404
    assert kim.post(path.format(slug=cast.elsewhere.slug, **ids), data=data).status_code == 302
    assert people_as_they_are(session, cast, ids) == before


@pytest.mark.parametrize(("path", "values"), [*DONE_TO_PEOPLE, *OF_THE_PROGRAMME])
def test_actions_on_people_need_the_token_of_a_form(client, session, cast, ids, path, values):
    before = people_as_they_are(session, cast, ids)
    ada = sign_in(client, session, cast.ada)
    assert ada.post(path.format(slug=cast.programme.slug, **ids), data=fill(values, ids)).status_code == 400
    for person in (cast.mo, cast.lee):
        other = sign_in(client, session, person)
        data = {"csrf_token": csrf_of(other, "/me"), **fill(values, ids)}
        assert other.post(path.format(slug=cast.programme.slug, **ids), data=data).status_code == 404
    assert people_as_they_are(session, cast, ids) == before


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
