"""Joining a programme, every step of it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from tests.factories.cast import csrf_of, make_person, make_programme, sign_in
from webapp.forms.hours import HoursForm
from webapp.forms.joining import CheckForm, RolesForm
from webapp.forms.profile import AboutForm, OfferForm, RequestForm
from webapp.models import AuditEvent, Membership, Person, Programme

STEPS = ("", "/roles", "/you", "/offer", "/request", "/hours", "/check")
ABOUT = {
    "stage": "resident_junior",
    "specialties": ["otolaryngology", "vascular_surgery"],
    "languages": ["en"],
    "zone": "America/Chicago",
}
OFFER = {"topics": ["leadership"], "minutes_a_month": "120"}
REQUEST = {"first": "technical_skills", "second": "work_life", "mentors_wanted": "2"}
HOURS = {"h": ["mo-17:00", "mo-17:30", "tu-18:00"], "zone": "America/Chicago"}


@pytest.fixture
def programme(session) -> Programme:
    programme = make_programme(session, enrols_until=date(2100, 1, 1))
    session.commit()
    return programme


@pytest.fixture
def noor(session, client) -> Person:
    """Somebody with an account and nothing else."""
    person = make_person(session, "Noor van den Akker", windows=())
    person.profile = None
    session.flush()
    sign_in(client, session, person)
    return person


def send(client, path, data, **values):
    return client.post(path, data={"csrf_token": csrf_of(client, path), **data, **values})


def membership_of(session, person, programme) -> Membership | None:
    return session.scalars(
        select(Membership)
        .where(Membership.person_id == person.id, Membership.programme_id == programme.id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def join(client, slug, roles=("mentee",)):
    base = f"/join/{slug}"
    send(client, f"{base}/roles", {"roles": list(roles)})
    send(client, f"{base}/you", ABOUT)
    if "mentor" in roles:
        send(client, f"{base}/offer", OFFER)
    if "mentee" in roles:
        send(client, f"{base}/request", REQUEST)
    send(client, f"{base}/hours", HOURS)
    return send(client, f"{base}/check", {"terms": "y"})


def test_at_most_ten_answers_are_required(app):
    with app.test_request_context():
        forms = [RolesForm(), AboutForm(), OfferForm(), RequestForm(), CheckForm()]
        required = [field.name for form in forms for field in form if field.flags.required]
        week = HoursForm((), as_ranges=False, zone="UTC")
    assert "week" in {problem.anchor for problem in _problems_of_an_empty(week, app)}
    # The zone of the hours is prefilled from the step before: the week itself is the one answer there.
    assert len([*required, "week"]) <= 10, required


def _problems_of_an_empty(form, app):
    with app.test_request_context(method="POST"):
        form.validate_week()
        return form.problems


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


@pytest.mark.parametrize(
    ("step", "data", "link", "kept"),
    [
        ("roles", {}, "#roles", None),
        ("you", {**ABOUT, "stage": "", "city": "Malmö"}, "#stage", "Malmö"),
        ("you", {**ABOUT, "specialties": ["alchemy"], "city": "Malmö"}, "#specialties", "Malmö"),
        ("offer", {**OFFER, "minutes_a_month": "20", "about": "Tea first"}, "#minutes_a_month", "Tea first"),
        ("offer", {**OFFER, "minutes_a_month": "many"}, "#minutes_a_month", "many"),
        ("offer", {**OFFER, "places": "0"}, "#places", None),
        ("request", {**REQUEST, "first": "", "goal": "Lead a list"}, "#first", "Lead a list"),
        ("request", {**REQUEST, "second": "technical_skills"}, "#second", None),
        ("hours", {"zone": "America/Chicago"}, "#week", None),
        ("hours", {**HOURS, "zone": "Atlantis/City"}, "#zone", 'value="tu-18:00" checked'),
    ],
)
def test_wrong_answers_are_named_and_kept(client, noor, programme, step, data, link, kept):
    base = f"/join/{programme.slug}"
    send(client, f"{base}/roles", {"roles": ["mentee", "mentor"]})
    page = send(client, f"{base}/{step}", data)
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert 'class="problems' in text
    assert f'href="{link}"' in text
    assert f'id="{link[1:]}"' in text, "the link of the summary leads to the field"
    if kept:
        assert kept in text


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


PROMPTS = {"does": "Nights and trauma", "enjoys": "", "knows": "Two small children"}


def test_prompts_make_the_few_words_and_can_be_edited_again(client, session, noor, programme):
    base = f"/join/{programme.slug}"
    send(client, f"{base}/roles", {"roles": ["mentee"]})
    send(client, f"{base}/you", {**ABOUT, **PROMPTS})
    session.expire_all()
    assert noor.profile.bio == "Nights and trauma\n\nTwo small children"
    page = client.get(f"{base}/you").get_data(as_text=True)
    assert "Nights and trauma</textarea>" in page
    assert "Two small children</textarea>" in page
    send(client, "/me", {**ABOUT, "name": noor.name, "does": "Days now", "enjoys": "", "knows": " "})
    session.expire_all()
    assert (noor.profile.bio, noor.profile.prompts) == ("Days now", {"does": "Days now"})


def test_words_from_before_there_were_prompts_are_kept(client, session, noor, programme):
    base = f"/join/{programme.slug}"
    send(client, f"{base}/you", ABOUT)
    session.expire_all()
    noor.profile.bio, noor.profile.prompts = "I sail.", {}
    session.commit()
    assert client.get(f"{base}/you").get_data(as_text=True).count("I sail.</textarea>") == 1
    send(client, f"{base}/you", {**ABOUT, "does": "Clinics", "knows": "I sail."})
    session.expire_all()
    assert noor.profile.bio == "Clinics\n\nI sail."


def test_role_chosen_on_the_public_page_is_not_asked_again(client, session, noor, programme):
    base = f"/join/{programme.slug}"
    assert "Begin: find a mentor" in client.get(f"{base}?role=mentee").get_data(as_text=True)
    assert "Begin as a mentor" in client.get(f"{base}?role=mentor").get_data(as_text=True)
    send(client, f"{base}/roles", {"roles": ["mentee"]})
    assert "Begin as a mentor" not in client.get(f"{base}?role=mentor").get_data(as_text=True)


def test_who_joins_as_both_answers_each_question_once(client, noor, programme):
    base = f"/join/{programme.slug}"
    seen, step = [], f"{base}/roles"
    answers = {
        "roles": {"roles": ["mentor", "mentee"]},
        "you": ABOUT,
        "offer": OFFER,
        "request": REQUEST,
        "hours": HOURS,
    }
    while step != f"{base}/check":
        name = step.rpartition("/")[2]
        seen.append(name)
        step = send(client, step, answers[name]).location
    assert seen == ["roles", "you", "offer", "request", "hours"]


def test_what_is_known_from_another_programme_is_kept_and_asked_after(client, session, noor, programme):
    join(client, programme.slug)
    other = make_programme(session, "Fjord Surgeons", enrols_until=date(2100, 1, 1))
    session.commit()
    assert "still right?" not in client.get(f"/join/{programme.slug}").get_data(as_text=True)
    page = client.get(f"/join/{other.slug}").get_data(as_text=True)
    assert page.count("Kept from before; still right?") == 2
    assert send(client, f"/join/{other.slug}/roles", {"roles": ["mentee"]}).location == f"/join/{other.slug}/request"


def test_browser_names_the_languages_and_nobody_is_taken_for_somebody_in_utc(client, session, noor, programme):
    noor.zone = "UTC"  # as it stands where no script could tell
    session.commit()
    headers = {"Accept-Language": "sv-SE,sv;q=0.9,tlh;q=0.8"}
    page = client.get(f"/join/{programme.slug}/you", headers=headers).get_data(as_text=True)
    for language in ("sv", "en"):
        assert f'name="languages" value="{language}" checked' in page
    assert 'selected value="UTC"' not in page
    answer = send(client, f"/join/{programme.slug}/you", {**ABOUT, "zone": ""}).get_data(as_text=True)
    assert 'href="#zone"' in answer
    assert send(client, f"/join/{programme.slug}/you", {**ABOUT, "zone": "UTC"}).status_code == 302


def test_a_zone_that_is_none_is_refused_by_its_name(client, noor, programme):
    page = send(client, f"/join/{programme.slug}/you", {**ABOUT, "zone": "Mars/Olympus"}).get_data(as_text=True)
    assert "“Mars/Olympus” is not in the list. Please choose again." in page
