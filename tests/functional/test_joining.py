"""Joining a programme, every step of it."""

from datetime import UTC, date, datetime

from sqlalchemy import select

from tests.factories.cast import csrf_of
from tests.functional.joining import ABOUT, HOURS, REQUEST, join, send
from webapp.models import AuditEvent, Membership, Person

STEPS = ("", "/roles", "/you", "/offer", "/request", "/hours", "/check")


def membership_of(session, person, programme) -> Membership | None:
    return session.scalars(
        select(Membership)
        .where(Membership.person_id == person.id, Membership.programme_id == programme.id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def test_mentee_joins_step_by_step_and_each_step_leads_to_the_next(client, session, noor, programme, now):
    base = f"/join/{programme.slug}"
    assert b"How would you like to take part?" in client.get(f"{base}/roles?role=mentee").data
    answer = send(client, f"{base}/roles", {"roles": ["mentee"]})
    assert answer.location == f"{base}/you"
    assert membership_of(session, noor, programme).status == "pending"
    assert send(client, f"{base}/you", ABOUT).location == f"{base}/request"
    assert send(client, f"{base}/request", REQUEST).location == f"{base}/hours"
    assert send(client, f"{base}/hours", HOURS).location == f"{base}/check"
    check = client.get(f"{base}/check").get_data(as_text=True)
    for text in ("Otolaryngology - Head and Neck Surgery", "Operative and technical skills", "1½ hours a week"):
        assert text in check
    assert send(client, f"{base}/check", {"terms": "y"}).location == "/home"
    membership = membership_of(session, noor, programme)
    assert (membership.status, membership.is_mentee, membership.is_mentor) == ("active", True, False)
    assert membership.joined_at is not None
    assert membership.request.topics == ["technical_skills", "work_life"]


def test_one_person_joins_as_both(client, session, noor, programme):
    join(client, programme.slug, ("mentor", "mentee"))
    membership = membership_of(session, noor, programme)
    assert membership.is_mentor
    assert membership.is_mentee
    assert membership.offer.minutes_a_month == 120
    assert membership.offer.places == 2, "as many as her minutes allow"


def test_joining_twice_changes_nothing(client, session, noor, programme):
    join(client, programme.slug)
    first = membership_of(session, noor, programme).joined_at
    token = csrf_of(client, f"/join/{programme.slug}/roles")
    again = client.post(f"/join/{programme.slug}/check", data={"terms": "y", "csrf_token": token})
    assert again.location == "/home"
    assert membership_of(session, noor, programme).joined_at == first
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "membership.joined")).all()
    assert len(events) == 1


def test_role_from_the_link_is_ticked(client, noor, programme):
    page = client.get(f"/join/{programme.slug}/roles?role=mentor").get_data(as_text=True)
    ticked = page.split('value="mentor"')[0].rsplit("<input", 1)[1] + page.split('value="mentor"')[1].split(">")[0]
    assert "checked" in ticked
    assert page.count("checked") == 1


def test_nobody_joins_without_the_terms(client, session, noor, programme):
    base = f"/join/{programme.slug}"
    join(client, programme.slug)
    membership_of(session, noor, programme).status = "pending"
    session.commit()
    page = send(client, f"{base}/check", {}).get_data(as_text=True)
    assert 'href="#terms"' in page
    assert membership_of(session, noor, programme).status == "pending"


def test_check_is_closed_while_a_step_is_missing(client, noor, programme):
    base = f"/join/{programme.slug}"
    send(client, f"{base}/roles", {"roles": ["mentee"]})
    assert client.get(f"{base}/check").location == base
    assert b"Cannot start yet" in client.get(base).data


def test_search_without_script_finds_by_other_names_and_saves_nothing(client, session, noor, programme):
    path = f"/join/{programme.slug}/you"
    page = send(client, path, {"specialties-search": "ENT", "search": "specialties", "stage": "fellow"})
    text = page.get_data(as_text=True)
    first_fold = text.index("<details>")
    assert "specialties-otolaryngology" in text[:first_fold], "what was found stands before the folds"
    assert 'class="problems' not in text
    assert session.get(Person, noor.id).profile is None


def test_steps_of_a_role_not_chosen_lead_to_the_roles(client, noor, programme):
    base = f"/join/{programme.slug}"
    assert client.get(f"{base}/offer").location == f"{base}/roles?role=mentor"
    assert client.get(f"{base}/request").location == f"{base}/roles?role=mentee"


def test_closed_enrolment_is_said_and_still_lets_join(client, session, noor, programme):
    programme.enrols_until = date(2020, 1, 1)
    session.commit()
    assert b"Enrolment closed on" in client.get(f"/join/{programme.slug}").data
    join(client, programme.slug)
    assert membership_of(session, noor, programme).status == "active"


def test_unconfirmed_address_cannot_join(client, session, noor, programme):
    join(client, programme.slug)
    membership_of(session, noor, programme).status = "pending"
    noor.email_verified_at = None
    session.commit()
    answer = client.post(
        f"/join/{programme.slug}/check",
        data={"terms": "y", "csrf_token": csrf_of(client, f"/join/{programme.slug}/roles")},
    )
    assert answer.status_code in {302, 403}
    assert membership_of(session, noor, programme).status == "pending"


def test_who_left_may_come_back(client, session, noor, programme):
    join(client, programme.slug)
    membership_of(session, noor, programme).status = "left"
    session.commit()
    send(client, f"/join/{programme.slug}/roles", {"roles": ["mentee"]})
    membership = membership_of(session, noor, programme)
    assert (membership.status, membership.joined_at) == ("pending", None)


def test_strangers_are_asked_to_sign_in(client, programme):
    for step in STEPS:
        assert client.get(f"/join/{programme.slug}{step}").location.startswith("/login")
        assert client.post(f"/join/{programme.slug}{step}").status_code in {400, 403, 405}


def test_unknown_programme_is_not_found(client, noor):
    for step in STEPS:
        assert client.get(f"/join/no-such{step}").status_code == 404


def test_task_list_takes_no_post(client, noor, programme):
    token = csrf_of(client, f"/join/{programme.slug}/roles")
    assert client.post(f"/join/{programme.slug}", data={"csrf_token": token}).status_code == 405


def test_task_list_needs_few_queries(client, session, noor, programme, count_queries):
    join(client, programme.slug)
    with count_queries() as queries:
        client.get(f"/join/{programme.slug}")
    assert len(queries) <= 9, queries


def test_title_of_the_page_names_the_round(client, session, noor, programme):
    from webapp.models import Round

    session.add(Round(programme_id=programme.id, name="Spring 2100", state="enrolling", enrols_until=date(2100, 2, 26)))
    session.commit()
    page = client.get(f"/join/{programme.slug}").get_data(as_text=True)
    assert "Join: Spring 2100" in page
    assert "26 February 2100" in page
    assert datetime.now(UTC).year < 2100
