"""What a mentor gives is written in few places, each of which raises nothing on her behalf or is her own."""

import ast

from config import ROOT

SOURCES = sorted((ROOT / "webapp").rglob("*.py"))


def writers(name):
    """Return the files that set this attribute of some row."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store):
                found.add(path.name)
    return found


def test_minutes_are_set_by_the_mentors_own_services_alone():
    assert writers("minutes_a_month") == {"profiles.py", "time_promise.py"}


def test_a_cap_is_set_by_its_own_service_alone():
    # An account that is deleted has none, and no programme any more.
    assert writers("minutes_cap") == {"time_promise.py", "forgetting.py"}


def test_what_is_reserved_is_set_by_no_service_as_an_attribute():
    assert writers("reserved_minutes") == set()
