"""`mosaic why` and `mosaic match --explain` as people call them."""

import csv
import json

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from matcher.cli import main

MENTORS = """\
id,name,topics,zone,hours,places
M1,Mo,grants;leadership,Europe/London,Mon 17:00-19:00,1
M2,Ada,grants,Europe/London,Mon 17:00-18:00,1
M3,Eva,burnout,Europe/London,Fri 06:00-07:00,1
"""
MENTEES = """\
id,name,topics,zone,hours,not_with
N1,Lee,grants;leadership,Europe/London,Mon 17:00-18:00,
N2,Kim,grants,Europe/London,Mon 17:00-19:00,M3
N3,Bo,grants,Europe/London,Fri 07:00-08:00,
N4,Cy,leadership,Europe/London,Mon 17:00-18:00,
"""
FILES = ["--mentors", "m.csv", "--mentees", "n.csv", "--programme", "rules.toml"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.csv").write_text(MENTORS)
    (tmp_path / "n.csv").write_text(MENTEES)
    (tmp_path / "rules.toml").write_text("minutes = 60\nstarts_on = 2026-01-01\nends_on = 2026-12-31\n")

    def call(*arguments, code=0):
        outcome = CliRunner().invoke(main, [*arguments, *FILES])
        assert outcome.exit_code == code, outcome.output
        return outcome

    return call


def test_why_tells_what_a_pair_would_cost_and_who_would_move(run):
    told = json.loads(run("why", "M1", "N2", "--json").stdout)
    assert (told["state"], told["code"]) == ("possible", "ACCEPTABLE")
    assert told["why"].startswith("Matching the two would lower the total weight by")
    assert (told["leaving"], told["entering"]) == ([["M1", "N1"], ["M2", "N2"]], [["M2", "N1"]])
    assert (told["cost"]["coverage"], told["cost"]["method"]) == (0, "walk")
    said = run("why", "M1", "N2").stdout
    assert "M1 with N1, M2 with N2" in said
    assert "Both are free at the same time for 2 hours a week." in said


def test_why_tells_the_rule_and_what_would_change_it_for_who_is_left_out(run):
    said = run("why", "M3", "N3").stdout
    assert "The two share no free time that is long enough" in said
    assert "No mentor is possible with these answers. Being free on Fri 06:00-07:00 as well would be enough." in said
    assert "No mentee is possible with these answers. Being free on Fri 07:00-08:00 as well would be enough." in said
    told = json.loads(run("why", "M3", "N2", "--json").stdout)
    assert (told["code"], told["cost"], "mentee_left_out" in told) == ("EXCLUDED", None, False)
    assert told["mentor_left_out"]["effort"] == 2


def test_why_tells_a_pair_that_is_matched(run):
    assert "The two are matched." in run("why", "M1", "N1").stdout


def test_why_answers_for_a_stable_matching_by_solves(run):
    told = json.loads(run("why", "M1", "N2", "--objective", "stable", "--time-limit", "5", "--json").stdout)
    assert told["cost"]["method"] == "solve"


def test_why_names_both_keys_that_are_not_there(run):
    said = run("why", "M9", "N9", code=2).stderr
    assert "m.csv: there is no mentor 'M9' here" in said
    assert "n.csv: there is no mentee 'N9' here" in said


@pytest.mark.parametrize("limit", [[], ["--time-limit", "5"]])
def test_match_explains_who_is_left_out_and_whom_to_recruit(run, tmp_path, limit):
    run("match", "--out", "out", "--explain", *limit)
    with (tmp_path / "out/explanations.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    told = {row["key"]: row for row in rows}
    assert list(told)[:3] == ["N3", "N4", "M3"]
    assert (told["N3"]["name"], told["N3"]["effort"], told["N3"]["coverage"]) == ("Bo", "2", "1")
    assert (told["N4"]["why"], told["N4"]["effort"]) == ("Mentors would be possible, but are matched with others.", "2")
    recruiting = [row["change"] for row in rows if row["about"] == "recruiting"]
    assert any(text.startswith("One more place and 60 more minutes with M1") for text in recruiting)
    plain = json.loads((tmp_path / "out/explanations.json").read_text())
    assert [person["key"] for person in plain["left_out"]] == ["N3", "N4", "M3"]
    assert [item["advice"] for item in plain["recruiting"]] == recruiting


@pytest.mark.usefixtures("run")
def test_match_explains_in_a_workbook(tmp_path):
    from matcher.tables import read_table, table_bytes

    for name in ("m", "n"):
        rows = [row.cells for row in read_table(tmp_path / f"{name}.csv")]
        (tmp_path / f"{name}.xlsx").write_bytes(table_bytes(".xlsx", rows))
    workbooks = ["--mentors", "m.xlsx", "--mentees", "n.xlsx"]
    outcome = CliRunner().invoke(main, ["match", "--out", "out", "--explain", *workbooks])
    assert outcome.exit_code == 0, outcome.output
    rows = list(load_workbook(tmp_path / "out/explanations.xlsx").active.iter_rows(values_only=True))
    assert rows[0][:5] == ("about", "key", "name", "why", "change")
