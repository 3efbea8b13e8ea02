"""The commands as people call them."""

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from matcher import Certificate, InvalidProblemError, SolverError, VerificationReport
from matcher.cli import main
from matcher.cli_output import library_lines_aside, refuse_bad_input
from matcher.pool import InvalidPoolError

DATA = Path(__file__).parents[2] / "data"
DOCS = Path(__file__).parents[3] / "docs" / "reference"
MIDL = [str(DATA / "midl_scores.npy"), "--blank", "-1", "--clip"]
WEIGHTS = "x,Lee,Kim,Bo\nMo,0.9,0.8,\nAda,0.7,,\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments, code=0):
        outcome = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert outcome.exit_code == code, outcome.output
        return outcome

    return call


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(WEIGHTS)
    return path


def solving(*more):
    return ["solve", "w.csv", "--mentor-capacity", 1, "--mentee-capacity", 1, "--out", "pairs.csv", *more]


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


MENTORS = """\
id,name,topics,zone,hours,places,minutes,paused
M1,Mo,grants;leadership,Europe/London,Mon 17:00-19:00,1,60,
M2,Ada,grants,Europe/London,Mon 17:00-18:00,1,60,yes
M3,Eva,grants,Europe/London,Fri 06:00-07:00,1,60,
M4,Ben,grants,Europe/London,Mon 17:00-19:00,1,60,
"""
MENTEES = """\
id,name,topics,zone,hours,wanted,minutes,priority,favourites
N1,Lee,grants,Europe/London,Mon 17:00-18:00,2,,,Mo
N2,Kim,grants,Europe/London,Mon 18:00-19:00,1,,1,
N3,Bo,grants,Europe/London,Sun 09:00-10:00,1,,,
N4,Cy,,,,1,30,,
"""


@pytest.fixture
def people(tmp_path):
    (tmp_path / "m.csv").write_text(MENTORS)
    (tmp_path / "n.csv").write_text(MENTEES)
    (tmp_path / "rules.toml").write_text("minutes = 60\nstarts_on = 2026-01-01\nends_on = 2026-12-31\n")
    return ["match", "--mentors", "m.csv", "--mentees", "n.csv", "--out", "out", "--programme", "rules.toml"]


