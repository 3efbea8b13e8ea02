"""Pools of mixed minutes, and how tests make small ones pass for large."""

import numpy as np
import pytest

from matcher import (
    Problem,
    good_pairs,
    mixed_minutes,
    neighbourhoods,
)
from matcher.filled_programme import relax_filled
from matcher.linear_programme import first_pairs, relax
from matcher.network import build_network

NOBODY = np.empty(0, dtype=np.int64)


def pool(n_mentors=30, n_mentees=60, *, lengths=(30, 45, 60), given_minutes=(60, 80, 100, 110), **more):
    generator = np.random.default_rng(8)
    return Problem(
        generator.random((n_mentors, n_mentees)),
        3,
        2,
        generator.choice(lengths, n_mentees),
        generator.choice(given_minutes, n_mentors),
        **more,
    )


@pytest.fixture
def as_large(monkeypatch):
    """Treat every pool as a large one, in small steps."""
    monkeypatch.setattr(mixed_minutes, "SMALL", 0)
    monkeypatch.setattr(neighbourhoods, "FREE_MENTORS", 6)
    monkeypatch.setattr(good_pairs, "PATIENCE", 3)
    monkeypatch.setattr(good_pairs, "FEW", 1)


def said_nothing(_bound, _value):
    return None


def filled_of(problem, level, **more):
    network = build_network(problem, 0)
    relaxed = relax(network, level, more.pop("considered", first_pairs(network)))
    return network, relaxed, relax_filled(network, level, relaxed, np.inf, said_nothing)
