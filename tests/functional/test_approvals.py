"""Programmes in which a coordinator says yes before somebody takes part."""

import pytest

from tests.factories.cast import make_mentee, make_person, sign_in
from tests.functional.console import send, text_of
from webapp.models import AuditEvent, Membership, OutboxMessage, Programme
from webapp.services.approvals import PAGE, answer_joins


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/people/approvals"


@pytest.fixture
def zoe(session, cast, app):
    """Return Zoë's browser: she has answered everything and not joined yet."""
    cast.programme.approves_joins = True
    person = make_person(session, "Zoë Abernathy", profile={"stage": "resident_junior"})
    member = make_mentee(session, cast.programme, person)
    member.status, member.joined_at = "pending", None
    session.commit()
    return sign_in(app.test_client(), session, person)


def member_of(session, name):
    query = session.query(Membership).join(Membership.person).filter_by(name=name)
    return query.populate_existing().one()


def join(client, cast):
    return send(client, f"/join/{cast.programme.slug}/check", terms="y", save="1")


def test_tick_is_off_at_first_and_saved_by_its_own_form(ada, session, cast, path):
    assert "takes part at once" in text_of(ada, path)
    send(ada, f"{path}/option", page=path, approves="1")
    assert session.get(Programme, cast.programme.id, populate_existing=True).approves_joins
    assert "was not invited before they take part" in text_of(ada, path)
    send(ada, f"{path}/option", page=path)
    assert not session.get(Programme, cast.programme.id, populate_existing=True).approves_joins
    assert session.query(AuditEvent).filter_by(action="programme.approves_joins").count() == 2


def test_joining_ends_in_waiting_and_both_see_it(ada, zoe, session, cast, path):
    page = zoe.get(join(zoe, cast).location).text
    assert "The coordinator looks at your answers now" in page
    assert "Lakeland Women in Surgery looks at your answers" in page
    member = member_of(session, "Zoë Abernathy")
    assert (member.status, member.joined_at, member.asked_at is not None) == ("pending", None, True)
    assert "Waits for approval" in text_of(zoe, f"/join/{cast.programme.slug}")
    assert "Waits for approval" in text_of(zoe, "/me")
    assert "1 person waits for your approval" in text_of(ada, path.removesuffix("/approvals"))
    assert "Zoë Abernathy" in text_of(ada, path)


def test_approved_person_takes_part_and_has_a_mail(ada, zoe, session, cast, path):
    join(zoe, cast)
    member = member_of(session, "Zoë Abernathy")
    answer = send(ada, path, member=str(member.id), answer="approve")
    assert "1 person takes part now" in ada.get(answer.location).text
    member = member_of(session, "Zoë Abernathy")
    assert (member.status, member.joined_at is not None, member.asked_at) == ("active", True, None)
    assert session.query(OutboxMessage).one().template == "join_approved"
    again = send(ada, path, member=str(member.id), answer="decline")
    assert "Nobody of these waits any more" in ada.get(again.location).text
    assert member_of(session, "Zoë Abernathy").status == "active"


def test_declined_person_has_a_kind_mail_and_may_ask_again(ada, zoe, session, cast, path):
    join(zoe, cast)
    send(ada, path, member=str(member_of(session, "Zoë Abernathy").id), answer="decline")
    assert member_of(session, "Zoë Abernathy").status == "left"
    assert session.query(OutboxMessage).one().template == "join_declined"
    send(zoe, f"/join/{cast.programme.slug}/roles", roles="mentee", save="1")
    join(zoe, cast)
    member = member_of(session, "Zoë Abernathy")
    assert (member.status, member.asked_at is not None) == ("pending", True)


def test_whom_the_coordinator_invited_needs_no_second_yes(zoe, session, cast, now):
    member_of(session, "Zoë Abernathy").invited_at = now
    session.commit()
    assert "You have joined" in zoe.get(join(zoe, cast).location).text
    assert member_of(session, "Zoë Abernathy").status == "active"


def test_nobody_ticked_and_unknown_answers_change_nothing(ada, zoe, session, cast, path):
    join(zoe, cast)
    assert "Tick one person or more" in ada.get(send(ada, path, answer="approve").location).text
    member = str(member_of(session, "Zoë Abernathy").id)
    assert send(ada, path, member=member, answer="perhaps").status_code == 400
    assert member_of(session, "Zoë Abernathy").status == "pending"


def test_another_programmes_coordinator_answers_nobody(zoe, session, cast, now):
    join(zoe, cast)
    ids = [member_of(session, "Zoë Abernathy").id]
    assert answer_joins(session, cast.elsewhere.id, ids, "approve", by=cast.kim.id, now=now) == 0
    assert member_of(session, "Zoë Abernathy").status == "pending"


def test_page_takes_few_queries_whatever_the_number(ada, session, cast, path, now, count_queries):
    with count_queries() as few:
        text_of(ada, path)
    for number in range(PAGE + 5):
        member = make_mentee(session, cast.programme, make_person(session, f"Applicant {number:02d}"))
        member.status, member.joined_at, member.asked_at = "pending", None, now
    session.commit()
    with count_queries() as many:
        page = text_of(ada, path)
    assert page.count('name="member"') == PAGE
    assert len(many) == len(few) <= 12
