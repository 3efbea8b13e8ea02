"""Two entries of one person: found, looked at side by side, made one or said to be two."""

import pytest

from tests.factories.cast import make_coordinator, make_mentee, make_person, sign_in
from tests.factories.guests import make_guest
from tests.factories.offers import make_round, make_scenario
from tests.functional.console import send, text_of
from webapp.models import (
    AuditEvent,
    DistinctPeople,
    EditOnBehalf,
    Exclusion,
    Interest,
    Membership,
    MenteeRequest,
    MentorOffer,
    Person,
)

HOURS = ((0, 600, 720),)


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/people/duplicates"


@pytest.fixture
def twice(session, cast):
    """Lee signed up, and an import knows her by another address, with more facts."""
    profile = {"institution": "Karolinska", "stage": "chair", "specialties": ["vascular_surgery"], "languages": []}
    guest = make_guest(
        session,
        cast.programme,
        "LINDQVIST, Lee MD",
        email="lee.l@example.org",
        profile=profile,
        windows=HOURS,
        roles=("mentor", "mentee"),
        as_mentor={"minutes_a_month": 600},
        as_mentee={"mentors_wanted": 1},
    )
    session.commit()
    return guest


def merge(ada, path, keep, gone):
    return send(ada, f"{path}/{keep.id}/{gone.id}/merge?keep={keep.id}")


def there(session, table, row_id):
    return session.get(table, row_id, populate_existing=True)


@pytest.mark.parametrize(
    ("name", "email", "reason"),
    [
        ("Dr. Lee  Lindqvist, FACS", "other@example.org", "the same name"),
        ("lindqvist LEE", "other@example.org", "the same name"),
        ("Léé Lindqvist", "other@example.org", "the same name"),
        ("L. Lind", "Lee.Lindqvist+work@example.net", "the same letters before the @"),
    ],
)
def test_names_and_addresses_written_otherwise_are_found(ada, session, cast, path, name, email, reason):
    cast.lee.email = "leelindqvist@example.org"
    make_guest(session, cast.programme, name, email=email.lower())
    session.commit()
    page = text_of(ada, path)
    assert "1 pair may be one person" in page
    assert reason in page


def test_people_who_only_share_a_first_name_or_an_office_are_not(ada, session, cast, path):
    make_guest(session, cast.programme, "Lee", email="office@example.org")
    make_guest(session, cast.programme, "Lee Abernathy", email="office@example.net")
    make_guest(session, cast.elsewhere, "Lee Lindqvist", email="elsewhere@example.org")
    session.commit()
    assert "Nobody seems to be here twice" in text_of(ada, path)


def test_listing_takes_few_queries_whatever_the_number(ada, session, cast, path, twice, count_queries):
    with count_queries() as few:
        text_of(ada, path)
    for number in range(60):
        make_guest(session, cast.programme, f"Anna Svensson {number % 20}", email=f"anna{number}@example.org")
    session.commit()
    with count_queries() as many:
        text_of(ada, f"{path}?page=2")
    assert len(many) == len(few) <= 12


def test_two_people_are_remembered_and_not_listed_again(ada, session, cast, path, twice):
    pair = f"{path}/{cast.mentee.id}/{twice.id}"
    send(ada, f"{pair}/distinct", page=path)
    send(ada, f"{pair}/distinct", page=pair)
    assert session.query(DistinctPeople).count() == 1
    assert "Nobody seems to be here twice" in text_of(ada, path)


def test_side_by_side_only_the_confirmed_one_may_stay(ada, cast, path, twice):
    page = text_of(ada, f"{path}/{cast.mentee.id}/{twice.id}")
    assert "Karolinska" in page
    assert f"keep={cast.mentee.id}" in page
    assert f"keep={twice.id}" not in page
    assert "The other account is confirmed" in page


def test_who_has_joined_gets_facts_but_no_role_and_no_minutes(ada, session, cast, path, twice):
    page = text_of(ada, f"{path}/{cast.mentee.id}/{twice.id}/merge?keep={cast.mentee.id}")
    assert "Taken over: the institution." in page
    assert "Not taken over: the part as mentor." in page
    assert "The account lee.l@example.org, which was never confirmed, disappears." in page
    gone, person_id = twice.id, twice.person_id
    assert merge(ada, path, cast.mentee, twice).location.endswith(f"/people/{cast.mentee.id}")
    assert there(session, Person, person_id) is None
    assert there(session, Membership, gone) is None
    member = there(session, Membership, cast.mentee.id)
    assert (member.status, member.is_mentor) == ("active", False)
    lee = there(session, Person, cast.lee.id)
    assert (lee.profile.institution, lee.profile.stage, len(lee.windows)) == ("Karolinska", "resident_junior", 5)
    assert session.query(MentorOffer).count() == 2  # Mo's and Kim's
    assert session.query(AuditEvent).filter_by(action="member.merged").one().facts["gone"] == str(gone)
    assert session.query(EditOnBehalf).one().fields == ["merged"]


