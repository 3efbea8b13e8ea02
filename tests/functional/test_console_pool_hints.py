"""Hints to those who cannot be matched: asked for once more, sent once, and nothing in them that is not theirs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from tests.factories.cast import csrf_of, make_mentee, make_mentor, make_person, sign_in
from tests.factories.pools import make_report
from tests.functional.console import send, text_of
from webapp.mail.delivery import deliver_outbox
from webapp.mail.folder import list_mail, read_mail
from webapp.models import AuditEvent, OutboxMessage

CHANGE = {"key": "edit_hours", "params": {"windows": ["Fri 18:00-20:00"]}}


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/pool"


@pytest.fixture
def owls(session, cast):
    owls = [make_mentee(session, cast.programme, make_person(session, f"Owl {number}")) for number in range(3)]
    make_report(session, cast.programme, stuck=owls, unused=[cast.mentor])
    session.commit()
    return owls


def mails(session):
    return session.scalars(select(OutboxMessage).where(OutboxMessage.template == "pool_hint")).all()


def read_all(app, session, config):
    with app.app_context():
        deliver_outbox(session, config, now=datetime.now(UTC))
    assert session.scalars(select(OutboxMessage.error).where(OutboxMessage.error != "")).all() == []
    folder = config.instance / "mail"
    return [read_mail(folder, mail.name) for mail in list_mail(folder)]


def test_number_of_mails_is_said_before_they_are_sent(ada, path, session, cast, owls):
    page = text_of(ada, f"{path}/hints/mentee")
    assert "Send 3 hints?" in page
    assert "3 people get a mail now." in page
    assert mails(session) == []
    answer = send(ada, f"{path}/hints/mentee", expected="3")
    assert answer.headers["Location"].endswith("/pool")
    assert {mail.person_id for mail in mails(session)} == {owl.person_id for owl in owls}
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "pool.hint")).one()
    assert (event.by_person_id, event.facts) == (cast.ada.id, {"side": "mentee", "mails": 3})


def test_one_person_can_be_written_to_alone(ada, path, session, owls):
    answer = send(ada, f"{path}/hints/mentee?person={owls[1].id}", expected="1")
    assert answer.status_code == 302
    assert [mail.person_id for mail in mails(session)] == [owls[1].person_id]


def test_nobody_gets_two_within_three_days(ada, path, session, owls):
    send(ada, f"{path}/hints/mentee?person={owls[0].id}", expected="1")
    page = text_of(ada, f"{path}/hints/mentee")
    assert "Send 2 hints?" in page
    assert "1 person had one in the last three days and gets none." in page
    send(ada, f"{path}/hints/mentee", expected="2")
    assert "There is nobody to write to now" in text_of(ada, f"{path}/hints/mentee")
    assert len(mails(session)) == 3
    session.execute(update(OutboxMessage).values(created_at=datetime.now(UTC) - timedelta(days=3, hours=1)))
    session.commit()
    assert "Send 3 hints?" in text_of(ada, f"{path}/hints/mentee")


def test_number_that_changed_meanwhile_sends_nothing_and_says_so(ada, path, session, owls):
    token = csrf_of(ada, f"{path}/hints/mentee")
    owls[0].status = "paused"
    session.commit()
    page = ada.post(f"{path}/hints/mentee", data={"csrf_token": token, "expected": "3"}).get_data(as_text=True)
    assert "Nothing was sent" in page
    assert "there are 2 mails to send by now" in page
    assert mails(session) == []


def test_number_that_is_none_sends_nothing(ada, path, session, owls):
    page = send(ada, f"{path}/hints/mentee", expected="all").get_data(as_text=True)
    assert "Send 3 hints?" in page
    assert mails(session) == []


@pytest.mark.parametrize("cause", ["excluded", "conflict", "forbidden", "below_minimum", "no_place", "nobody"])
def test_what_lies_with_others_is_told_to_nobody(ada, path, session, cast, cause):
    make_report(session, cast.programme, stuck=[cast.mentee], cause=cause)
    session.commit()
    assert "Send a hint" not in text_of(ada, path)
    page = text_of(ada, f"{path}/hints/mentee")
    assert "There is nobody to write to now" in page
    assert "To 1 person there is nothing to say" in page
    send(ada, f"{path}/hints/mentee", expected="0")
    assert mails(session) == []


def test_confirmed_change_of_her_own_is_told_without_a_private_cause(ada, path, app, session, config, cast):
    make_report(session, cast.programme, stuck=[cast.mentee], cause="excluded", change=CHANGE)
    session.commit()
    send(ada, f"{path}/hints/mentee", expected="1")
    (mail,) = read_all(app, session, config)
    assert "nobody is available in this programme yet" in mail.text
    assert "If you were free on Fri 18:00-20:00 as well, there would be somebody for you." in mail.text
    assert "/me/hours" in mail.text
    assert not re.search("exclu|wish|Farahani|conflict", mail.text)


def test_mail_names_what_stands_in_the_way_and_where_to_change_it(ada, path, app, session, config, cast):
    make_report(session, cast.programme, stuck=[cast.mentee], cause="specialty_required")
    session.commit()
    send(ada, f"{path}/hints/mentee", expected="1")
    (mail,) = read_all(app, session, config)
    assert "The specialties you are interested in are not close to those of a mentor here." in mail.text
    assert f"http://localhost/me/request/{cast.programme.slug}" in mail.text
    assert "you keep your place" in mail.text


def test_mentors_whom_nobody_can_use_are_written_to_in_their_own_words(ada, path, app, session, config, cast, owls):
    send(ada, f"{path}/hints/mentor", expected="1")
    (mail,) = read_all(app, session, config)
    assert "thank you for offering your time" in mail.text
    assert "would suit a mentee as well" in mail.text


def test_mentor_is_never_asked_for_more_time(ada, path, session, cast):
    room = {"key": "edit_room", "params": {"minutes": 60}}
    make_report(session, cast.programme, unused=[cast.mentor], cause="no_place", change=room)
    session.commit()
    assert "There is nobody to write to now" in text_of(ada, f"{path}/hints/mentor")


def test_who_left_before_the_mail_went_out_gets_none(ada, path, app, session, config, owls):
    send(ada, f"{path}/hints/mentee?person={owls[0].id}", expected="1")
    owls[0].status = "left"
    session.commit()
    assert read_all(app, session, config) == []


def test_who_is_not_stuck_cannot_be_written_to(ada, path, session, cast, owls):
    for where in ("hints/mentee?person=" + str(cast.mentor.id), "hints/coordinator"):
        assert ada.get(f"{path}/{where}").status_code == 404


def test_without_a_report_there_is_nobody_to_write_to(ada, path, cast):
    assert ada.get(f"{path}/hints/mentee").status_code == 404


def test_queries_stay_few_whatever_the_number(ada, path, session, cast, count_queries):
    mentors = [make_mentor(session, cast.programme, make_person(session, f"Mentor {number}")) for number in range(30)]
    make_report(session, cast.programme, unused=mentors)
    session.commit()
    for page in (path, f"{path}/hints/mentor"):
        with count_queries() as statements:
            text_of(ada, page)
        assert len(statements) <= 12
