"""The commands `solve` and `verify` as people call them, and how faults are told."""

import json
import os
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from matcher import Certificate, InvalidProblemError, SolverError, VerificationReport
from matcher.cli import main
from matcher.cli_output import library_lines_aside, refuse_bad_input
from matcher.pool import InvalidPoolError
from tests.unit.matcher.commands import DOCS, MIDL, WEIGHTS, solving


@pytest.mark.parametrize("objective", ["total", "coverage"])
def test_midl_reaches_its_known_total_and_verifies(run, objective):
    capacities = ["--mentor-capacity", 4, "--mentee-capacity", 3, "--objective", objective]
    done = run("solve", *MIDL, *capacities, "--out", "p.csv", "--certificate", "c.json", "--json")
    facts = json.loads(done.stdout)
    assert facts["total_weight"] == pytest.approx(201.885, abs=1e-3)
    assert (facts["status"], facts["coverage"], facts["pairs"]) == ("optimal", 118, 354)
    assert json.loads(run("verify", MIDL[0], "c.json", *MIDL[1:], "--json").stdout)["ok"]


def test_midl_without_blank_is_refused_and_says_how_to_read_it(run, tmp_path):
    done = run("solve", MIDL[0], "--mentor-capacity", 4, "--mentee-capacity", 3, "--out", "p.csv", code=2)
    assert "let --blank -1 make it “not acceptable”" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("weights")
def test_solve_writes_pairs_by_name_and_tells_the_outcome(run, tmp_path):
    done = run(*solving("--certificate", "c.json"))
    assert (tmp_path / "pairs.csv").read_text() == "mentor,mentee,weight\nMo,Kim,0.8\nAda,Lee,0.7\n"
    assert re.search(r"^coverage +2$", done.stdout, re.MULTILINE)
    assert re.search(r"^written +pairs.csv, c.json$", done.stdout, re.MULTILINE)
    assert Certificate.from_json((tmp_path / "c.json").read_text()).objective == "coverage"


@pytest.mark.usefixtures("weights")
def test_solve_takes_capacities_from_files_and_writes_workbooks(run, tmp_path):
    (tmp_path / "places.csv").write_text("name,capacity\nMo,2\nAda,0\n")
    run("solve", "w.csv", "--mentor-capacity", "places.csv", "--mentee-capacity", 1, "--out", "pairs.xlsx")
    rows = list(load_workbook(tmp_path / "pairs.xlsx").active.iter_rows(values_only=True))
    assert rows == [("mentor", "mentee", "weight"), ("Mo", "Lee", 0.9), ("Mo", "Kim", 0.8)]


@pytest.mark.usefixtures("weights")
def test_same_seed_writes_the_same_bytes(run, tmp_path):
    written = []
    for _ in range(2):
        run(*solving("--seed", 7, "--certificate", "c.json", "--time-limit", 30))
        written.append([(tmp_path / name).read_bytes() for name in ("pairs.csv", "c.json")])
    assert written[0] == written[1]


@pytest.mark.usefixtures("weights")
def test_bad_weights_are_told_and_nothing_is_written(run, tmp_path):
    (tmp_path / "w.csv").write_text('x,Lee\nMo,"0,5"\nAda,2\n')
    done = run(*solving("--certificate", "c.json"), code=2)
    assert "2 things need another look; nothing was written." in done.stderr
    assert "w.csv, row 2, column B: '0,5' has a decimal comma: write 0.5" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["w.csv"]


@pytest.mark.usefixtures("weights")
def test_faults_are_told_as_json_too(run):
    (Path.cwd() / "w.csv").write_text("x,Lee\nMo,2\n")
    told = json.loads(run(*solving("--json"), code=2).stdout)
    assert told["ok"] is False
    assert [(fault["file"], fault["row"], fault["column"]) for fault in told["faults"]] == [("w.csv", 2, "B")]


@pytest.mark.usefixtures("weights")
def test_faults_of_both_capacities_are_told_together(run, tmp_path):
    (tmp_path / "a.csv").write_text("Mo,1\n")
    (tmp_path / "b.csv").write_text("Lee,x1\nKim,1\nBo,1\n")
    done = run("solve", "w.csv", "--mentor-capacity", "a.csv", "--mentee-capacity", "b.csv", "--out", "p.csv", code=2)
    assert "a.csv: no capacity for Ada" in done.stderr
    assert "b.csv, row 1, column B: 'x1' is not a whole number" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--out", "pairs.txt"], "pairs.txt: the name must end in .csv or .xlsx"),
        (["--out", "w.csv"], "w.csv: is used already"),
        (["--certificate", "./pairs.csv"], "pairs.csv: is used already"),
        (["--objective", "luck"], "--objective: there is no objective 'luck'"),
        (["--certificate", "folder"], "cannot be written: Is a directory"),
    ],
)
@pytest.mark.usefixtures("weights")
def test_what_cannot_be_done_is_told_and_nothing_is_written(run, tmp_path, arguments, told):
    (tmp_path / "folder").mkdir()
    assert told in run(*solving(*arguments), code=2).stderr
    assert (tmp_path / "w.csv").read_text() == WEIGHTS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "w.csv"]


