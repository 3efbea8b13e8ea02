"""Every action that a service writes into the audit log has words."""

import ast
import re

from config import ROOT
from webapp.presenters.audit_words import ACTIONS, KINDS

SOURCES = sorted((ROOT / "webapp/services").glob("*.py")) + sorted((ROOT / "webapp/cli").glob("*.py"))
ACTION = re.compile(r"[a-z]+\.[a-z_]+")
NOT_ACTIONS = {"webapp.worker", "alembic.ini"}


def parts_of(node: ast.JoinedStr) -> str:
    """An f-string as a pattern: whatever stands in braces may be any word."""
    return "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z_]+" for p in node.values)


def written():
    """Every text of the services that has the shape of an action, as a pattern."""
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and re.fullmatch(r"[a-z]+\\\.\[a-z_\]\+", parts_of(node)):
                yield path.name, parts_of(node)
            text = node.value if isinstance(node, ast.Constant) and id(node) not in inside else None
            if isinstance(text, str) and ACTION.fullmatch(text) and text not in NOT_ACTIONS:
                yield path.name, re.escape(text)


def test_every_action_has_words():
    found = list(written())
    assert len(found) > 25
    silent = [(name, pattern) for name, pattern in found if not any(re.fullmatch(pattern, key) for key in ACTIONS)]
    assert silent == [], "say in webapp/presenters/audit_words.py what was done"


def test_every_action_with_words_is_written_somewhere():
    patterns = [pattern for _name, pattern in written()]
    assert [key for key in ACTIONS if not any(re.fullmatch(pattern, key) for pattern in patterns)] == []


def test_every_action_is_of_a_kind_that_the_filter_names():
    assert {key.split(".")[0] for key in ACTIONS} == set(KINDS)
