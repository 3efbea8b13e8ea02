"""What is taken out of a programme: the right rows, harmless cells, and a line in the audit log."""

import csv
import io
import json
import re

import openpyxl
import pytest

from config import ROOT
from tests.factories.cast import csrf_of, make_mentee, make_person, sign_in
from tests.factories.guests import make_guest
from tests.factories.offers import make_offer, make_round, make_scenario
from tests.functional.console import text_of
from webapp.forms.reports import FORMS
from webapp.models import AuditEvent, MentorOffer, Mentorship, Person, Proposal
from webapp.services.export_columns import COLUMNS

FORMULAS = ("=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx")


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/reports"


@pytest.fixture
def scenario(session, cast):
    scenario = make_scenario(session, make_round(session, cast.programme), [(cast.mentor, cast.mentee)])
    reasons = [{"kind": "shared", "key": "topics_some", "params": {"covered": 1, "wanted": 2, "topics": ["Grants"]}}]
    session.query(Proposal).one().reasons = reasons
    session.commit()
    return scenario


@pytest.fixture
def offer(session, cast, now):
    round_ = make_round(session, cast.programme, state="published", published_at=now)
    offer = make_offer(session, round_, cast.mentor, cast.mentee, now=now, mentee_answer="yes", slot_week=1)
    session.commit()
    return offer


def take(client, path, what, kind, **filters):
    data = {f"{what}-{name}": str(value) for name, value in filters.items()}
    answer = client.post(f"{path}/{what}", data={"csrf_token": csrf_of(client, path), f"{what}-{kind}": "1", **data})
    with answer:
        assert answer.status_code == 200
        return answer.get_data()


def rows_of(client, path, what, **filters):
    return json.loads(take(client, path, what, "json", **filters))["rows"]


def csv_of(client, path, what, **filters):
    return list(csv.DictReader(io.StringIO(take(client, path, what, "csv", **filters).decode("utf-8-sig"))))


def sheet_of(client, path, what, **filters):
    book = openpyxl.load_workbook(io.BytesIO(take(client, path, what, "xlsx", **filters)))
    head, *rows = book.active.iter_rows()
    return [dict(zip((cell.value for cell in head), row, strict=True)) for row in rows]


def test_people_are_taken_out_with_answers_and_limits(ada, path):
    people = {row["name"]: row for row in rows_of(ada, path, "people")}
    assert set(people) == {"Ada Oduya", "Dr Mo Farahani", "Lee Lindqvist"}
    mo, lee = people["Dr Mo Farahani"], people["Lee Lindqvist"]
    assert (mo["minutes"], mo["places"], mo["is_mentor"], lee["minutes"]) == (120, 2, True, None)
    assert lee["needs_topics"] == ["technical_skills", "work_life"]
    assert mo["hours"].startswith("Mon 17:00-20:00; Tue 17:00-20:00")
    assert mo["joined_at"] == "2027-01-10T06:00:00-06:00"  # noon in UTC, on the programme's clock
    assert mo["times_in"] == "America/Chicago"


def test_numbers_that_only_a_file_said_are_marked_until_she_confirms_them(ada, session, cast, path):
    numbers = {"minutes_a_month": 240, "is_provisional": True}
    guest = make_guest(session, cast.programme, "Grace Hopper", roles=("mentor",), as_mentor=numbers)
    session.commit()
    for expected in (True, False):
        people = {row["name"]: row["is_provisional"] for row in rows_of(ada, path, "people")}
        assert people["Grace Hopper"] is expected
        assert (people["Dr Mo Farahani"], people["Lee Lindqvist"]) == (False, None)  # Lee offers nothing
        minutes = {row["mentor"]: (row["given"], row["is_provisional"]) for row in rows_of(ada, path, "minutes")}
        assert minutes == {"Grace Hopper": (240, expected), "Dr Mo Farahani": (120, False)}
        guest.offer.is_provisional = False
        session.commit()
    assert csv_of(ada, path, "people", role="mentor")[0]["is_provisional"] == "no"


