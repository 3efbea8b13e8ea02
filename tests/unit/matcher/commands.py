"""What tests of the commands share: running one in a folder of its own."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from matcher.cli import main

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
