"""The certificate as a file."""

import json

import numpy as np
import pytest

from matcher import Certificate, InvalidCertificateError, Problem, solve, verify
from matcher.bounds import upper_bound
from matcher.certificate import FLOOR_TOLERANCE, TOLERANCE, is_closed, levels_of
from matcher.prices import Prices


@pytest.fixture(scope="module")
def certificate():
    generator = np.random.default_rng(0)
    return solve(Problem(generator.random((3, 5)), 1, 1, priority=[1, 0, 2, 0, 0]), seed=4).certificate


def test_a_certificate_comes_back_from_its_file_unchanged(certificate):
    again = Certificate.from_json(certificate.to_json())
    assert again.to_json() == certificate.to_json()
    assert again.pairs == certificate.pairs
    assert again.bounds == certificate.bounds


def test_its_file_has_a_line_for_each_value_and_little_air(certificate):
    lines = certificate.to_json().splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("{", ' "format": 3,', "}")


def test_it_carries_what_another_needs_to_check_it(certificate):
    content = json.loads(certificate.to_json())
    assert content["seed"] == 4
    assert content["objective"] == "coverage"
    assert content["mentor_capacity"] == [1, 1, 1]
    assert content["mentee_capacity"] == [1] * 5
    assert list(content["values"]) == ["coverage", "priority", "total"]
    assert set(content["versions"]) == {"python", "numpy", "scipy"}
    assert {"problem_sha256", "prices", "bounds", "gaps", "pairs", "minutes_mode"} <= set(content)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("certificate", "not JSON"),
        ("[1, 2]", "^the certificate is not a JSON object$"),
        ("{}", "has no bounds, content_sha256"),
    ],
)
def test_other_texts_are_no_certificates(text, says):
    with pytest.raises(InvalidCertificateError, match=says):
        Certificate.from_json(text)


def test_a_missing_or_unknown_field_is_named(certificate):
    content = json.loads(certificate.to_json())
    with pytest.raises(InvalidCertificateError, match="unknown fields: colour, smell"):
        Certificate.from_json(json.dumps(content | {"smell": "sweet", "colour": "blue"}))
    del content["seed"]
    with pytest.raises(InvalidCertificateError, match="has no seed"):
        Certificate.from_json(json.dumps(content))


def test_prices_bound_by_hand():
    # One mentor with one place, two mentees; a price of 0.4 on the place and 0.5 on the first mentee.
    problem = Problem([[0.9, 0.3]], 1, 1)
    prices = Prices(np.array([0.5, 0.0]), np.zeros(2), np.array([0.4]), np.zeros(1))
    assert upper_bound(problem, "total", prices, {}) == pytest.approx(0.9)
    nothing = Prices(np.zeros(2), np.zeros(2), np.zeros(1), np.zeros(1))
    assert upper_bound(problem, "total", nothing, {}) == pytest.approx(1.2)
    assert upper_bound(problem, "coverage", nothing, {}) == 2
    cover = Prices(np.zeros(2), -np.ones(2), np.ones(1), np.zeros(1))
    assert upper_bound(problem, "coverage", cover, {}) == 1


def test_any_prices_with_the_right_signs_bound_every_level():
    generator = np.random.default_rng(1)
    for _ in range(50):
        problem = Problem(
            generator.random((3, 4)),
            2,
            generator.integers(0, 3, 4),
            generator.choice([30, 60], 4),
            generator.choice([30, 90, 120], 3),
            priority=generator.random(4),
            person=[0, 0, 1, 2],
        )
        values = solve(problem).certificate.values
        prices = Prices(
            generator.random(4),
            generator.normal(size=3),
            generator.random(3),
            generator.random(3) / 100,
            float(generator.random()),
            float(generator.random()),
        )
        for level, value in values.items():
            assert upper_bound(problem, level, prices, values) >= value - 1e-9


def test_the_proof_needs_the_problem_it_was_made_for(certificate):
    other = Problem(np.random.default_rng(1).random((3, 5)), 1, 1, priority=[1, 0, 2, 0, 0])
    report = verify(other, certificate)
    assert not report.ok
    assert "problem_sha256: is not that of the problem" in report.faults


def test_a_floor_is_closed_more_easily_than_what_is_counted_or_summed():
    between = (TOLERANCE + FLOOR_TOLERANCE) / 2
    assert [is_closed(level, between) for level in ("floor", "total", "coverage")] == [True, False, False]
    assert is_closed("total", TOLERANCE)
    assert is_closed("floor", FLOOR_TOLERANCE)


def test_the_level_of_priority_is_there_where_somebody_has_one():
    assert levels_of("coverage", has_priority=False) == ("coverage", "total")
    assert levels_of("coverage", has_priority=True) == ("coverage", "priority", "total")
    assert levels_of("repair", has_priority=True) == ("coverage", "kept", "total")
