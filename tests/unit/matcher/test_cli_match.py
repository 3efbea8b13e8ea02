"""The command `match` as people call it: people in, pairs and reasons out."""

import json

import numpy as np
import pytest
from openpyxl import load_workbook

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
