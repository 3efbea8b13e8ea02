"""The examples beside people, hours, reasons and faults run."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name", ["availability", "explain", "hours", "pool", "faults", "why_not", "answers", "explaining"]
)
def test_examples_give_what_they_show(name):
    outcome = doctest.testmod(importlib.import_module(f"matcher.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0
