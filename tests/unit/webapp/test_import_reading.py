"""Rows become people, or faults by row, column and value."""

import pytest

from webapp.services import import_reading
from webapp.services.import_columns import NAMES, guess_mapping, is_complete, left_over, template_rows
from webapp.services.import_reading import read_people

LEE = {"E-mail": "lee@example.org", "Name": "Lee Lindqvist", "Role": "mentee"}
MO = {"E-mail": "mo@example.org", "Name": "Dr Mo Farahani", "Role": "mentor"}


def read(*people, **mapping):
    header = list(dict.fromkeys(key for person in people for key in person))
    rows = [[number, *(person.get(name, "") for name in header)] for number, person in enumerate(people, start=2)]
    return read_people(header, rows, guess_mapping(header) | mapping)


def faults_of(reading):
    return [(found.row, found.column, found.kind, found.value, found.meant) for found in reading.faults]


def test_template_is_read_without_a_fault():
    header, *examples = template_rows()
    reading = read_people(header, [[number, *row] for number, row in enumerate(examples, 2)], guess_mapping(header))
    assert (reading.n_faults, reading.n_warnings) == (0, 0)
    mentor, mentee = reading.people
    assert mentor.offer["minutes_a_month"] == 120
    assert mentor.offer["topics"] == ["leadership", "work_life"]
    assert mentee.request["topics"] == ["work_life", "fellowship_application"]
    assert mentee.profile["stage"] == "resident_junior"


def test_words_are_found_by_id_name_and_other_names_in_any_case():
    person = {
        **LEE,
        "Specialties": "ent | VASCULAR SURGERY; general_surgery",
        "Languages": "English, sv",
        "Country": "sweden",
        "Time zone": "stockholm",
        "Stage": "junior resident",
        "Needs": "work_life; Leadership development",
    }
    (found,) = read(person).people
    assert found.profile == {
        "specialties": ["otolaryngology", "vascular_surgery", "general_surgery"],
        "languages": ["en", "sv"],
        "country": "SE",
        "stage": "resident_junior",
    }
    assert found.person == {"zone": "Europe/Stockholm"}
    assert found.request["topics"] == ["work_life", "leadership"]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"E-mail": ""}, ("E-mail", "missing", "", "")),
        ({"E-mail": "lee.example.org"}, ("E-mail", "email", "lee.example.org", "")),
        ({"Name": ""}, ("Name", "missing", "", "")),
        ({"Name": "see www.example.org"}, ("Name", "link", "see www.example.org", "")),
        ({"Role": "pirate"}, ("Role", "role", "pirate", "")),
        ({"Role": ""}, ("Role", "missing", "", "")),
        ({"Specialties": "Gen Surgry"}, ("Specialties", "unknown", "Gen Surgry", "General Surgery")),
        ({"Specialties": "General Surgery; xyzzy"}, ("Specialties", "unknown", "xyzzy", "")),
        ({"Stage": "Intern; Fellow"}, ("Stage", "several", "Intern; Fellow", "1")),
        ({"Time zone": "Mars/Olympus"}, ("Time zone", "unknown", "Mars/Olympus", "")),
        ({"Hours": "Mon 8-9; evenings"}, ("Hours", "hours", "evenings", "")),
        ({"Mentors wanted": "six"}, ("Mentors wanted", "number", "six", "1 5")),
        ({"Mentors wanted": "6"}, ("Mentors wanted", "number", "6", "1 5")),
        ({"Mentors wanted": "²"}, ("Mentors wanted", "number", "²", "1 5")),
        ({"Pronouns": "x" * 41}, ("Pronouns", "long", "x" * 41, "40")),
    ],
)
def test_fault_names_row_column_value_and_what_to_write(cells, fault):
    reading = read(MO, {**LEE, **cells})
    column, kind, value, meant = fault
    assert faults_of(reading) == [(3, column, kind, value, meant)]
    assert [person.email for person in reading.people] == ["mo@example.org"]


def test_more_than_three_needs_are_too_many():
    needs = "work_life; leadership; technical_skills; grants"
    assert faults_of(read({**LEE, "Needs": needs})) == [(2, "Needs", "many", needs, "3")]


def test_address_that_stands_twice_is_a_fault_and_a_name_that_does_is_told():
    reading = read(LEE, {**MO, "E-mail": "LEE@example.org"}, {**LEE, "E-mail": "l.lindqvist@example.org"})
    assert faults_of(reading) == [(3, "E-mail", "twice", "LEE@example.org", "2")]
    assert [(found.row, found.kind, found.meant) for found in reading.warnings] == [(4, "same_name", "2")]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Mentor", (True, False)),
        ("mentees", (False, True)),
        ("both", (True, True)),
        ("mentor and mentee", (True, True)),
        ("Mentee / Mentor", (True, True)),
        ("mentor; mentee", (True, True)),
    ],
)
def test_roles_are_read_as_people_write_them(text, roles):
    (found,) = read({**LEE, "Role": text}).people
    assert (found.is_mentor, found.is_mentee) == roles


def test_role_of_everyone_stands_in_for_a_column():
    (found,) = read({"E-mail": "lee@example.org", "Name": "Lee"}, everyone="mentee").people
    assert found.is_mentee


def test_what_belongs_to_the_other_role_is_told_and_not_read():
    reading = read({**LEE, "Minutes a month": "60"})
    assert reading.people[0].offer == {}
    assert [(found.column, found.kind) for found in reading.warnings] == [("Minutes a month", "not_read")]


def test_faults_are_counted_on_where_the_list_ends(monkeypatch):
    monkeypatch.setattr(import_reading, "MOST_FOUND", 3)
    reading = read(*({**LEE, "E-mail": str(number)} for number in range(5)))
    assert (len(reading.faults), reading.n_faults, len(reading.faulty_rows)) == (3, 5, 5)


def test_columns_are_guessed_by_other_names_and_by_likeness():
    header = ["Email", "Full name", "ROLE", "Specialty", "Availability", "Institutoin", "Shoe size"]
    mapping = guess_mapping(header)
    assert mapping == {
        "E-mail": "Email",
        "Name": "Full name",
        "Role": "ROLE",
        "Specialties": "Specialty",
        "Hours": "Availability",
        "Institution": "Institutoin",
    }
    assert is_complete(mapping)
    assert left_over(header, mapping) == ["Shoe size"]


def test_every_column_is_known_by_its_own_name():
    assert guess_mapping(NAMES) == {name: name for name in NAMES}


def test_kept_choice_goes_before_a_guess():
    header = ["Email", "Private mail", "Name"]
    kept = {"E-mail": "Private mail", "City": "Gone", "everyone": "mentor"}
    assert guess_mapping(header, kept) == {"E-mail": "Private mail", "Name": "Name", "everyone": "mentor"}
