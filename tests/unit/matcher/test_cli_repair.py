"""`mosaic repair` as people call it."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from matcher.cli import main
from matcher.tables import table_bytes

MENTORS = """id,name,languages,zone,hours,places,minutes
M1,Mo,English,Europe/London,Mon 17:00-19:00,1,60
M2,Ada,English,Europe/London,Tue 17:00-19:00,1,60
M3,Eva,English,Europe/London,Mon 17:00-18:00; Tue 17:00-18:00,2,120
"""
MENTEES = """id,name,languages,zone,hours,not_with
N1,Lee,English,Europe/London,Mon 17:00-19:00; Tue 17:00-19:00,
N2,Kim,English,Europe/London,Mon 17:00-19:00,M3
N3,Bo,English,Europe/London,Tue 17:00-18:00,
"""
PAIRS = """mentor,mentee,weight,mentor_time,week,answer
M1,N1,0.5,Mon 18:00 Europe/London,2,{}
M3,N3,0.5,Tue 17:00 Europe/London,1,{}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mentors.csv").write_text(MENTORS)
    (tmp_path / "mentees.csv").write_text(MENTEES)
    (tmp_path / "pairs.csv").write_text(PAIRS.format("open", "accepted"))
    return tmp_path


def run(*more, code=0):
    files = ["--mentors", "mentors.csv", "--mentees", "mentees.csv", "--pairs", "pairs.csv", "--out", "out"]
    outcome = CliRunner().invoke(main, ["repair", *files, *more])
    assert outcome.exit_code == code, outcome.output
    return outcome


def table(name):
    with Path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def changes(facts):
    return {(change["mentor"], change["mentee"]): change["change"] for change in facts["changes"]}


@pytest.mark.usefixtures("folder")
def test_an_offer_moves_so_that_one_more_is_covered_and_the_proof_verifies():
    facts = json.loads(run("--json").stdout)
    assert (facts["coverage"], facts["withdrawn"], facts["fewest_withdrawn"], facts["status"]) == (3, 1, 1, "optimal")
    assert changes(facts) == {
        ("M1", "N1"): "withdrawn",
        ("M1", "N2"): "new",
        ("M3", "N3"): "accepted",
        next(pair for pair in changes(facts) if pair in {("M2", "N1"), ("M3", "N1")}): "new",
    }
    withdrawn = table("out/changes.csv")[0]
    assert withdrawn["reason"].startswith("As many mentees as possible have a mentor this way; Lee has ")
    assert {row["answer"] for row in table("out/pairs.csv")} == {"open", "accepted"}
    proved = CliRunner().invoke(main, ["verify", "out/problem.npz", "out/certificate.json", "--json"])
    assert json.loads(proved.stdout)["ok"]


def test_a_problem_that_was_altered_does_not_verify(folder):
    run("--most-withdrawn", 1)
    with np.load(folder / "out/problem.npz") as archive:
        parts = {name: archive[name] for name in archive.files}
    assert int(parts["most_withdrawn"]) == 1
    for name, other in (("most_withdrawn", np.array(0)), ("open_offers", np.array([[0, 1]])), ("pinned", [[0, 1]])):
        np.savez(folder / "other.npz", **(parts | {name: other}))
        told = CliRunner().invoke(main, ["verify", "other.npz", "out/certificate.json"])
        assert told.exit_code == 1
        assert "problem_sha256: is not that of the problem" in told.stderr


@pytest.mark.usefixtures("folder")
def test_spare_capacity_only_withdraws_nothing_and_times_that_were_agreed_stay():
    facts = json.loads(run("--most-withdrawn", "0", "--json").stdout)
    assert (facts["coverage"], facts["withdrawn"], facts["kept"]) == (2, 0, 1)
    kept, accepted = table("out/pairs.csv")
    assert (kept["mentor_time"], kept["week"]) == ("Mon 18:00 Europe/London", "2")
    assert (accepted["mentor_time"], accepted["week"]) == ("Tue 17:00 Europe/London", "1")


def test_answers_of_a_file_of_their_own_count_first_and_earlier_declines_stay(folder):
    (folder / "mentors.csv").write_text(MENTORS.replace("Mon 17:00-18:00; ", ""))
    (folder / "answers.csv").write_text("mentor,mentee,answer\nM1,N1,Declined\nM2,N1,declined\n")
    facts = json.loads(run("--answers", "answers.csv", "--json").stdout)
    assert changes(facts) == {
        ("M1", "N1"): "declined",
        ("M2", "N1"): "declined",
        ("M1", "N2"): "new",
        ("M3", "N1"): "new",
        ("M3", "N3"): "accepted",
    }
    # Eva meets Bo in week 1 at the only hour she has; that time stays, and Lee gets another week.
    times = {row["mentee"]: (row["mentor_time"], row["week"]) for row in table("out/pairs.csv")}
    assert times["N3"] == ("Tue 17:00 Europe/London", "1")
    assert times["N1"] == ("Tue 17:00 Europe/London", "2")


