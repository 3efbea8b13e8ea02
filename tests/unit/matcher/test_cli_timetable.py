"""`mosaic match --timetable` as people call it."""

import csv
import json
import re

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from matcher.cli import main

MENTORS = """\
id,name,topics,zone,hours,places,minutes
M1,Mo,grants,Europe/London,Mon 09:00-11:30,5,4000
M2,Ada,grants,Europe/London,Tue 09:00-11:00,1,4000
"""
MENTEES = """\
id,name,topics,zone,hours
N1,Lee,grants,Europe/London,Mon 09:00-10:00
N2,Kim,grants;burnout,Europe/London,Mon 09:30-10:30
N3,Bo,burnout,Europe/London,Mon 10:30-11:30
N4,Cy,grants,Europe/London,Tue 09:00-11:00
N5,Di,burnout,Europe/London,Tue 09:00-11:00
"""
DATES = "minutes = 60\nstarts_on = 2026-01-01\nends_on = 2026-12-31\n"
FILES = ["--mentors", "m.csv", "--mentees", "n.csv", "--programme", "rules.toml", "--out", "out"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.csv").write_text(MENTORS)
    (tmp_path / "n.csv").write_text(MENTEES)
    (tmp_path / "rules.toml").write_text(DATES + 'cadence = "weekly"\n')

    def call(*arguments):
        outcome = CliRunner().invoke(main, ["match", "--timetable", *FILES, *arguments])
        assert outcome.exit_code == 0, outcome.output
        checked = CliRunner().invoke(main, ["verify", "out/problem.npz", "out/certificate.json"])
        assert "verified         yes" in checked.stdout, checked.output
        return outcome.stdout

    def table(name):
        with (tmp_path / f"out/{name}.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    call.table = table
    call.folder = tmp_path
    return call


def pairs_of(run):
    return {(row["mentor"], row["mentee"]) for row in run.table("pairs")}


def reasons_of(run):
    return {row["key"]: row["why"] for row in run.table("unmatched")}


def test_only_pairs_with_a_time_are_proposed_and_the_others_say_why(run):
    said = run()
    assert pairs_of(run) == {("M1", "N1"), ("M1", "N3"), ("M2", "N4")}
    assert all(row["mentor_time"] and row["week"] == "1" for row in run.table("pairs"))
    assert run.table("no_time") == [
        {
            "mentor": "M1",
            "mentee": "N2",
            "mentor_name": "Mo",
            "mentee_name": "Kim",
            "why": "The two and another pair cannot both meet: they need the same times.",
            "clashes_with": "M1 with N1",
        }
    ]
    assert reasons_of(run) == {
        "N2": "1 mentor would be possible, but no time was found to meet.",
        "N5": "1 mentor would be possible, but taken by others.",
    }
    assert re.search(r"^times cost coverage +at most 0 \(gap 0\)$", said, re.MULTILINE)
    assert re.search(r"^ruled out +1$", said, re.MULTILINE)


def test_json_holds_bounds_gaps_and_the_pairs_ruled_out(run):
    told = json.loads(run("--objective", "total", "--json"))
    assert (told["status"], told["ruled_out"], told["without_time"]) == ("feasible", 1, 0)
    assert told["gaps_of_times"]["total"] > 0
    assert told["bounds_with_times"]["total"] > told["total_weight"]
    assert [(row["mentor"], row["mentee"]) for row in told["no_time"]] == [("M1", "N2")]
    assert told["pinned_at_end"] is False


def test_explanations_do_not_open_again_what_has_no_time(run):
    run("--explain")
    told = {row["key"]: row for row in run.table("explanations") if row["about"] == "mentee"}
    assert told["N2"]["why"] == "Mentors would be possible, but no time was found to meet any of them."
    assert told["N2"]["change"].startswith("Being free on ")
    asked = [row["key"] for row in run.table("explanations") if row["change"].startswith("One more place")]
    assert asked == ["M2"]
    assert json.loads((run.folder / "out/explanations.json").read_text())["times_checked"] is False


def test_place_more_is_asked_for_only_of_who_has_hours_for_it(run):
    # Both are full. Mo's hours hold nobody else; Ada has given none, so that she may find some.
    (run.folder / "m.csv").write_text(
        MENTORS.replace("09:00-11:30,5", "09:00-10:00,1").replace("Tue 09:00-11:00,1", ",1")
    )
    (run.folder / "n.csv").write_text(re.sub(r"Mon .*", "Mon 09:00-10:00", MENTEES))
    run("--explain")
    asked = [row["key"] for row in run.table("explanations") if row["change"].startswith("One more place")]
    assert asked == ["M2"]


def test_search_that_ended_early_says_why_and_nothing_of_what_would_change_it(run):
    told = json.loads(run("--explain", "--time-limit", "0", "--json"))
    assert (told["status"], told["pinned_at_end"]) == ("feasible", True)
    plain = json.loads((run.folder / "out/explanations.json").read_text())
    assert (plain["pinned_at_end"], plain["recruiting"]) == (True, [])
    assert {person["key"] for person in plain["left_out"]} >= {"N2"}
    assert {person["change"] for person in plain["left_out"]} == {
        "What would change it was not looked for: the pairs were fixed at the end to keep their times."
    }


def test_who_has_given_no_hours_is_matched_without_a_time(run):
    (run.folder / "n.csv").write_text(MENTEES.replace("Cy,grants,Europe/London,Tue 09:00-11:00", "Cy,grants,,"))
    told = json.loads(run("--json"))
    assert told["without_time"] == 1
    assert {row["mentee"] for row in run.table("pairs") if not row["mentor_time"]} == {"N4"}


def test_pairs_that_meet_monthly_share_an_hour_in_different_weeks(run):
    (run.folder / "rules.toml").write_text(DATES)
    (run.folder / "m.csv").write_text(MENTORS.replace("Mon 09:00-11:30", "Mon 09:00-10:00"))
    (run.folder / "n.csv").write_text(MENTEES.replace("Mon 09:30-10:30", "Mon 09:00-10:00"))
    run()
    weeks = {row["mentee"]: row["week"] for row in run.table("pairs") if row["mentor"] == "M1"}
    assert weeks == {"N1": "1", "N2": "2"}


def test_pairs_that_share_no_time_are_told_apart_where_the_rules_allow_them(run):
    (run.folder / "rules.toml").write_text(DATES + 'cadence = "weekly"\nhours_required = false\n')
    (run.folder / "m.csv").write_text(MENTORS + "M3,Eva,grants,Europe/London,Wed 09:00-11:00,1,4000\n")
    (run.folder / "n.csv").write_text(MENTEES + "N6,Flo,grants,Europe/London,Wed 09:00-09:30\n")
    run("--explain")
    assert reasons_of(run)["N6"].startswith("No mentor is possible. 3: The two share no free time")
    told = {row["key"]: row for row in run.table("explanations") if row["about"] == "mentee"}
    assert told["N6"]["change"].startswith("Being free on ")


def test_stable_with_times_tells_who_blocks(run):
    told = json.loads(run("--objective", "stable", "--json"))
    assert (told["status"], told["blocking_pairs"], told["ruled_out"]) == ("optimal", 0, 1)
    assert all(row["mentor_time"] for row in run.table("pairs"))
    assert told["gaps_of_times"] == {}


def test_comparison_and_report_go_with_times(run):
    (run.folder / "first.csv").write_text("mentor,mentee\nM1,N2\n")
    told = json.loads(run("--compare", "first.csv", "--report", "report.json", "--json"))
    assert told["comparison"]["removed"] == [["M1", "N2"]]
    report = json.loads((run.folder / "report.json").read_text())
    assert report["received"][0]["covered"] == 3
    assert ["M1", "N2"] not in report["blocking_pairs"]


def test_level_after_one_that_fell_short_has_no_known_cost(run):
    (run.folder / "n.csv").write_text(
        "id,name,topics,zone,hours,priority\n"
        "N1,Lee,grants,Europe/London,Mon 09:00-10:00,2\n"
        "N2,Kim,grants,Europe/London,Mon 09:30-10:30,1\n"
    )
    assert re.search(r"^times cost priority +not known$", run(), re.MULTILINE)


def test_pairs_without_a_time_come_as_a_workbook_too(run):
    from matcher.tables import read_table, table_bytes

    rows = [row.cells for row in read_table(run.folder / "m.csv")]
    (run.folder / "m.xlsx").write_bytes(table_bytes(".xlsx", rows))
    run("--mentors", "m.xlsx")
    found = list(load_workbook(run.folder / "out/no_time.xlsx").active.iter_rows(values_only=True))
    assert found[1][:2] == ("M1", "N2")