def test_account_that_has_not_said_yes_is_neither_looked_into_nor_added_to(ada, session, cast, path, twice):
    asa = make_person(session, "Lee Lindqvist", windows=(), profile={"institution": "", "stage": "", "languages": []})
    keep = make_guest(session, cast.programme, person=asa)
    session.commit()
    assert "Taken over" not in text_of(ada, f"{path}/{keep.id}/{twice.id}/merge?keep={keep.id}")
    merge(ada, path, keep, twice)
    session.expire_all()
    assert (asa.profile.institution, asa.profile.stage, asa.windows) == ("", "", [])


def test_of_two_imported_entries_offers_come_together_at_the_lower_limit(ada, session, cast, path):
    one = make_guest(session, cast.programme, "Grace Hopper", as_mentor={"minutes_a_month": 240}, roles=("mentor",))
    facts = {"as_mentor": {"minutes_a_month": 90, "places": 3}, "as_mentee": {}, "windows": HOURS}
    two = make_guest(session, cast.programme, "Hopper, Grace", roles=("mentor", "mentee"), **facts)
    session.commit()
    request_id = two.request.id
    merge(ada, path, one, two)
    member = there(session, Membership, one.id)
    assert (member.is_mentor, member.is_mentee, member.status) == (True, True, "invited")
    assert there(session, MentorOffer, one.offer.id).minutes_a_month == 90
    assert there(session, MenteeRequest, request_id).membership_id == one.id
    assert [w.start_minute for w in there(session, Person, one.person_id).windows] == [600]


def test_numbers_that_a_file_left_open_lower_nothing(ada, session, cast, path):
    keep, gone = (
        make_guest(session, cast.programme, f"Lee L {n}", roles=("mentor",), as_mentor={"minutes_a_month": n})
        for n in (120, 0)
    )
    session.commit()
    merge(ada, path, keep, gone)
    assert there(session, MentorOffer, keep.offer.id).minutes_a_month == 120


def test_wishes_and_exclusions_go_along_without_doubles(ada, session, cast, path, twice):
    pair = {"mentor_id": cast.mentor.id}
    session.add(Interest(**pair, mentee_id=cast.mentee.id, side="mentor", verdict="interested"))
    session.add(Interest(**pair, mentee_id=twice.id, side="mentor", verdict="not_for_me"))
    session.add(Interest(**pair, mentee_id=twice.id, side="mentee", verdict="interested"))
    session.add(Interest(mentor_id=twice.id, mentee_id=cast.mentee.id, side="mentee", verdict="interested"))
    session.add(Exclusion(**pair, mentee_id=twice.id, code="CONFLICT"))
    session.commit()
    merge(ada, path, cast.mentee, twice)
    rows = session.query(Interest).all()
    assert {(row.mentor_id, row.mentee_id, row.side, row.verdict) for row in rows} == {
        (cast.mentor.id, cast.mentee.id, "mentor", "interested"),
        (cast.mentor.id, cast.mentee.id, "mentee", "interested"),
    }
    assert session.query(Exclusion).one().mentee_id == cast.mentee.id


def test_account_that_another_programme_knows_stays_there(ada, session, cast, path, twice):
    make_guest(session, cast.elsewhere, person=twice.person)
    session.commit()
    person_id = twice.person_id
    merge(ada, path, cast.mentee, twice)
    assert [
        m.programme_id
        for m in there(session, Person, person_id) and session.query(Membership).filter_by(person_id=person_id)
    ] == [cast.elsewhere.id]


def test_two_confirmed_accounts_stay_two(ada, session, cast, path):
    other = make_mentee(session, cast.programme, make_person(session, "Lee Lindqvist"))
    session.commit()
    assert "Both are confirmed accounts" in text_of(ada, f"{path}/{cast.mentee.id}/{other.id}")
    url = f"{path}/{cast.mentee.id}/{other.id}/merge?keep={cast.mentee.id}"
    assert send(ada, url, page=path.replace("duplicates", "invite")).status_code == 409
    assert there(session, Membership, other.id) is not None


def test_entry_with_a_history_or_an_office_does_not_disappear(ada, session, cast, path, twice):
    round_ = make_round(session, cast.programme)
    make_scenario(session, round_, [(cast.mentor, twice)])
    session.commit()
    assert "has been part of a round" in text_of(ada, f"{path}/{cast.mentee.id}/{twice.id}")
    grace = make_guest(session, cast.programme, "Dr Mo Farahani")
    make_coordinator(session, cast.programme, grace.person)
    session.commit()
    page = text_of(ada, f"{path}/{cast.mentor.id}/{grace.id}/merge?keep={cast.mentor.id}")
    assert "coordinates this programme" in page
