"""What joining asks: each thing once, nothing that is known, and what is wrong by its name."""

from datetime import date

import pytest

from tests.factories.cast import make_programme
from tests.functional.joining import ABOUT, HOURS, OFFER, REQUEST, join, send
from webapp.forms.hours import HoursForm
from webapp.forms.joining import CheckForm, RolesForm
from webapp.forms.profile import AboutForm, OfferForm, RequestForm


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
