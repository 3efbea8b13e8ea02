"""The examples in the engine's documentation run."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "matcher.problem",
        "matcher.solving",
        "matcher.blocking_pairs",
        "matcher.comparison",
        "matcher.what_if",
        "matcher.problem_changes",
    ],
)
def test_examples_give_what_they_show(name):
    module = importlib.import_module(name)
    names = {"Problem": importlib.import_module("matcher").Problem}
    outcome = doctest.testmod(module, extraglobs=names)
    assert outcome.attempted > 0
    assert outcome.failed == 0
