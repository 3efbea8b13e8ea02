"""Invitations, reminders, approvals and merges when several people press at once."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories.cast import Cast
from tests.factories.guests import make_guest
from tests.integration.test_races import at_once
from webapp.mail import deliver_outbox
from webapp.models import Membership, OutboxMessage, Person, Token
from webapp.services import outbox
from webapp.services.accounts import Visitor
from webapp.services.approvals import answer_joins
from webapp.services.duplicates import say_distinct
from webapp.services.errors import NotFoundError
from webapp.services.invitations import Guest, invite_by_address, invite_people
from webapp.services.invited import accept_with_password, decline
from webapp.services.merging import merge_people
from webapp.services.people_query import PeopleQuery
from webapp.services.reminders import PAUSE, remind_people

MANY = 6


@pytest.fixture
def scene(committed_engine, now):
    with Session(committed_engine, expire_on_commit=False) as session:
        cast = Cast.create(session)
        guests = [make_guest(session, cast.programme, f"Guest {n} Example").id for n in range(MANY)]
        session.commit()
    return {"programme": cast.programme.id, "slug": cast.programme.slug, "by": cast.ada.id, "guests": guests}


def secrets_of(session):
    return [message.params["token"] for message in session.query(OutboxMessage)]


def test_coordinators_who_send_at_once_write_to_everybody_once(committed_engine, scene, now):
    def send(session):
        return invite_people(session, scene["programme"], by=scene["by"], now=now)

    outcome = at_once(committed_engine, [send] * MANY)
    assert sum(number * times for number, times in outcome.items()) == MANY
    with Session(committed_engine) as session:
        assert session.query(OutboxMessage).count() == session.query(Token).count() == MANY


def test_reminders_sent_at_once_reach_everybody_once_in_three_days(committed_engine, scene, now):
    with Session(committed_engine) as session:
        invite_people(session, scene["programme"], by=scene["by"], now=now)

    def remind(at):
        def call(session):
            return remind_people(session, scene["programme"], PeopleQuery(), at_most=99, by=scene["by"], now=at)

        return call

    assert at_once(committed_engine, [remind(now + timedelta(days=2))] * 2) == {0: 2}
    outcome = at_once(committed_engine, [remind(now + PAUSE)] * MANY)
    assert sum(number * times for number, times in outcome.items()) == MANY


def test_same_address_typed_by_two_makes_one_account(committed_engine, scene, now):
    guests = [Guest("new@example.org", "New Example")]

    def invite(session):
        roles = {"is_mentor": True, "is_mentee": False}
        return invite_by_address(session, scene["programme"], guests, **roles, by=scene["by"], now=now).sent

    at_once(committed_engine, [invite] * MANY)
    with Session(committed_engine) as session:
        person = session.query(Person).filter_by(email="new@example.org").one()
        assert session.query(Membership).filter_by(person_id=person.id).count() == 1
        assert session.query(OutboxMessage).filter_by(person_id=person.id).count() == 1


def test_first_password_is_set_once_however_often_it_is_sent(committed_engine, scene, config, now):
    with Session(committed_engine) as session:
        invite_people(session, scene["programme"], membership_ids=scene["guests"][:1], by=scene["by"], now=now)
        secret = secrets_of(session)[0]

    def accept(word):
        def call(session):
            values = {"name": "Grace Hopper", "password": f"{word} grey herons at dawn", "zone": ""}
            who = {"visitor": Visitor("127.0.0.1"), "config": config, "now": now}
            return accept_with_password(session, scene["slug"], secret, **values, **who) is not None

        return call

    assert at_once(committed_engine, [accept("seven"), accept("eight"), accept("nine")]) == {True: 1, False: 2}


def test_saying_no_and_accepting_at_once_leave_one_answer(committed_engine, scene, config, now):
    with Session(committed_engine) as session:
        invite_people(session, scene["programme"], membership_ids=scene["guests"][:1], by=scene["by"], now=now)
        secret = secrets_of(session)[0]

    def accept(session):
        values = {"name": "Grace Hopper", "password": "seven grey herons at dawn", "zone": ""}
        who = {"visitor": Visitor("127.0.0.1"), "config": config, "now": now}
        accept_with_password(session, scene["slug"], secret, **values, **who)

    at_once(committed_engine, [accept, lambda session: decline(session, scene["slug"], secret, now=now)])
    with Session(committed_engine) as session:
        member = session.get(Membership, scene["guests"][0])
        assert (member.status, member.joined_at) in {("left", None), ("pending", None)}


def test_link_older_than_sixty_days_opens_nothing(committed_engine, scene, config, now):
    with Session(committed_engine) as session:
        invite_people(session, scene["programme"], membership_ids=scene["guests"][:1], by=scene["by"], now=now)
        secret = secrets_of(session)[0]
        assert not decline(session, scene["slug"], secret, now=now + timedelta(days=61))
        assert decline(session, scene["slug"], secret, now=now + timedelta(days=59))


def test_two_coordinators_who_answer_one_applicant_send_one_mail(committed_engine, scene, now):
    with Session(committed_engine) as session:
        member = session.get(Membership, scene["guests"][0])
        member.status, member.asked_at = "pending", now
        session.commit()

    def answer(word):
        def call(session):
            return answer_joins(session, scene["programme"], scene["guests"][:1], word, by=scene["by"], now=now)

        return call

    assert at_once(committed_engine, [answer("approve"), answer("decline")] * 3) == {1: 1, 0: 5}
    with Session(committed_engine) as session:
        assert session.query(OutboxMessage).count() == 1


def test_two_entries_kept_the_other_way_round_at_once_leave_one_of_them(committed_engine, scene, now):
    one, two = scene["guests"][:2]

    def merging(keep, gone):
        def call(session):
            merge_people(session, scene["programme"], keep, gone, by=scene["by"], now=now)
            return "merged"

        return call

    outcome = at_once(committed_engine, [merging(one, two), merging(two, one)] * 2)
    assert outcome == {"merged": 1, NotFoundError: 3}
    with Session(committed_engine) as session:
        assert len([m for m in (one, two) if session.get(Membership, m)]) == 1


def test_two_who_say_at_once_that_they_are_two_are_remembered_once(committed_engine, scene, now):
    one, two = scene["guests"][:2]

    def saying(first, second):
        def call(session):
            say_distinct(session, scene["programme"], first, second, by=scene["by"], now=now)
            return "said"

        return call

    assert at_once(committed_engine, [saying(one, two), saying(two, one)] * 2) == {"said": 4}


@pytest.mark.parametrize(
    ("template", "status", "words"),
    [
        ("invitation", "invited", "No thank you"),
        ("invitation_reminder", "pending", "you began to join"),
        ("invitation_reminder", "invited", "there is still room"),
        ("join_approved", "active", "you take part in Lakeland"),
        ("join_declined", "left", "This says nothing about you"),
        ("membership_left", "left", "without blame"),
        ("membership_paused", "paused", "Your pairs stay"),
        ("membership_resumed", "active", "you are back in Lakeland"),
    ],
)
def test_each_mail_about_joining_says_its_news_as_text_and_html(
    app, session, cast, config, now, template, status, words
):
    guest = make_guest(session, cast.programme, "Zoë <Hopper>", email="zoe@example.org", status=status)
    cast.programme.contact = "ada@example.org"
    session.commit()
    params = {"membership_id": str(guest.id), "by_person_id": str(cast.ada.id), "token": "secret"}
    outbox.write(session, template=template, person_id=guest.person_id, params=params, unique_key="x")
    session.commit()
    with app.app_context():
        assert deliver_outbox(session, config, now=now) == 1
    path = next((config.instance / "mail").glob("*.eml"))
    message = message_from_bytes(path.read_bytes(), policy=default)
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Hello Zoë <Hopper>," in text
    assert "Zoë &lt;Hopper&gt;" in html
    assert words in " ".join(html.split())
    assert ("/invited/" in text) == template.startswith("invitation")


@pytest.mark.parametrize("number", [5, 60])
def test_inviting_takes_the_same_few_statements_whatever_the_number(session, cast, now, number):
    for n in range(number):
        make_guest(session, cast.programme, f"Guest {n}")
    session.commit()
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            statements.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    try:
        assert invite_people(session, cast.programme.id, by=cast.ada.id, now=now) == number
    finally:
        event.remove(connection, "before_cursor_execute", note)
    assert len(statements) <= 8
