"""The commands of the how-to pages do what the pages say."""

import json
import re
import shutil
from pathlib import Path

from click.testing import CliRunner

from matcher.cli import main

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to"


def commands_of(page):
    blocks = re.findall(r"```console\n(.*?)```", (HOW_TO / page).read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_answers_end_in_a_checked_repair(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (HOW_TO / "files").glob("*.csv"):
        shutil.copy(path, tmp_path)
    commands = commands_of("repair-after-answers.md")
    assert len(commands) == 4
    said = [CliRunner().invoke(main, command.split()[1:]) for command in commands]
    assert [outcome.exit_code for outcome in said] == [0] * 4, [outcome.output for outcome in said]
    for repaired in said[1:3]:
        assert re.search(r"^new +1$", repaired.stdout, re.MULTILINE)
        assert re.search(r"^fewest withdrawn +0$", repaired.stdout, re.MULTILINE)
    assert re.search(r"^verified +yes$", said[3].stdout, re.MULTILINE)
    assert "new,M3,N1" in (tmp_path / "repaired/changes.csv").read_text(encoding="utf-8")


def test_two_spreadsheets_end_in_a_checked_certificate(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in (HOW_TO / "files").glob("*.csv"):
        shutil.copy(path, tmp_path)
    commands = commands_of("match-two-spreadsheets.md")
    assert len(commands) == 4
    said = {}
    for command in commands:
        name, *arguments = command.split()
        assert name == "mosaic"
        outcome = CliRunner().invoke(main, arguments)
        assert outcome.exit_code == 0, outcome.output
        said[command] = outcome.stdout
    assert re.search(r"^coverage +4$", said[commands[1]], re.MULTILINE)
    assert re.search(r"^gains +\d", said[commands[2]], re.MULTILINE)
    assert re.search(r"^verified +yes$", said[commands[3]], re.MULTILINE)
    assert "N1,Lee Okafor,1,2" in (tmp_path / "results/unmatched.csv").read_text(encoding="utf-8")
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["received"][0]["covered"] == 4
    assert (tmp_path / "my-programme/mentees.csv").exists()
    for written in re.findall(r"^- `(\w+\.csv)`", (HOW_TO / "match-two-spreadsheets.md").read_text(), re.MULTILINE):
        assert (tmp_path / "results" / written).exists()