def lines(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_match_writes_pairs_reasons_unmatched_and_the_proof(run, people, tmp_path):
    facts = json.loads(run(*people, "--json").stdout)
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == [
        "certificate.json",
        "pairs.csv",
        "problem.npz",
        "reasons.csv",
        "unmatched.csv",
    ]
    pairs = [line.split(",")[:2] for line in lines(out / "pairs.csv")[1:]]
    assert facts["coverage"] == len(pairs) == 3
    assert ["M1", "N2"] in pairs or ["M4", "N2"] in pairs
    assert facts["unmatched"] == len(lines(out / "unmatched.csv")) - 1
    assert len(lines(out / "reasons.csv")) > 3 * len(pairs)


def test_match_gives_each_pair_a_time_in_both_zones(run, people, tmp_path):
    run(*people)
    rows = [line.split(",") for line in lines(tmp_path / "out/pairs.csv")[1:]]
    times = {row[1]: row[6:] for row in rows}
    assert times["N2"] == ["Mon 18:00 Europe/London", "Mon 18:00 Europe/London", "1"]
    assert times["N4"] == ["", "", ""]


def test_match_says_who_is_left_out_and_why(run, people, tmp_path):
    run(*people)
    told = {line.split(",")[1]: line for line in lines(tmp_path / "out/unmatched.csv")[1:]}
    assert "No mentor is possible. 3: The two share no free time" in told["N3"]
    assert "1: This mentor is not taking mentees at the moment." in told["N3"]
    assert "not taking mentees at the moment" in told["M2"]


def test_match_says_when_a_mentor_has_no_room_or_was_not_needed(run, people, tmp_path):
    (tmp_path / "m.csv").write_text(
        MENTORS.replace("M1,Mo,grants;leadership", "M5,Zoe,grants").replace("19:00,1,60,\n", "19:00,0,60,\n")
    )
    (tmp_path / "n.csv").write_text(MENTEES.replace(",Mo\n", ",\n").replace("N4,Cy,,,,1,30,,\n", ""))
    run(*people)
    told = {line.split(",")[1]: line for line in lines(tmp_path / "out/unmatched.csv")[1:]}
    assert "No places or too few minutes for one meeting." in told["M4"]
    assert "No mentee is possible. 3: The two share no free time" in told["M3"]
    assert "N1" in told
    assert "would be possible, but taken by others." in told["N1"]


def test_match_problem_verifies_with_its_certificate(run, people, tmp_path):
    run(*people, "--objective", "total", "--seed", 3, "--time-limit", 30)
    assert "verified         yes" in run("verify", "out/problem.npz", "out/certificate.json").stdout
    with np.load(tmp_path / "out/problem.npz", allow_pickle=False) as parts:
        assert set(parts.files) == {
            "weights",
            "mentor_capacity",
            "mentee_capacity",
            "priority",
            "minutes",
            "mentor_minutes",
        }


def test_match_reads_and_writes_workbooks(run, tmp_path):
    run("match", "--template", "in")
    for name in ("mentors", "mentees"):
        from matcher.tables import read_table, table_bytes

        rows = [row.cells for row in read_table(tmp_path / f"in/{name}.csv")]
        (tmp_path / f"{name}.xlsx").write_bytes(table_bytes(".xlsx", rows))
    run("match", "--mentors", "mentors.xlsx", "--mentees", "mentees.xlsx", "--out", "out")
    rows = list(load_workbook(tmp_path / "out/pairs.xlsx").active.iter_rows(values_only=True))
    assert rows[1][:4] == ("M1", "N1", "Mo Farahani", "Lee Okafor")


def test_template_is_ready_to_be_matched_and_never_overwrites(run, tmp_path):
    run("match", "--template", "in")
    run(
        "match", "--mentors", "in/mentors.csv", "--mentees", "in/mentees.csv", "--out", "out",
        "--programme", "in/rules.toml",
    )  # fmt: skip
    (tmp_path / "in/rules.toml").unlink()
    done = run("match", "--template", "in", code=2)
    assert "mentors.csv: is there already" in done.stderr
    assert not (tmp_path / "in/rules.toml").exists()


def test_bad_people_are_told_and_nothing_is_written(run, people, tmp_path):
    (tmp_path / "n.csv").write_text("name,specialties,hours\nLee,Vasculer Surgery,Mon 22:00-01:00\n")
    (tmp_path / "m.csv").write_text("name\nMo\n")
    done = run(*people, code=2)
    assert "did you mean Vascular Surgery" in done.stderr
    assert "write Mon 22:00-24:00; Tue 00:00-01:00" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"minuets = 60", "rules.toml: 'minuets' is not a setting"),
        (b"minutes =", "rules.toml: not TOML"),
        (b"\xff", "rules.toml: is not UTF-8 text"),
        (None, "rules.toml: cannot be read: No such file or directory"),
    ],
)
def test_bad_programme_is_told(run, people, tmp_path, content, told):
    (tmp_path / "rules.toml").unlink()
    if content is not None:
        (tmp_path / "rules.toml").write_bytes(content)
    assert told in run(*people, code=2).stderr


def test_faults_of_people_and_programme_are_told_together(run, people, tmp_path):
    (tmp_path / "rules.toml").write_text("minuets = 60")
    (tmp_path / "m.csv").write_text("name,topics\nMo,gossip\n")
    told = run(*people, code=2).stderr
    assert "rules.toml: 'minuets' is not a setting" in told
    assert "m.csv, row 2, column B: 'gossip' is not a known topic" in told


def test_match_refuses_an_unknown_objective_and_missing_files(run, people):
    assert "there is no objective 'luck'" in run(*people, "--objective", "luck", code=2).stderr
    assert "give --mentors, --mentees and --out, or --template" in run("match", code=2).stderr


def test_match_does_not_write_over_its_own_input(run, people, tmp_path):
    (tmp_path / "pairs.csv").write_text(MENTORS)
    arguments = ["--mentors", "pairs.csv", "--out", "."]
    assert "pairs.csv: is used already" in run(*people, *arguments, code=2).stderr
    assert (tmp_path / "pairs.csv").read_text() == MENTORS


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x03\x04"])
def test_verify_refuses_what_is_no_problem_file(run, people, tmp_path, content):
    run(*people)
    (tmp_path / "other.npz").write_bytes(content)
    assert "is not a problem.npz" in run("verify", "other.npz", "out/certificate.json", code=2).stderr


def test_verify_refuses_a_missing_problem_and_one_with_other_parts(run, people, tmp_path):
    run(*people)
    assert "cannot be read" in run("verify", "none.npz", "out/certificate.json", code=2).stderr
    np.savez(tmp_path / "other.npz", weights=np.zeros((1, 1)), shoes=np.zeros(1))
    assert "is not a problem.npz" in run("verify", "other.npz", "out/certificate.json", code=2).stderr


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
