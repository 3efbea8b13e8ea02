"""What the tests of imports share: files as a coordinator would send them."""

import io
import re

from flask.testing import FlaskClient
from openpyxl import Workbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import stream_encode_multipart

from tests.factories.cast import csrf_of

HEADER = ["E-mail", "Name", "Role"]
PEOPLE = [
    {
        "E-mail": "asa@example.org",
        "Name": "Dr Åsa Öhman",
        "Role": "mentor",
        "Stage": "Attending - mid career (6-15 years)",
        "Specialties": "General Surgery",
        "Languages": "English; Swedish",
        "Time zone": "Europe/Stockholm",
        "Hours": "Mon 17:00-20:00; Fri 22:00-01:00",
        "Topics offered": "Leadership development",
        "Minutes a month": "120",
        "Places": "2",
    },
    {
        "E-mail": "ines@example.org",
        "Name": "Inês Duarte",
        "Role": "mentee",
        "Stage": "Intern (PGY-1)",
        "Specialties": "General Surgery",
        "Languages": "English",
        "Hours": "Tue 18-20",
        "Needs": "Work-life integration; Leadership development",
        "Mentors wanted": "2",
    },
]


def csv_of(people, header=None, delimiter=",") -> bytes:
    """Return these people as a CSV file with the columns that they use."""
    names = header or list(dict.fromkeys([*HEADER, *(key for person in people for key in person)]))
    rows = [names, *([str(person.get(name, "")) for name in names] for person in people)]
    return "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows).encode()


def xlsx_of(people) -> bytes:
    book = Workbook()
    names = list(dict.fromkeys([*HEADER, *(key for person in people for key in person)]))
    for row in (names, *([person.get(name) for name in names] for person in people)):
        book.worksheets[0].append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def upload(client: FlaskClient, path: str, data: bytes, name="people.csv", *, page=None):
    """Send a file through the form on this page."""
    form = {"csrf_token": csrf_of(client, page or path), "file": FileStorage(io.BytesIO(data), name)}
    # Encoded here: the client would keep a large body in a temporary file that it does not close.
    body, length, boundary = stream_encode_multipart(form, use_tempfile=False)
    kind = f'multipart/form-data; boundary="{boundary}"'
    return client.post(path, input_stream=body, content_length=length, content_type=kind)


def look(client: FlaskClient, path: str, data: bytes, name="people.csv") -> str:
    """Send a file to a programme and return the address of its preview."""
    answer = upload(client, path, data, name)
    assert answer.status_code == 302, re.findall(r'class="err"[^>]*>([^<]+)', answer.get_data(as_text=True))
    return answer.headers["Location"]


def confirm(client: FlaskClient, preview: str):
    """Press the button of the preview as it stands now."""
    page = client.get(preview).get_data(as_text=True)
    values = dict(re.findall(r'name="(seen|csrf_token)"[^>]* value="([^"]*)"', page))
    return client.post(f"{preview}/confirm", data=values)