def test_no_file_holds_a_password_or_a_pairs_own_words(ada, session, path, offer, scenario):
    session.query(Person).update({"password_hash": "secret-hash"})
    session.add(
        Mentorship(
            offer_id=offer.id,
            mentor_id=offer.mentor_id,
            mentee_id=offer.mentee_id,
            cadence="monthly",
            meeting_minutes=60,
            agreement="our own words",
        )
    )
    session.commit()
    for what in FORMS:
        filters = {"scenario_id": scenario.id} if what == "proposals" else {}
        text = take(ada, path, what, "json", **filters).decode()
        assert "secret-hash" not in text
        assert "our own words" not in text
        assert "background" not in text


@pytest.mark.parametrize("status", ["invited", "left"])
def test_account_that_never_said_yes_is_taken_out_by_name_and_address_alone(ada, session, cast, path, status):
    make_guest(session, cast.programme, person=cast.kim, status=status)
    session.commit()
    (kim,) = rows_of(ada, path, "people", status=status)
    assert (kim["name"], kim["email"], kim["status"]) == (cast.kim.name, cast.kim.email, status)
    hidden = ("pronouns", "institution", "city", "country", "stage", "specialties", "languages", "bio", "zone", "hours")
    assert [kim[column] for column in hidden] == [None] * len(hidden)


def test_people_are_narrowed_by_role_and_state(ada, session, cast, path):
    cast.mentee.status = "left"
    session.commit()
    assert [row["name"] for row in rows_of(ada, path, "people", role="mentor")] == ["Dr Mo Farahani"]
    assert rows_of(ada, path, "people", role="mentee") == []
    assert [row["name"] for row in rows_of(ada, path, "people", status="left")] == ["Lee Lindqvist"]


def test_pairs_of_a_scenario_come_with_fit_slot_and_reasons(ada, path, scenario):
    (row,) = csv_of(ada, path, "proposals", scenario_id=scenario.id)
    assert (row["mentor"], row["mentee"], row["fit"]) == ("Dr Mo Farahani", "Lee Lindqvist", "0.9")
    assert (row["slot_weekday"], row["slot_start"], row["slot_zone"]) == ("Tue", "20:00", "America/New_York")
    assert row["reasons"] == "1 of 2 needs are covered: Grants."


def test_offers_carry_both_answers_and_their_instants(ada, path, offer):
    (row,) = rows_of(ada, path, "offers", round_id=offer.round_id)
    assert (row["state"], row["mentor_answer"], row["mentee_answer"]) == ("open", "waiting", "yes")
    assert row["deadline_at"] == "2027-02-22T12:00:00-06:00"
    assert (row["slot_week"], row["minutes"], row["holds_minutes"]) == (2, 60, True)
    assert rows_of(ada, path, "offers", status="declined") == []


def test_mentorships_are_taken_out(ada, session, path, offer):
    sides = {"mentor_id": offer.mentor_id, "mentee_id": offer.mentee_id}
    session.add(Mentorship(offer_id=offer.id, **sides, cadence="monthly", meeting_minutes=60))
    session.commit()
    (row,) = rows_of(ada, path, "mentorships", status="active")
    assert (row["mentor"], row["cadence"], row["round"]) == ("Dr Mo Farahani", "monthly", "Spring 2027")


def test_minutes_are_added_up_by_mentor_and_month(ada, session, cast, path, offer, now):
    other = make_mentee(session, cast.programme, make_person(session, "Zoë Abernathy"))
    make_offer(session, offer.round, cast.mentor, other, now=now, state="declined", minutes=30)
    session.commit()
    (row,) = rows_of(ada, path, "minutes")
    assert (row["month"], row["given"], row["reserved"], row["returned"], row["spent"]) == ("2027-03", 120, 90, 30, 0)
    assert row["reserved_now"] == session.get(MentorOffer, cast.mentor.offer.id).reserved_minutes == 60


