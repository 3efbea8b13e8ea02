"""What a coordinator changes for somebody who asks her to, and how it is marked."""

import pytest

from tests.factories.cast import make_mentor, make_person, sign_in
from tests.factories.guests import make_guest
from tests.functional.console import send, text_of
from webapp.models import AuditEvent, EditOnBehalf, Membership, MentorOffer, OutboxMessage, Person, Token


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def mo(cast):
    return f"/c/{cast.programme.slug}/people/{cast.mentor.id}"


FACTS = {
    "name": "Dr Mo Farahani",
    "stage": "attending_mid",
    "specialties": ["general_surgery"],
    "languages": ["en"],
    "zone": "America/New_York",
    "institution": "",
    "city": "",
    "minutes_a_month": "120",
    "places": "2",
    "save": "1",
}


def edit(client, path, **changes):
    page = text_of(client, f"{path}/edit")
    fingerprint = page.split('name="fingerprint"')[1].split('value="')[1].split('"')[0]
    return send(client, f"{path}/edit", fingerprint=fingerprint, **{**FACTS, **changes})


def test_facts_and_lower_limits_are_saved_and_marked(ada, session, cast, mo, app):
    answer = edit(ada, mo, city="Oslo", minutes_a_month="60", places="1")
    assert answer.location == mo
    page = text_of(ada, mo)
    assert "Ada Oduya changed the city, the minutes a month and the places on" in page
    offer = session.get(MentorOffer, cast.mentor.offer.id, populate_existing=True)
    assert (offer.minutes_a_month, offer.places) == (60, 1)
    event = session.query(AuditEvent).filter_by(action="member.edited").one()
    assert event.facts == {
        "fields": ["city", "minutes_a_month", "places"],
        "before": {"minutes_a_month": 120, "places": 2},
    }
    hers = sign_in(app.test_client(), session, cast.mo)
    page = text_of(hers, "/me")
    assert "Ada changed your city, your minutes a month and your places on" in page
    assert f'href="/me/offer/{cast.programme.slug}"' in page


def test_notice_goes_once_it_was_read_and_nobody_reads_it_for_her(ada, session, cast, mo, app):
    edit(ada, mo, city="Oslo")
    mark = session.query(EditOnBehalf).one()
    lee = sign_in(app.test_client(), session, cast.lee)
    send(lee, "/me/edits", page="/me", edit=str(mark.id))
    hers = sign_in(app.test_client(), session, cast.mo)
    assert "Changed on your behalf" in text_of(hers, "/me")
    send(hers, "/me/edits", page="/me", edit=str(mark.id))
    assert "Changed on your behalf" not in text_of(hers, "/me")
    assert "changed the city" in text_of(ada, mo)


@pytest.mark.parametrize("limit", [{"minutes_a_month": "121"}, {"places": "3"}])
def test_no_limit_is_raised_on_anybodys_behalf(ada, session, cast, mo, limit):
    answer = edit(ada, mo, city="Oslo", **limit)
    assert "may raise this" in answer.text
    assert 'value="Oslo"' in answer.text
    offer = session.get(MentorOffer, cast.mentor.offer.id, populate_existing=True)
    assert (offer.minutes_a_month, offer.places) == (120, 2)
    assert session.query(EditOnBehalf).count() == 0


def test_numbers_that_a_file_left_open_do_not_keep_facts_from_being_changed(ada, session, cast):
    offer = {"minutes_a_month": 0, "places": 0, "is_provisional": True}
    guest = make_guest(session, cast.programme, roles=("mentor",), as_mentor=offer)
    session.commit()
    path = f"/c/{cast.programme.slug}/people/{guest.id}"
    assert edit(ada, path, name="Grace Hopper", city="Oslo", minutes_a_month="600").location == path
    session.expire_all()
    assert (guest.person.profile.city, guest.offer.minutes_a_month) == ("Oslo", 0)


def test_unchanged_form_marks_nothing(ada, session, mo):
    assert edit(ada, mo).status_code == 302
    assert session.query(EditOnBehalf).count() == 0