@pytest.mark.usefixtures("weights")
def test_verify_prints_the_capacities_and_agrees(run):
    run(*solving("--certificate", "c.json"))
    done = run("verify", "w.csv", "c.json")
    assert re.search(r"^mentor capacity +1 each$", done.stdout, re.MULTILINE)
    assert re.search(r"^verified +yes$", done.stdout, re.MULTILINE)


@pytest.mark.usefixtures("weights")
def test_verify_prints_different_capacities_one_by_one(run, tmp_path):
    (tmp_path / "places.csv").write_text("Mo,2\nAda,1\n")
    run(*solving("--certificate", "c.json", "--mentor-capacity", "places.csv"))
    assert re.search(r"^mentor capacity +\[2, 1\]$", run("verify", "w.csv", "c.json").stdout, re.MULTILINE)


@pytest.mark.parametrize("changed", ["x,Lee,Kim,Bo\nMo,0.9,0.8,\nAda,0.7,,0.1\n", "x,Lee\nMo,0.9\n"])
@pytest.mark.usefixtures("weights")
def test_verify_fails_with_exit_1_on_other_weights(run, tmp_path, changed):
    run(*solving("--certificate", "c.json"))
    (tmp_path / "w.csv").write_text(changed)
    done = run("verify", "w.csv", "c.json", code=1)
    assert re.search(r"^verified +no$", done.stdout, re.MULTILINE)
    assert done.stderr.strip()
    assert json.loads(run("verify", "w.csv", "c.json", "--json", code=1).stdout)["ok"] is False


@pytest.mark.usefixtures("weights")
def test_verify_fails_on_a_certificate_whose_pairs_are_no_pairs(run, tmp_path):
    run(*solving("--certificate", "c.json"))
    content = json.loads((tmp_path / "c.json").read_text())
    (tmp_path / "c.json").write_text(json.dumps(content | {"pairs": 5}))
    assert "pairs" in run("verify", "w.csv", "c.json", code=1).stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"{", "is not JSON"), (b"{}", "has no"), (b"\xff", "not UTF-8 text"), (None, "cannot be read")],
)
@pytest.mark.usefixtures("weights")
def test_verify_refuses_what_is_no_certificate_with_exit_2(run, tmp_path, content, told):
    if content is not None:
        (tmp_path / "c.json").write_bytes(content)
    assert told in run("verify", "w.csv", "c.json", code=2).stderr


@pytest.mark.usefixtures("weights")
def test_result_that_does_not_verify_is_never_written(run, tmp_path, monkeypatch):
    monkeypatch.setattr("matcher.cli_output.verify", lambda *_: VerificationReport(ok=False, faults=("pairs: no",)))
    outcome = run(*solving(), code=1)
    assert isinstance(outcome.exception, SolverError)
    assert [path.name for path in tmp_path.iterdir()] == ["w.csv"]


@pytest.mark.parametrize("error", [InvalidPoolError(["one", "two"]), InvalidProblemError(["one", "two"])])
def test_faults_without_a_place_are_told_one_by_one(capsys, error):
    with pytest.raises(SystemExit) as caught, refuse_bad_input(as_json=False):
        raise error
    assert caught.value.code == 2
    assert capsys.readouterr().err == "2 things need another look; nothing was written.\n  one\n  two\n"


def test_commands_and_options_are_documented():
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    for name, command in main.commands.items():
        assert f"## mosaic {name}" in text
        section = text.split(f"## mosaic {name}")[1].split("\n## ")[0]
        for parameter in command.params:
            written = parameter.opts[0] if parameter.opts[0].startswith("--") else parameter.opts[0].upper()
            assert f"`{written}" in section, f"{name} {written}"


def test_columns_settings_and_criteria_are_documented():
    from dataclasses import fields

    from matcher.people_columns import MENTEE_COLUMNS, MENTOR_COLUMNS
    from matcher.scoring import CADENCES, CRITERIA, Settings

    text = (DOCS / "file-formats.md").read_text(encoding="utf-8")
    names = {column.name for column in (*MENTOR_COLUMNS, *MENTEE_COLUMNS)} | set(CRITERIA) | set(CADENCES)
    names |= {entry.name for entry in fields(Settings)}
    assert {name for name in names if f"`{name}`" not in text} == set()


def test_a_line_that_a_library_prints_does_not_end_up_in_the_output(capfd):
    with library_lines_aside():
        os.write(1, b"HighsMipSolverData::transformNewIntegerFeasibleSolution\n")
    os.write(1, b"[]\n")
    out, err = capfd.readouterr()
    assert out == "[]\n"
    assert err.startswith("HighsMipSolverData")
