"""Importing 10,000 people: to the preview, to the done page, anew, and undone. Through the test client, on SQLite."""

import csv
import io
import re
import secrets
import sys
import time
from collections.abc import Callable
from random import Random

from flask import Flask
from openpyxl import Workbook
from sqlalchemy.orm import Session

from bench.pages import sign_in, temporary_app
from tests.factories.cast import make_coordinator, make_person, make_programme
from webapp.services.import_columns import NAMES
from webapp.services.import_words import list_words

PEOPLE = 10_000
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def measure_all() -> dict[str, object]:
    """Import a file of random people as CSV, send it again with changes, undo both; and read the same as XLSX."""
    with temporary_app() as app:
        return _measure(app)


def _measure(app: Flask) -> dict[str, object]:
    with Session(app.config["ENGINE"]) as session:
        programme = make_programme(session)
        make_coordinator(session, programme, make_person(session, "Ada Oduya", email="ada@example.org"))
        session.commit()
        path = f"/c/{programme.slug}/people/import"
    client = app.test_client()
    sign_in(app, client, "ada@example.org")
    seconds: dict[str, float] = {}
    processor: dict[str, float] = {}

    def timed(name: str, act: Callable[[], str]) -> str:
        start, worked = time.perf_counter(), time.process_time()
        where = act()
        seconds[name] = round(time.perf_counter() - start, 2)
        processor[name] = round(time.process_time() - worked, 2)
        print(f"import, {name}: {seconds[name]} s, processor {processor[name]} s", file=sys.stderr)
        return where

    rows = _people(Random(1))
    first = timed("csv_to_preview", lambda: _send(client, path, _csv(rows), "people.csv"))
    timed("confirm_to_done_page", lambda: _post(client, first, f"{first}/confirm"))
    for row in rows:
        row[NAMES.index("City")] = "Elsewhere"
    again = timed("csv_of_known_people_to_preview", lambda: _send(client, path, _csv(rows), "people.csv"))
    timed("confirm_changes_to_done_page", lambda: _post(client, again, f"{again}/confirm"))
    timed("undo_changes", lambda: _post(client, f"{again}/undo", f"{again}/undo"))
    timed("undo_people", lambda: _post(client, f"{first}/undo", f"{first}/undo"))
    timed("xlsx_to_preview", lambda: _send(client, path, _xlsx(rows), "people.xlsx"))
    for row in rows:
        row[NAMES.index("Stage")] = secrets.token_hex(4)
    faulty = timed("csv_of_faults_to_preview", lambda: _send(client, path, _csv(rows), "people.csv"))
    kb = round(len(client.get(faulty).data) / 1024, 1)
    return {
        "people": PEOPLE,
        "columns": len(NAMES),
        "seconds": seconds,
        "processor_seconds": processor,
        "page_of_faults_kb": kb,
    }


def _send(client, path: str, data: bytes, name: str) -> str:
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', client.get(path).get_data(as_text=True))[1]
    form = {"csrf_token": token, "file": (io.BytesIO(data), name)}
    answer = client.post(path, data=form, content_type="multipart/form-data", follow_redirects=True)
    assert answer.status_code == 200
    return answer.request.path


def _post(client, page: str, path: str) -> str:
    found = dict(re.findall(r'name="(seen|csrf_token)"[^>]* value="([^"]*)"', client.get(page).get_data(as_text=True)))
    answer = client.post(path, data=found, follow_redirects=True)
    assert answer.status_code == 200
    assert answer.request.path != path
    return answer.request.path


def _people(random: Random) -> list[list[str]]:
    words = {column: [choice.name for group in groups for choice in group.choices] for column, groups in list_words()}
    topics = words["Topics offered, Needs"]
    rows = []
    for number in range(PEOPLE):
        is_mentor = number % 3 == 0
        row = {
            "E-mail": f"person.{number}@example.org",
            "Name": f"Dr Person {number}",
            "Role": "mentor" if is_mentor else "mentee",
            "Institution": f"Hospital {number % 40}",
            "City": "Chicago",
            "Country": "US",
            "Stage": "Attending - mid career (6-15 years)" if is_mentor else "Intern (PGY-1)",
            "Specialties": "; ".join(random.sample(words["Specialties"], 2)),
            "Languages": "; ".join(random.sample(words["Languages"], 2)),
            "Time zone": random.choice(["America/Chicago", "Europe/London", "Asia/Kolkata"]),
            "Hours": "; ".join(
                f"{day} {random.randint(6, 18)}:00-{random.randint(19, 22)}:30" for day in random.sample(DAYS, 4)
            ),
        }
        few = "; ".join(random.sample(topics, 3))
        if is_mentor:
            row |= {"Topics offered": few, "Minutes a month": "120", "Places": "2", "About mentoring": "I listen."}
        else:
            row |= {"Needs": few, "Mentors wanted": "2", "Goal": "I know what comes next."}
        rows.append([row.get(name, "") for name in NAMES])
    return rows


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(NAMES), *rows])
    return text.getvalue().encode()


def _xlsx(rows: list[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    for row in (list(NAMES), *rows):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
