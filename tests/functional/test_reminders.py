"""Who has not finished joining, what each lacks, and the reminder."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories.cast import make_person, sign_in
from tests.factories.guests import make_guest
from tests.functional.console import send, text_of
from webapp.models import Membership, OutboxMessage

WHOLE = {"stage": "attending_mid", "specialties": ["general_surgery"], "languages": ["en"]}
HOURS = ((0, 600, 720),)
LONG_AGO = datetime.now(UTC) - timedelta(days=4)


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/people"


@pytest.fixture
def guests(session, cast):
    """Return people who each lack something else."""
    everything = {"profile": WHOLE, "windows": HOURS, "as_mentee": {}, "invited_at": LONG_AGO}
    return {
        name: make_guest(session, cast.programme, name, **{**everything, **values})
        for name, values in {
            "Role Open": {"roles": (), "as_mentee": None},
            "You Open": {"profile": {**WHOLE, "languages": []}},
            "Offer Open": {"roles": ("mentor",), "as_mentee": None},
            "Request Open": {"as_mentee": {"topics": []}},
            "Hours Open": {"windows": (), "status": "pending"},
            "Check Open": {"status": "pending"},
            "Unsent Anna": {"invited_at": None},
            "Approval Bea": {"status": "pending", "asked_at": LONG_AGO},
        }.items()
    }


def names_in(page: str) -> set[str]:
    return set(re.findall(r'/people/[0-9a-f-]{36}">([^<]+)</a>', page))


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ("roles", {"Role Open"}),
        ("you", {"You Open"}),
        ("offer", {"Offer Open"}),
        ("request", {"Request Open"}),
        ("hours", {"Hours Open"}),
        ("check", {"Check Open", "Unsent Anna"}),
        ("unsent", {"Unsent Anna"}),
        ("approval", {"Approval Bea"}),
        ("unopened", {"Role Open", "You Open", "Offer Open", "Request Open"}),
        ("hours&status=invited", set()),
    ],
)
def test_filter_finds_whoever_lacks_this_step_on_both_databases(ada, session, guests, path, needs, found):
    session.commit()
    assert names_in(text_of(ada, f"{path}?needs={needs}")) == found


def test_each_row_says_what_is_missing_and_since_when(ada, session, guests, path):
    session.commit()
    page = text_of(ada, f"{path}?needs=anything")
    assert len(names_in(page)) == 7
    for words in ("the role", "who they are", "what they offer", "what they need", "the hours", "the last check"):
        assert f"Missing: {words}; invited on" in page
    assert "Not invited yet" in page
    assert "Asked to take part on" in text_of(ada, f"{path}?needs=approval")


def test_unfinished_people_take_at_most_twelve_queries(ada, session, cast, guests, path, count_queries):
    session.commit()
    with count_queries() as few:
        text_of(ada, f"{path}?needs=anything")
    for number in range(30):
        make_guest(session, cast.programme, f"Guest {number}")
    session.commit()
    with count_queries() as many:
        text_of(ada, f"{path}?needs=anything")
        n_list = len(many)
        text_of(ada, f"{path}/remind?needs=anything")
    assert n_list == len(few) <= 12
    assert len(many) - n_list <= 12


def test_all_of_a_filter_are_reminded_once_with_a_new_link(ada, session, guests, path):
    session.commit()
    page = text_of(ada, f"{path}/remind?needs=hours")
    assert "Send 1 reminder?" in page
    answer = send(ada, f"{path}/remind?needs=hours", number=1)
    assert answer.location == f"{path}?needs=hours"
    assert "1 reminder is on its way" in ada.get(answer.location).text
    message = session.query(OutboxMessage).one()
    assert (message.template, message.person_id) == ("invitation_reminder", guests["Hours Open"].person_id)
    assert message.params["token"]
    page = text_of(ada, f"{path}/remind?needs=hours")
    assert "1 had a mail in the last three days and gets none now." in page
    send(ada, f"{path}/remind?needs=hours", page=f"{path}/invite", number=1)
    assert session.query(OutboxMessage).count() == 1


def test_reminding_everybody_leaves_out_the_uninvited_and_the_waiting(ada, session, guests, path):
    session.commit()
    assert "1 has not been invited yet." in text_of(ada, f"{path}/remind")
    send(ada, f"{path}/remind", number=6)
    people = {message.person_id for message in session.query(OutboxMessage)}
    assert len(people) == 6
    assert not people & {guests["Unsent Anna"].person_id, guests["Approval Bea"].person_id}


def test_one_person_is_reminded_from_her_page(ada, session, guests, path):
    session.commit()
    guest = guests["Check Open"]
    url = f"{path}/remind?person={guest.id}"
    assert url in text_of(ada, f"{path}/{guest.id}")
    send(ada, url, number=1)
    assert session.query(OutboxMessage).one().person_id == guest.person_id


def test_no_more_are_reminded_than_were_confirmed(ada, session, guests, path):
    session.commit()
    assert "Look again, then confirm" in send(ada, f"{path}/remind", number=5).text
    assert session.query(OutboxMessage).count() == 0
    assert session.get(Membership, guests["Check Open"].id, populate_existing=True).reminded_at is None


def test_mailbox_that_refuses_is_named_until_a_mail_arrives(ada, session, cast, guests, path, now):
    guest = guests["Check Open"]
    refused = OutboxMessage(
        template="invitation",
        person_id=guest.person_id,
        unique_key="a",
        state="failed",
        error="refused: 550 no such person here",
        created_at=now,
    )
    session.add(refused)
    # The server was away: that says nothing of her mailbox.
    away = {"state": "failed", "error": "mail.example.org:25: timed out", "created_at": now}
    session.add(OutboxMessage(template="verify", person_id=cast.lee.id, unique_key="b", **away))
    session.commit()
    page = text_of(ada, f"{path}?needs=mailbox")
    assert names_in(page) == {"Check Open"}
    assert "Mails do not arrive: refused: 550 no such person here" in page
    assert "The mails of 1 person do not arrive." in text_of(ada, f"{path}/remind?needs=check")
    later = {"state": "sent", "sent_at": now + timedelta(hours=1), "created_at": now}
    session.add(OutboxMessage(template="verify", person_id=guest.person_id, unique_key="c", **later))
    session.commit()
    assert names_in(text_of(ada, f"{path}?needs=mailbox")) == set()


def test_what_an_account_keeps_is_not_shown_before_she_accepts(ada, session, cast, path):
    profile = {"institution": "Karolinska", "stage": "chair", "specialties": [], "languages": []}
    zoe = make_person(session, "Zoë Abernathy", profile=profile)
    guest = make_guest(session, cast.programme, person=zoe, invited_at=LONG_AGO)
    session.commit()
    assert "Karolinska" not in text_of(ada, path)
    assert "Karolinska" not in text_of(ada, f"{path}/{guest.id}")