def test_a_pair_the_rules_no_longer_allow_stands_if_accepted_and_lapses_if_open(folder):
    (folder / "mentors.csv").write_text(MENTORS.replace("Mon 17:00-19:00", "Sat 17:00-19:00"))
    facts = json.loads(run("--json").stdout)
    assert (facts["lapsed"], facts["withdrawn"]) == (1, 0)
    lapsed = next(row for row in table("out/changes.csv") if row["change"] == "lapsed")
    assert lapsed["reason"].startswith("No longer possible. The two share no free time")
    (folder / "pairs.csv").write_text(PAIRS.format("accepted", "accepted"))
    facts = json.loads(run("--json").stdout)
    assert (facts["accepted"], facts["lapsed"]) == (2, 0)


def test_longer_minutes_can_leave_someone_without_a_mentor_and_it_is_said(folder):
    # Eva gives an hour: one meeting with Bo, or half an hour each with Lee and Kim.
    (folder / "mentors.csv").write_text("id,name,places,minutes\nM3,Eva,2,60\n")
    (folder / "mentees.csv").write_text("id,name,minutes\nN1,Lee,30\nN2,Kim,30\nN3,Bo,60\n")
    (folder / "pairs.csv").write_text("mentor,mentee\nM3,N3\n")
    assert run().exit_code == 0
    reason = table("out/changes.csv")[0]["reason"]
    assert reason == "As many mentees as possible have a mentor this way; Bo has none for now."


def test_workbooks_in_make_workbooks_out(folder):
    for name in ("mentors", "mentees", "pairs"):
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            (folder / f"{name}.xlsx").write_bytes(table_bytes(".xlsx", list(csv.reader(file))))
    files = ["--mentors", "mentors.xlsx", "--mentees", "mentees.xlsx", "--pairs", "pairs.xlsx", "--out", "books"]
    assert CliRunner().invoke(main, ["repair", *files]).exit_code == 0
    rows = list(load_workbook(folder / "books/changes.xlsx").active.iter_rows(values_only=True))
    assert rows[0] == ("change", "mentor", "mentee", "mentor_name", "mentee_name", "reason")
    assert rows[1][0] == "withdrawn"


def test_all_faults_of_pairs_and_answers_are_told_with_their_places(folder):
    (folder / "pairs.csv").write_text(
        "Mentor,Mentee,Answer,mentor_time,week\n"
        "M1,N1,perhaps,noon,1\n"
        "M1,N1,open,,\n"
        "X9,N22,open,Mon 17:00 Europe/Nowhere,1\n"
        "M2,N2,,Mon 17:00 Europe/Nowhere,1\n"
        "M2,N1,,Mon 17:00 Europe/London,9\n"
        "M3\n"
    )
    (folder / "answers.csv").write_text("mentor,mentee,answer\nM3,N1,accepted\n")
    told = json.loads(run("--answers", "answers.csv", "--json", code=2).stdout)
    found = [(fault["file"], fault["row"], fault["column"], fault["message"]) for fault in told["faults"]]
    assert found == [
        ("pairs.csv", 2, "C", "'perhaps': write accepted, declined or open; an empty cell means open"),
        ("pairs.csv", 2, "D", "'noon': write a time such as Mon 17:00 Europe/London, or leave it empty"),
        ("pairs.csv", 3, "B", "M1 and N1 stand in row 2 already"),
        ("pairs.csv", 4, "A", "there is no mentor 'X9'"),
        ("pairs.csv", 4, "B", "there is no mentee 'N22'; did you mean N2?"),
        found[5],
        ("pairs.csv", 6, "E", "'9': write a week from 1 to 4"),
        ("pairs.csv", 7, None, "has 1 cells where the first row has 5"),
        ("answers.csv", 2, "B", "M3 and N1 are no pair of pairs.csv"),
    ]
    assert found[5][:3] == ("pairs.csv", 5, "D")
    assert "Europe/Nowhere" in found[5][3]
    assert not (folder / "out").exists()


def test_faults_of_people_programme_and_pairs_are_told_together(folder):
    (folder / "mentees.csv").write_text("name,wanted\nLee,many\n")
    (folder / "rules.toml").write_text("minimum = 7\n")
    (folder / "pairs.csv").write_text("mentor,mentee,answer\nM1,N1,no\n")
    said = run("--programme", "rules.toml", code=2).stderr
    for part in ("rules.toml", "mentees.csv, row 2", "pairs.csv, row 2, column C: 'no': write"):
        assert part in said


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("mentor,answer\nM1,open\n", "the column mentee is missing"),
        ("mentor,mentor,mentee\nM1,M1,N1\n", "the column mentor is there 2 times: keep one"),
        ("", "the file is empty"),
    ],
)
def test_pairs_without_the_right_columns_are_refused(folder, text, fault):
    (folder / "pairs.csv").write_text(text)
    assert fault in run(code=2).stderr


@pytest.mark.usefixtures("folder")
def test_results_are_not_written_over_the_inputs():
    files = ["--mentors", "mentors.csv", "--mentees", "mentees.csv", "--pairs", "pairs.csv", "--out", "."]
    outcome = CliRunner().invoke(main, ["repair", *files])
    assert outcome.exit_code == 2
    assert "pairs.csv: is used already" in outcome.stderr
