"""Inviting people: the confirmation, the mail, and what its link leads to."""

import re

import pytest

from tests.factories.cast import make_coordinator, make_person, sign_in
from tests.factories.guests import make_guest
from tests.functional.console import send, text_of
from webapp.mail import deliver_outbox, list_mail
from webapp.models import AuditEvent, LoginSession, Membership, OutboxMessage, Person

PASSWORD = "seven grey herons at dawn"


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/people/invite"


@pytest.fixture
def visitor(app):
    """Return a browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def deliver(app, session, config, now):
    """Return what sends all mail that is due, and gives the text of the mail to an address."""

    def deliver_to(email: str) -> str:
        with app.app_context():
            deliver_outbox(session, config, now=now)
        return next(mail.text for mail in list_mail(config.instance / "mail") if email in mail.to)

    return deliver_to


def link_in(text: str) -> str:
    return re.search(r"http://localhost(/invited/\S+)", text)[1]


def invite(ada, path, number, **values):
    return send(ada, path, number=number, note=values.get("note", ""))


def fresh(session, membership):
    return session.get(Membership, membership.id, populate_existing=True)


def test_page_names_who_waits_and_shows_the_mail_with_the_own_sentence(ada, session, cast, path):
    make_guest(session, cast.programme, "Grace Hopper")
    make_guest(session, cast.programme, "Rosalind Franklin", roles=("mentor",))
    session.commit()
    page = text_of(ada, f"{path}?note=We+met+in+%3CVienna%3E.")
    assert "2 people wait for an invitation" in page
    assert "Send 2 mails?" in page
    assert "Grace Hopper" in page
    assert "We met in &lt;Vienna&gt;." in page
    assert "Ada Oduya invites you to take part in Lakeland Women in Surgery, as a mentor." in page
    assert session.query(OutboxMessage).count() == 0


def test_sending_twice_writes_to_everybody_once(ada, session, cast, path):
    guest = make_guest(session, cast.programme)
    session.commit()
    page = ada.get(invite(ada, path, 1, note="Do come.").location).text
    assert "1 invitation is on its way" in page
    assert f'href="/c/{cast.programme.slug}/people?needs=anything">See who has not finished joining' in page
    assert "invited already" in ada.get(invite(ada, path, 1).location).text
    message = session.query(OutboxMessage).one()
    assert (message.template, message.person_id) == ("invitation", guest.person_id)
    assert fresh(session, guest).invited_at is not None
    assert session.query(AuditEvent).filter_by(action="people.invited").one().facts == {"people": 1}


def test_no_more_mails_go_out_than_were_confirmed(ada, session, cast, path):
    make_guest(session, cast.programme)
    make_guest(session, cast.programme, "Rosalind Franklin")
    session.commit()
    answer = invite(ada, path, 1)
    assert "Look again, then confirm" in answer.text
    assert session.query(OutboxMessage).count() == 0


def test_queries_stay_few_whatever_the_number(ada, session, cast, path, count_queries):
    with count_queries() as few:
        text_of(ada, path)
    for number in range(40):
        make_guest(session, cast.programme, f"Guest {number:02d}")
    session.commit()
    with count_queries() as many:
        text_of(ada, path)
    assert len(many) == len(few) <= 12


def test_link_makes_the_account_and_leads_to_what_is_known(ada, session, cast, path, visitor, deliver):
    guest = make_guest(session, cast.programme, email="grace@example.org", as_mentee={"topics": ["leadership"]})
    session.commit()
    invite(ada, path, 1, note="Mo thought of you.")
    mail = deliver("grace@example.org")
    assert "Mo thought of you." in mail
    link = link_in(mail)
    page = text_of(visitor, link)
    assert "You are invited to Lakeland Women in Surgery" in page
    assert fresh(session, guest).status == "invited"
    answer = send(visitor, link, name="Dr Grace Hopper", password=PASSWORD, zone="Europe/Vienna")
    assert answer.location == f"/join/{cast.programme.slug}"
    person = session.get(Person, guest.person_id, populate_existing=True)
    assert (person.name, person.email_verified_at is not None) == ("Dr Grace Hopper", True)
    assert (fresh(session, guest).status, fresh(session, guest).joined_at) == ("pending", None)
    page = text_of(visitor, answer.location)
    assert "As a mentee" in page
    assert "Mo thought" not in session.query(OutboxMessage).one().params.values()


def test_weak_password_is_refused_with_what_was_typed_kept(ada, session, cast, path, visitor, deliver):
    make_guest(session, cast.programme, email="grace@example.org")
    session.commit()
    invite(ada, path, 1)
    link = link_in(deliver("grace@example.org"))
    answer = send(visitor, link, name="Grace H", password="short")
    assert "at least 12 characters" in answer.text
    assert "Grace H" in answer.text
    assert session.query(LoginSession).filter(LoginSession.person_id != cast.ada.id).count() == 0


def test_used_link_sets_no_second_password(ada, session, cast, path, visitor, app, deliver):
    guest = make_guest(session, cast.programme, email="grace@example.org")
    session.commit()
    invite(ada, path, 1)
    link = link_in(deliver("grace@example.org"))
    send(visitor, link, name="Grace Hopper", password=PASSWORD)
    kept = session.get(Person, guest.person_id, populate_existing=True).password_hash
    thief = app.test_client()
    page = text_of(thief, link)
    assert 'type="password"' not in page
    assert f"next=/invited/{cast.programme.slug}/" in page
    send(thief, link, page="/login", name="Eve", password="another long enough password")
    assert session.get(Person, guest.person_id, populate_existing=True).password_hash == kept
    assert thief.get("/home").status_code == 302


def test_known_account_signs_in_and_accepts_with_one_click(ada, session, cast, path, app, deliver):
    make_guest(session, cast.programme, person=make_person(session, "Zoë Abernathy", email="zoe@example.org"))
    session.commit()
    invite(ada, path, 1)
    link = link_in(deliver("zoe@example.org"))
    other = sign_in(app.test_client(), session, cast.kim)
    assert "Sign out, then open the link again" in text_of(other, link)
    zoe = session.query(Person).filter_by(email="zoe@example.org").one()
    hers = sign_in(app.test_client(), session, zoe)
    assert send(hers, link).location == f"/join/{cast.programme.slug}"
    assert session.query(Membership).filter_by(person_id=zoe.id).one().status == "pending"


def test_no_thank_you_takes_one_click_and_stops_all_mail(ada, session, cast, path, visitor, deliver, app, config, now):
    guest = make_guest(session, cast.programme, email="grace@example.org")
    session.commit()
    invite(ada, path, 1)
    link = link_in(deliver("grace@example.org"))
    assert "No reason needed" in text_of(visitor, f"{link}/no")
    assert fresh(session, guest).status == "invited"
    page = visitor.get(send(visitor, f"{link}/no").location).text
    assert "Thank you for saying so" in page
    assert fresh(session, guest).status == "left"
    # What was written down before she said no is not sent any more.
    other = session.query(OutboxMessage).one()
    other.state, other.params = "waiting", other.params | {"token": "late"}
    session.commit()
    with app.app_context():
        assert deliver_outbox(session, config, now=now) == 0


def test_declining_is_not_for_whoever_takes_part(session, cast, visitor, ada, path, deliver):
    guest = make_guest(session, cast.programme, email="grace@example.org")
    session.commit()
    invite(ada, path, 1)
    link = link_in(deliver("grace@example.org"))
    membership = fresh(session, guest)
    membership.status = "active"
    session.commit()
    assert "there is no invitation left to decline" in text_of(visitor, f"{link}/no")
    send(visitor, f"{link}/no", page=link)
    assert fresh(session, guest).status == "active"


def test_link_of_one_programme_says_nothing_of_another(ada, session, cast, path, visitor, deliver):
    make_guest(session, cast.programme, email="grace@example.org")
    session.commit()
    invite(ada, path, 1)
    link = link_in(deliver("grace@example.org"))
    assert "out of date" in text_of(visitor, link.replace(cast.programme.slug, cast.elsewhere.slug))
    assert "out of date" in text_of(visitor, f"/invited/{cast.programme.slug}/nothing")


def test_public_sign_up_reaches_the_same_membership(session, cast, visitor, app, config, now, deliver):
    guest = make_guest(session, cast.programme, email="grace@example.org", roles=("mentor",))
    session.commit()
    join = f"/join?programme={cast.programme.slug}"
    send(visitor, join, name="Grace Hopper", email="grace@example.org", password=PASSWORD)
    mail = deliver("grace@example.org")
    assert "prepared an account" in mail
    link = re.search(r"http://localhost(/reset/\S+)", mail)[1]
    answer = send(visitor, link, password=PASSWORD)
    assert answer.location == f"/join/{cast.programme.slug}"
    assert "As a mentor" in text_of(visitor, answer.location)
    assert session.query(Membership).filter_by(person_id=guest.person_id).count() == 1


def test_addresses_are_invited_with_their_names_and_roles(ada, session, cast, path, deliver):
    lines = "Ada Lovelace <Ada.Lovelace@example.org>\n\n  mary@example.org,  \nmary@example.org"
    page = ada.get(send(ada, f"{path}/addresses", page=path, guests=lines, role="both").location).text
    assert "2 invitations are on their way" in page
    person = session.query(Person).filter_by(email="ada.lovelace@example.org").one()
    member = session.query(Membership).filter_by(person_id=person.id).one()
    assert (person.name, member.is_mentor, member.is_mentee, member.status) == ("Ada Lovelace", True, True, "invited")
    assert "Hello Ada Lovelace," in deliver("ada.lovelace@example.org")


def test_bad_lines_are_named_and_the_input_is_kept(ada, session, cast, path):
    lines = "mary@example.org\nnobody at all\nwww.spam.example <x@example.org>"
    answer = send(ada, f"{path}/addresses", page=path, guests=lines, role="mentor")
    assert "Line 2, \u201cnobody at all\u201d: write the whole address" in answer.text
    assert "Line 3" in answer.text
    assert "mary@example.org\nnobody at all" in answer.text
    assert session.query(Person).filter_by(email="mary@example.org").count() == 0


def test_whoever_is_here_already_gets_no_mail_and_is_named(ada, session, cast, path):
    guest = make_guest(session, cast.programme, email="grace@example.org")
    left = make_guest(session, cast.programme, "Rosalind Franklin", email="rosalind@example.org", status="left")
    session.commit()
    lines = f"grace@example.org\nrosalind@example.org\n{cast.mo.email}"
    page = ada.get(send(ada, f"{path}/addresses", page=path, guests=lines, role="mentor").location).text
    assert "rosalind@example.org (left)" in page
    assert f"{cast.mo.email} (takes part)" in page
    assert session.query(OutboxMessage).one().person_id == guest.person_id
    assert fresh(session, left).status == "left"


def test_invited_coordinator_of_another_programme_keeps_her_part_there(ada, session, cast, path):
    make_coordinator(session, cast.elsewhere, cast.lee)
    session.commit()
    send(ada, f"{path}/addresses", page=path, guests=cast.kim.email, role="mentor")
    rows = session.query(Membership).filter_by(person_id=cast.kim.id).all()
    assert {(row.programme_id, row.status) for row in rows} == {
        (cast.elsewhere.id, "active"),
        (cast.programme.id, "invited"),
    }