def test_mentor_without_a_line_in_the_ledger_is_in_the_minutes_too(ada, path):
    (row,) = rows_of(ada, path, "minutes")
    assert (row["mentor"], row["month"], row["reserved"]) == ("Dr Mo Farahani", None, 0)


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_runs_as_a_formula_and_numbers_stay_numbers(ada, session, cast, path, formula):
    cast.mo.name = formula
    session.commit()
    row = next(row for row in csv_of(ada, path, "people") if row["minutes"])
    assert row["name"] == f"'{formula}"
    row = next(row for row in sheet_of(ada, path, "people") if row["minutes"].value)
    assert row["name"].data_type == "s"
    assert (row["minutes"].data_type, row["minutes"].value) == ("n", 120)
    row = next(row for row in rows_of(ada, path, "people") if row["minutes"])
    assert row["name"] == formula


@pytest.mark.parametrize("name", ["Åsa Öhman", "Зоя Лукина", "Ελένη", "محمد", "山田 花子", "Bell\x07 Ring"])
def test_names_in_any_script_come_through(ada, session, cast, path, name):
    cast.mo.name = name
    session.commit()
    assert name in {row["name"] for row in csv_of(ada, path, "people")}
    assert name in {row["name"] for row in rows_of(ada, path, "people")}
    assert name.replace("\x07", "") in {row["name"].value for row in sheet_of(ada, path, "people")}


def test_who_took_what_is_in_the_audit_log(ada, session, cast, path, scenario):
    take(ada, path, "people", "csv", role="mentor")
    take(ada, path, "proposals", "xlsx", scenario_id=scenario.id)
    people, pairs = session.query(AuditEvent).order_by(AuditEvent.created_at).all()
    assert (people.action, people.by_person_id) == ("export.people", cast.ada.id)
    assert people.facts == {"rows": 1, "kind": "csv", "role": "mentor"}
    assert (pairs.action, pairs.subject) == ("export.proposals", f"scenario:{scenario.id}")


def test_a_filter_that_does_not_exist_is_named_and_nothing_is_taken(ada, session, path):
    page = take(ada, path, "people", "csv", role="pirate").decode()
    assert "One answer needs another look" in page
    assert session.query(AuditEvent).count() == 0


def test_another_programmes_round_and_scenario_cannot_be_taken(client, session, cast, offer, scenario):
    kim = sign_in(client, session, cast.kim)
    path = f"/c/{cast.elsewhere.slug}/reports"
    for what, filters in (("proposals", {"scenario_id": scenario.id}), ("offers", {"round_id": offer.round_id})):
        assert b"needs another look" in take(kim, path, what, "csv", **filters)
    assert b"Lindqvist" not in take(kim, path, "people", "csv")
    assert rows_of(kim, path, "offers") == rows_of(kim, path, "mentorships") == []


@pytest.mark.parametrize("what", FORMS)
def test_queries_stay_the_same_whatever_the_number(ada, session, cast, path, what, scenario, offer, now, count_queries):
    filters = {"scenario_id": scenario.id} if what == "proposals" else {}
    with count_queries() as few:
        take(ada, path, what, "csv", **filters)
    cast.mentor.offer.minutes_a_month, cast.mentor.offer.places = 9600, 50
    for number in range(20):
        mentee = make_mentee(session, cast.programme, make_person(session, f"Mentee {number}"))
        make_offer(session, offer.round, cast.mentor, mentee, now=now)
        session.add(
            Proposal(
                scenario_id=scenario.id, mentor_id=cast.mentor.id, mentee_id=mentee.id, weight=number / 20, minutes=60
            )
        )
    session.commit()
    with count_queries() as many:
        take(ada, path, what, "csv", **filters)
    assert len(many) == len(few) <= 20  # two pages: the one with the form, and the file


def test_every_column_is_documented_in_its_order():
    text = (ROOT / "docs/reference/exports.md").read_text(encoding="utf-8")
    for what, columns in COLUMNS.items():
        section = re.search(rf"^## `{what}`$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)[1]
        assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [column.name for column in columns]


def test_reports_are_reached_by_the_navigation_and_the_overview_by_the_programmes_name(ada, cast, path):
    page = text_of(ada, path)
    assert f'<a href="{path}" aria-current="page">' in page
    assert f'<a class="where" href="/c/{cast.programme.slug}">Lakeland Women in Surgery</a>' in page
    assert "No scenario has been worked out yet." in page
