"""Objectives, comparisons and reports on the command line."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from matcher.cli import main
from matcher.people import Interest, Mentee, Mentor
from matcher.pool import Pool
from matcher.ranks import rank_wishes

WEIGHTS = "x,Lee,Kim,Bo\nMo,0.9,0.8,\nAda,0.7,,0.1\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.csv").write_text(WEIGHTS)

    def call(*arguments, code=0):
        outcome = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert outcome.exit_code == code, outcome.output
        return outcome

    return call


def solving(*more, out="pairs.csv"):
    return ["solve", "w.csv", "--mentor-capacity", 1, "--mentee-capacity", 1, "--out", out, *more]


@pytest.mark.parametrize("objective", ["coverage", "total", "fair", "stable"])
def test_every_objective_is_solved_and_verified(run, objective):
    facts = json.loads(run(*solving("--objective", objective, "--certificate", "c.json", "--json")).stdout)
    assert facts["status"] == "optimal"
    assert json.loads(run("verify", "w.csv", "c.json", "--json").stdout)["objective"] == objective


def test_stable_tells_blocking_pairs_and_either_side_proposes(run, tmp_path):
    said = run(*solving("--objective", "stable", "--proposing", "mentor")).stdout
    assert "blocking pairs         0" in said
    assert (tmp_path / "pairs.csv").read_text() == "mentor,mentee,weight\nMo,Lee,0.9\nAda,Bo,0.1\n"
    assert "Invalid value for '--proposing'" in run(*solving("--proposing", "both"), code=2).stderr


def test_a_comparison_names_who_gains_loses_and_moves(run):
    run(*solving("--objective", "stable", out="first.csv"))
    said = run(*solving("--compare", "first.csv")).stdout
    assert "gains         1: Kim" in said
    assert "losses        2: Bo, Lee" in said or "losses        2: Lee, Bo" in said
    assert "moved         0" in said
    whole = json.loads(run(*solving("--compare", "first.csv", "--json")).stdout)["comparison"]
    assert whole["gains"][0]["after"] == ["Mo"]
    assert whole["removed"] == [["Mo", "Lee"], ["Ada", "Bo"]]
    assert whole["first"]["coverage"] == whole["second"]["coverage"] == 2


def test_a_certificate_can_be_compared_with_too(run):
    run(*solving("--certificate", "c.json"))
    facts = json.loads(run(*solving("--compare", "c.json", "--json")).stdout)
    assert facts["comparison"]["gains"] == facts["comparison"]["moved"] == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("f.csv", "who,whom\n", "the first two columns must be mentor and mentee"),
        ("f.csv", "mentor,mentee\nZoe,Lee\nMo,Ann\n", "row 3, column B: there is no mentee 'Ann' here"),
        ("f.csv", "mentor,mentee\nZoe,Lee\nMo,Ann\n", "row 2, column A: there is no mentor 'Zoe' here"),
        ("f.csv", "mentor,mentee\nMo,Bo\n", "pair (0, 2) is not acceptable"),
        ("f.json", "{", "is not a certificate"),
        ("none.json", None, "cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_told_and_nothing_is_written(run, tmp_path, name, content, told):
    if content is not None:
        (tmp_path / name).write_text(content)
    assert told in run(*solving("--compare", name), code=2).stderr
    assert not (tmp_path / "pairs.csv").exists()


def test_a_certificate_of_other_people_is_refused(run, tmp_path):
    run(*solving("--certificate", "c.json"))
    content = json.loads((tmp_path / "c.json").read_text())
    (tmp_path / "c.json").write_text(json.dumps(content | {"pairs": [[0, 7]]}))
    assert "is of another problem" in run(*solving("--compare", "c.json"), code=2).stderr


def test_a_report_is_written_beside_the_pairs(run, tmp_path):
    run(*solving("--report", "r.json"))
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["received"][0]["covered"] == 2
    assert report["blocking_pairs"] == [["Mo", "Lee"]]
    assert "is used already" in run(*solving("--report", "w.csv"), code=2).stderr


def test_stable_matches_people_by_their_favourites_and_refuses_mixed_minutes(run, tmp_path):
    (tmp_path / "m.csv").write_text("id,places,minutes\nM1,1,120\nM2,1,120\n")
    (tmp_path / "n.csv").write_text("id,favourites,minutes\nN1,M2,60\nN2,M1,60\n")
    people = ["match", "--mentors", "m.csv", "--mentees", "n.csv", "--out", "out", "--objective", "stable"]
    run(*people)
    lines = (tmp_path / "out/pairs.csv").read_text().splitlines()[1:]
    assert [line.split(",")[:2] for line in lines] == [["M1", "N2"], ["M2", "N1"]]
    assert "verified" in run("verify", "out/problem.npz", "out/certificate.json").stdout
    with np.load(tmp_path / "out/problem.npz") as parts:
        assert parts["mentee_ranks"].tolist() == [[-1, 0], [0, -1]]
    (tmp_path / "m.csv").write_text("id,places,minutes\nM1,2,60\n")
    (tmp_path / "n.csv").write_text("id,minutes\nN1,60\nN2,30\n")
    assert "a stable matching need not exist" in run(*people, code=2).stderr


def test_what_is_not_for_me_is_no_rank():
    pool = Pool.build([Mentor("m", "Mo", "UTC")], [Mentee("n", "Lee", "UTC"), Mentee("o", "Kim", "UTC")])
    wishes = [Interest("m", "n", "mentor", 2), Interest("m", "o", "mentee", positive=False)]
    mentor_ranks, mentee_ranks = rank_wishes(pool, wishes)
    assert mentor_ranks.tolist() == [[2, -1]]
    assert mentee_ranks.tolist() == [[-1, -1]]