def test_what_she_changed_meanwhile_is_not_overwritten(ada, session, cast, mo):
    token = text_of(ada, f"{mo}/edit")
    fingerprint = token.split('name="fingerprint"')[1].split('value="')[1].split('"')[0]
    session.get(Person, cast.mo.id).profile.city = "Bergen"
    session.commit()
    answer = send(ada, f"{mo}/edit", fingerprint=fingerprint, **{**FACTS, "city": "Oslo"})
    assert "changed while the page was open" in answer.text
    assert session.get(Person, cast.mo.id, populate_existing=True).profile.city == "Bergen"


def test_hours_are_saved_in_the_persons_zone_and_marked(ada, session, cast, mo):
    answer = send(ada, f"{mo}/hours", zone="Europe/Oslo", h=["mo-09:00", "mo-09:30"], save="1")
    assert answer.location == mo
    person = session.get(Person, cast.mo.id, populate_existing=True)
    session.refresh(person, ["windows"])
    assert (person.zone, [(w.weekday, w.start_minute, w.end_minute) for w in person.windows]) == (
        "Europe/Oslo",
        [(0, 540, 600)],
    )
    assert "Ada Oduya changed the hours on" in text_of(ada, mo)


def test_account_that_has_not_said_yes_is_not_changed(ada, session, cast):
    guest = make_guest(session, cast.programme, person=make_person(session, "Zoë Abernathy"))
    session.commit()
    path = f"/c/{cast.programme.slug}/people/{guest.id}"
    assert ada.get(f"{path}/edit").status_code == 403
    assert ada.get(f"{path}/hours").status_code == 403
    assert "/edit" not in text_of(ada, path)


def test_address_that_was_never_confirmed_is_corrected_and_old_links_die(ada, session, cast):
    guest = make_guest(session, cast.programme, email="grcae@example.org")
    session.commit()
    people = f"/c/{cast.programme.slug}/people"
    send(ada, f"{people}/invite", number=1, note="")
    old = session.query(Token).one().id
    answer = send(ada, f"{people}/{guest.id}/address", email="grace@example.org")
    assert answer.location == f"{people}/{guest.id}"
    assert session.get(Person, guest.person_id, populate_existing=True).email == "grace@example.org"
    assert session.query(Token).one().id != old
    message = session.query(OutboxMessage).one()
    assert (message.template, message.state) == ("invitation", "waiting")


def test_confirmed_and_taken_addresses_stay(ada, session, cast, mo):
    assert "only its owner can change it" in text_of(ada, f"{mo}/address")
    send(ada, f"{mo}/address", page=f"{mo}/edit", email="other@example.org")
    assert session.get(Person, cast.mo.id, populate_existing=True).email == cast.mo.email
    guest = make_guest(session, cast.programme)
    session.commit()
    answer = send(ada, f"/c/{cast.programme.slug}/people/{guest.id}/address", email=cast.mo.email)
    assert "has an account already" in answer.text


def test_person_whom_another_programme_knows_keeps_her_address(ada, session, cast):
    guest = make_guest(session, cast.programme)
    make_guest(session, cast.elsewhere, person=guest.person)
    session.commit()
    path = f"/c/{cast.programme.slug}/people/{guest.id}/address"
    assert send(ada, path, email="mine@example.org").status_code == 403
    assert session.get(Person, guest.person_id, populate_existing=True).email != "mine@example.org"


def test_pause_and_return_are_noted_with_a_mail(ada, session, cast, mo):
    send(ada, f"{mo}/pause", page=mo, step="pause")
    assert session.get(Membership, cast.mentor.id, populate_existing=True).status == "paused"
    assert "Ada Oduya noted a pause on" in text_of(ada, mo)
    assert send(ada, f"{mo}/pause", page=mo, step="pause").status_code == 409
    send(ada, f"{mo}/pause", page=mo, step="resume")
    assert session.get(Membership, cast.mentor.id, populate_existing=True).status == "active"
    assert {m.template for m in session.query(OutboxMessage)} == {"membership_paused", "membership_resumed"}
    assert send(ada, f"{mo}/pause", page=mo, step="dance").status_code == 400


def test_person_page_takes_few_queries(ada, session, cast, mo, count_queries):
    edit(ada, mo, city="Oslo")
    make_mentor(session, cast.programme, cast.lee)
    session.commit()
    with count_queries() as queries:
        text_of(ada, mo)
    assert len(queries) <= 12
