"""Mentors and mentees from files."""

import pytest

from matcher.availability import Window
from matcher.codes import Code
from matcher.people_columns import MENTEE_COLUMNS, MENTOR_COLUMNS
from matcher.people_file import read_people, template_rows
from matcher.pool import Exclusion, Interest, Pool
from matcher.tables import TableError, table_bytes
from matcher.taxonomy import load_taxonomy

MENTORS = """\
name,E-mail,Stage,Specialty,Topics offered,Stages welcome,Languages,Time zone,Hours,Minutes a month,Places,Paused
Mo Farahani,Mo@example.org,fellow,ENT; hand_surgery,"grants, Leadership development",Intern (PGY-1),"English, fr",\
Europe/London,"Mon 17:00-19:00; Tue 06:30-08:00",120,3,no
Ada,ada@example.org,,,,,,,,,,yes
"""
MENTEES = """\
id,name,email,interests,needs,hours,zone,wanted,minutes,priority,favourites,not with
N1,Lee,lee@example.org,OB/GYN,Grants and funding|burnout,Sat 9-11,Asia/Kolkata,2,30,1.5,mo@example.org;ADA,
N2,Mo again,MO@example.org,,,,,,,,,Ada
"""


def read(folder, mentors=MENTORS, mentees=MENTEES):
    for name, text in (("mentors.csv", mentors), ("mentees.csv", mentees)):
        (folder / name).write_text(text, encoding="utf-8")
    return read_people(folder / "mentors.csv", folder / "mentees.csv", load_taxonomy())


def faults(folder, mentors=MENTORS, mentees=MENTEES):
    with pytest.raises(TableError) as caught:
        read(folder, mentors, mentees)
    return [str(fault) for fault in caught.value.faults]


def test_mentors_are_read_by_names_ids_and_aliases(tmp_path):
    mo, ada = read(tmp_path).mentors
    assert (mo.key, mo.person, mo.zone, mo.stage) == ("mo@example.org", "mo@example.org", "Europe/London", "fellow")
    assert mo.specialties == ("otolaryngology", "hand_surgery")
    assert mo.topics == ("grants", "leadership")
    assert mo.stages_welcome == ("intern",)
    assert mo.languages == ("en", "fr")
    assert mo.windows == (Window(0, 1020, 1140), Window(1, 390, 480))
    assert (mo.minutes, mo.places, mo.paused) == (120, 3, False)
    assert (ada.zone, ada.stage, ada.minutes, ada.places, ada.paused) == ("UTC", None, 60, 1, True)


def test_mentees_are_read_with_wishes_by_email_or_name(tmp_path):
    people = read(tmp_path)
    lee, again = people.mentees
    assert (lee.key, lee.person, lee.wanted, lee.minutes, lee.priority) == ("N1", "lee@example.org", 2, 30, 1.5)
    assert lee.topics == ("grants", "burnout")
    assert (again.wanted, again.minutes, again.priority) == (1, None, 0.0)
    assert people.ties.interests == (
        Interest("mo@example.org", "N1", "mentee", 0),
        Interest("ada@example.org", "N1", "mentee", 1),
    )
    assert people.ties.exclusions == (Exclusion("ada@example.org", "N2", Code.EXCLUDED),)
    assert people.mentee_names == {"N1": "Lee", "N2": "Mo again"}


def test_mentors_can_wish_and_exclude_too(tmp_path):
    mentors = "id,favourites,not_with\nM1,Lee,N2\n"
    ties = read(tmp_path, mentors, "id,name\nN1,Lee\nN2,Kim\n").ties
    assert ties.interests == (Interest("M1", "N1", "mentor", 0),)
    assert ties.exclusions == (Exclusion("M1", "N2", Code.EXCLUDED),)


def test_same_email_on_both_sides_is_the_same_person(tmp_path):
    people = read(tmp_path)
    assert people.mentors[0].person == people.mentees[1].person


