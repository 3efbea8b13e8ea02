"""People from a file: looked at, mended, imported as a whole, undone."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.factories.cast import make_mentee, make_person, sign_in
from tests.functional.console import send, text_of
from tests.functional.importing import PEOPLE, confirm, csv_of, look, upload, xlsx_of
from webapp.models import AuditEvent, ImportBatch, ImportContent, Membership, Person
from webapp.services.imports import fingerprint


@pytest.fixture
def ada(client, session, cast):
    return sign_in(client, session, cast.ada)


@pytest.fixture
def path(cast):
    return f"/c/{cast.programme.slug}/people/import"


def person_of(session, email) -> Person | None:
    session.expire_all()
    return session.scalars(select(Person).where(Person.email == email)).one_or_none()


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
def test_people_of_a_file_are_invited_with_all_that_it_says(ada, session, cast, path, write):
    preview = look(ada, path, write(PEOPLE), "people.bin")
    page = text_of(ada, preview)
    assert "2 people can be invited" in page
    assert "Mon 17:00–20:00" in page
    assert person_of(session, "asa@example.org") is None
    assert confirm(ada, preview).headers["Location"] == preview
    asa, ines = person_of(session, "asa@example.org"), person_of(session, "ines@example.org")
    assert (asa.name, asa.zone, asa.email_verified_at, asa.password_hash) == (
        "Dr Åsa Öhman",
        "Europe/Stockholm",
        None,
        "!",
    )
    assert (asa.profile.stage, asa.profile.languages) == ("attending_mid", ["en", "sv"])
    assert [(w.weekday, w.start_minute, w.end_minute) for w in asa.windows] == [
        (0, 1020, 1200),
        (4, 1320, 1440),
        (5, 0, 60),
    ]
    mentor = session.scalars(select(Membership).where(Membership.person_id == asa.id)).one()
    assert (mentor.status, mentor.is_mentor, mentor.is_mentee, mentor.joined_at) == ("invited", True, False, None)
    offer = mentor.offer
    assert (offer.minutes_a_month, offer.places, offer.topics, offer.is_provisional) == (120, 2, ["leadership"], True)
    mentee = session.scalars(select(Membership).where(Membership.person_id == ines.id)).one()
    assert (mentee.request.topics, mentee.request.mentors_wanted) == (["work_life", "leadership"], 2)
    assert ines.zone == cast.programme.zone
    assert session.query(ImportContent).count() == 0
    page = text_of(ada, preview)
    assert "2 people are here, not yet asked" in page
    assert f'href="/c/{cast.programme.slug}/people/invite">Invite them' in page
    assert "import.done" in session.scalars(select(AuditEvent.action)).all()


def test_done_page_leads_to_inviting_until_everybody_is_invited(ada, session, cast, path):
    preview = look(ada, path, csv_of(PEOPLE))
    confirm(ada, preview)
    invite = f"/c/{cast.programme.slug}/people/invite"
    assert "Nobody has had mail" in text_of(ada, preview)
    send(ada, invite, number=2, note="")
    page = text_of(ada, preview)
    assert "All of them have been invited" in page
    assert f'href="{invite}">Invite them' not in page
    assert f'href="/c/{cast.programme.slug}/people?needs=anything"' in page
    confirm(ada, look(ada, path, csv_of([{**PEOPLE[0], "E-mail": "tove@example.org"}])))
    assert "1 person still waits for an invitation" in text_of(ada, preview)


def test_undo_leaves_nothing_of_an_import(ada, session, path):
    before = session.query(Person).count()
    preview = look(ada, path, csv_of(PEOPLE))
    confirm(ada, preview)
    assert "2 invitations are taken back" in text_of(ada, f"{preview}/undo")
    assert send(ada, f"{preview}/undo").status_code == 302
    session.expire_all()
    assert session.query(Person).count() == before
    batch = session.scalars(select(ImportBatch)).one()
    assert (batch.state, batch.undo) == ("undone", None)
    assert "This import is undone" in text_of(ada, preview)
    assert "Undone" in text_of(ada, path)
    assert upload(ada, path, b"").status_code == 200


def test_faults_are_named_and_nothing_is_written(ada, session, path):
    faulty = [{**PEOPLE[0], "Specialties": "Gen Surgry"}, {**PEOPLE[1], "Hours": "evenings", "E-mail": "=ines@example"}]
    preview = look(ada, path, csv_of(faulty))
    page = text_of(ada, preview)
    assert "2 rows need another look" in page
    assert "3 things to change" in page
    assert "Did you mean General Surgery?" in page
    assert "E Specialties" in page
    assert "Import 2 people" not in page
    assert confirm(ada, preview).headers["Location"] == preview
    assert person_of(session, "asa@example.org") is None
    listed = ada.get(f"{preview}/faults.csv")
    assert listed.content_type == "text/csv; charset=utf-8"
    lines = listed.get_data(as_text=True).splitlines()
    assert lines[1] == "2,E Specialties,Gen Surgry,Did you mean General Surgery?"
    assert "'=ines@example" in lines[2]  # no spreadsheet runs it


def test_button_that_was_kept_from_an_earlier_look_imports_no_faulty_file(ada, session, path):
    preview = look(ada, path, csv_of([{**PEOPLE[0], "Hours": "evenings"}]))
    seen = session.scalars(select(ImportBatch)).one()
    answer = send(ada, f"{preview}/confirm", page=path, seen=fingerprint(seen))
    assert answer.headers["Location"] == preview
    assert "some rows cannot be read yet" in text_of(ada, preview)
    assert person_of(session, "asa@example.org") is None


def test_mended_file_keeps_the_chosen_columns(ada, session, path):
    people = [{**person, "Whom": person["Name"], "Name": ""} for person in PEOPLE]
    header = ["E-mail", "Whom", "Role", "Stage"]
    first = look(ada, path, csv_of([{**people[0], "Stage": "Chief"}], header))
    columns = ada.get(first).headers["Location"]
    assert columns == f"{first}/columns"
    assert "Whom" in text_of(ada, columns)
    answer = send(ada, columns, column0="E-mail", column1="Whom", column2="Role", column7="Stage")
    assert answer.headers["Location"] == first
    assert "1 row needs another look" in text_of(ada, first)
    answer = upload(ada, f"{first}/file", csv_of(people, header), page=first)
    assert answer.headers["Location"] == first
    assert "2 people can be invited" in text_of(ada, first)
    confirm(ada, first)
    assert person_of(session, "asa@example.org").name == "Dr Åsa Öhman"


@pytest.mark.parametrize(
    ("chosen", "fault"),
    [
        ({"column0": "E-mail"}, "Choose the column that holds this."),
        ({"column0": "E-mail", "column1": "E-mail", "column2": "Role"}, "chosen for something else already"),
        ({"column0": "Elsewhere", "column1": "Name", "column2": "Role"}, "Not a valid choice"),
    ],
)
def test_columns_that_are_missing_or_taken_twice_are_told(ada, path, chosen, fault):
    preview = look(ada, path, csv_of(PEOPLE))
    page = send(ada, f"{preview}/columns", **{f"column{number}": "" for number in range(21)} | chosen)
    assert page.status_code == 200
    assert fault in page.get_data(as_text=True)


def test_one_role_may_be_said_for_a_whole_file(ada, session, path):
    preview = look(ada, path, csv_of(PEOPLE[:1], ["E-mail", "Name", "Minutes a month"]))
    send(ada, f"{preview}/columns", column0="E-mail", column1="Name", column14="Minutes a month", everyone="mentor")
    assert "Everyone is taken as mentor" in text_of(ada, preview)
    confirm(ada, preview)
    asa = person_of(session, "asa@example.org")
    member = session.scalars(select(Membership).where(Membership.person_id == asa.id)).one()
    assert (member.is_mentor, member.offer.minutes_a_month, member.offer.places) == (True, 120, 2)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty"),
        (b"%PDF-1.7", "neither a CSV file nor an .xlsx workbook"),
        (b"x" * (8 * 1024 * 1024 + 1), "larger than 8 MB"),
    ],
)
def test_file_that_cannot_be_read_is_refused_in_words(ada, session, path, data, sentence):
    answer = upload(ada, path, data)
    assert answer.status_code == 200
    assert sentence in answer.get_data(as_text=True)
    assert session.query(ImportBatch).count() == 0


def test_body_too_large_for_any_form_is_refused_in_words(ada, session, path):
    answer = upload(ada, path, b"x" * (10 * 1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "A file may have 8 MB at most, a calendar 1 MB." in answer.get_data(as_text=True)
    assert session.query(ImportBatch).count() == 0


def test_form_without_a_file_asks_for_one(ada, path):
    assert "Choose a file first." in send(ada, path).get_data(as_text=True)


def test_faulty_mended_file_leaves_the_former_one(ada, path):
    preview = look(ada, path, csv_of(PEOPLE))
    answer = upload(ada, f"{preview}/file", b"PK\x03\x04", page=preview)
    assert "This workbook cannot be read" in answer.get_data(as_text=True)
    assert "2 people can be invited" in text_of(ada, preview)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_template_comes_back_without_a_fault(ada, path, kind):
    template = ada.get(f"{path}/template.{kind}")
    assert "attachment" in template.headers["Content-Disposition"]
    page = text_of(ada, look(ada, path, template.data, f"people.{kind}"))
    assert "2 people can be invited" in page
    assert "Every column is read." in page
    assert ada.get(f"{path}/template.exe").status_code == 404


def test_workbook_lists_the_words_on_its_second_sheet(ada, path):
    book = load_workbook(io.BytesIO(ada.get(f"{path}/template.xlsx").data))
    words = {cell.value for row in book["Words"].iter_rows() for cell in row}
    assert {"General Surgery", "Work-life integration", "English", "America/Chicago", "Intern (PGY-1)"} <= words


def test_file_that_is_put_away_leaves_its_rows_nowhere(ada, session, path):
    preview = look(ada, path, csv_of(PEOPLE))
    assert send(ada, f"{preview}/discard", page=preview).headers["Location"] == path
    assert session.query(ImportContent).count() == 0
    assert "This file was put away" in text_of(ada, preview)
    assert "people.csv" not in text_of(ada, path)
    assert upload(ada, f"{preview}/file", csv_of(PEOPLE), page=path).status_code == 409
    assert ada.get(f"{preview}/columns").headers["Location"] == preview


def test_second_click_imports_nobody_twice(ada, session, path):
    preview = look(ada, path, csv_of(PEOPLE))
    page = ada.get(preview).get_data(as_text=True)
    values = dict(re.findall(r'name="(seen|csrf_token)"[^>]* value="([^"]*)"', page))
    for _click in range(2):
        assert ada.post(f"{preview}/confirm", data=values).headers["Location"] == preview
    assert "imported already, by you or by somebody quicker" in text_of(ada, preview)
    assert session.query(Person).filter_by(email="asa@example.org").count() == 1


def test_import_waits_where_somebody_changed_meanwhile(ada, session, cast, path):
    preview = look(ada, path, csv_of(PEOPLE))
    make_mentee(session, cast.elsewhere, make_person(session, "Inês Duarte", email="ines@example.org"))
    session.commit()
    confirm(ada, preview)
    page = text_of(ada, preview)
    assert "Something changed since you looked" in page
    assert "1 of them known from another programme" in page
    assert person_of(session, "asa@example.org") is None
    confirm(ada, preview)
    assert person_of(session, "asa@example.org") is not None


def test_undo_says_who_keeps_it_from_being_done(ada, session, path, now):
    preview = look(ada, path, csv_of(PEOPLE))
    confirm(ada, preview)
    person_of(session, "ines@example.org").email_verified_at = now
    session.commit()
    page = text_of(ada, f"{preview}/undo")
    assert "1 person keeps it from being undone" in page
    assert "Inês Duarte" in page
    assert "Åsa" not in page
    assert "can no longer be undone" in send(ada, f"{preview}/undo", page=path).get_data(as_text=True)
    assert person_of(session, "asa@example.org") is not None
    assert send(ada, f"{look(ada, path, csv_of(PEOPLE))}/undo", page=path).status_code == 409


def test_long_lists_of_faults_come_in_pages(ada, path):
    people = [
        {**PEOPLE[1], "E-mail": f"p{n}@example.org", "Name": f"Person {n // 2}", "Stage": "Chief"} for n in range(60)
    ]
    preview = look(ada, path, csv_of(people))
    first, second = text_of(ada, preview), text_of(ada, f"{preview}?page=2&notes=9")
    assert "Row 2<" in first
    assert "Row 60<" not in first
    assert "Page 2 of 3" in second
    assert "Row 30<" in second
    assert "<b>Chief</b> in 60 rows of Stage." in first
    assert len(first) < 60_000


def test_pages_send_few_queries_whatever_the_number_of_people(ada, path, count_queries):
    people = [{**PEOPLE[1], "E-mail": f"p{number}@example.org", "Name": f"Person {number}"} for number in range(700)]
    preview = look(ada, path, csv_of(people))
    for where in (path, preview, f"{preview}/columns"):
        with count_queries() as queries:
            text_of(ada, where)
        assert len(queries) <= 6
    confirm(ada, preview)
    with count_queries() as queries:
        text_of(ada, preview)
    assert len(queries) <= 6


def test_people_page_leads_to_the_import(ada, cast, path):
    assert f'href="{path}"' in text_of(ada, f"/c/{cast.programme.slug}/people")