def test_every_fault_of_both_files_is_told_by_row_and_column(tmp_path):
    mentors = (
        "id,name,stage,specialties,topics,zone,hours,minutes,places,paused,favourites\n"
        "M1,Mo,attending,Vasculer Surgery,grants;gossip,Europe/Lodnon,Mon 22:00-01:00;Tue 8-9,an hour,-1,maybe,Zed\n"
        "M1,Mo,fellow;intern,,,,Wed 10-11,,,,\n"
        ",,,urology,,,,,,,\n"
        "M3,Eva\n"
    )
    found = faults(tmp_path, mentors, "name,email,wanted,minutes,priority\nLee,,one,0,high\nLee,,,,\n")
    places = [fault.split(":")[0].split(", ", 1) for fault in found]
    assert [place for file, place in places if file == "mentees.csv"] == [
        *(f"row 2, column {letter}" for letter in "ACDE"),
        "row 3, column A",
    ]
    assert [place for file, place in places if file == "mentors.csv"] == [
        *(f"row 2, column {letter}" for letter in "ACDEFGHIJK"),
        *(f"row 3, column {letter}" for letter in "ACF"),
        "row 4, column B",
        "row 5",
    ]
    told = "\n".join(found)
    for part in [
        "'one' is not a whole number of at least 0",
        "'0' is not a whole number of at least 1",
        "'high' is not a number of at least 0",
        "'Lee' is there 2 times: give each mentee an id or email",
        "did you mean Vascular Surgery",
        "'gossip' is not a known topic",
        "did you mean Europe/London",
        "write Mon 22:00-24:00; Tue 00:00-01:00",
        "'maybe': write yes or no",
        "'Zed' is not among the mentees: write an id, an email or a name that one has",
        "hours need a time zone: write one such as Europe/London",
        "holds 2 answers: write one",
        "an id, an email or a name is missing",
        "has 2 cells where the first row has 11: put texts with commas in quotation marks",
    ]:
        assert part in told


def test_header_faults_are_told(tmp_path):
    found = faults(tmp_path, "stage,Spezialties,stage,shoe size\nfellow,,,\n", "name\nLee\n")
    assert found == [
        "mentors.csv, row 1: a column id, email or name is missing",
        "mentors.csv, row 1, column B: 'Spezialties' is not a known column; did you mean specialties?",
        "mentors.csv, row 1, column C: the column stage is there already: keep one",
        "mentors.csv, row 1, column D: 'shoe size' is not a known column; known are "
        + ", ".join(column.name for column in MENTOR_COLUMNS),
    ]


def test_file_without_people_and_file_that_is_missing_are_both_told(tmp_path):
    (tmp_path / "mentors.csv").write_text("name\n")
    with pytest.raises(TableError) as caught:
        read_people(tmp_path / "mentors.csv", tmp_path / "mentees.csv", load_taxonomy())
    assert [str(fault) for fault in caught.value.faults] == [
        "mentees.csv: cannot be read: No such file or directory",
        "mentors.csv: there is no mentor under the first row",
    ]


def test_name_that_two_have_finds_neither(tmp_path):
    found = faults(tmp_path, "id,name\nM1,Mo\nM2,Mo\n", "name,favourites\nLee,Mo\n")
    assert found[0].startswith("mentees.csv, row 2, column B: 'Mo' is not among the mentors")


def test_template_is_read_and_its_example_matches(tmp_path):
    for name, columns in (("mentors", MENTOR_COLUMNS), ("mentees", MENTEE_COLUMNS)):
        (tmp_path / f"{name}.xlsx").write_bytes(table_bytes(".xlsx", template_rows(columns)))
    people = read_people(tmp_path / "mentors.xlsx", tmp_path / "mentees.xlsx", load_taxonomy())
    pool = Pool.build(people.mentors, people.mentees, ties=people.ties)
    assert pool.shape == (1, 1)
    assert len(pool.wishes) == 1


def test_file_in_which_no_column_is_known_is_told_once(tmp_path):
    found = faults(tmp_path, "qqq\nMo\nAda\n", "name\nLee\n")
    assert len(found) == 2
    assert "'qqq' is not a known column" in found[1]
