"""A small cast for the tests of the engine: each call may change any answer."""

from datetime import date
from typing import Any

from matcher.hours import parse_hours
from matcher.pool import Mentee, Mentor
from matcher.scoring import Settings

YEAR = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}


def mentor(key: str = "mo", **answers: Any) -> Mentor:
    hours = answers.pop("hours", "")
    known: dict[str, Any] = {"person": key, "zone": "Europe/London", "windows": parse_hours(hours)}
    return Mentor(key, **{**known, **answers})


def mentee(key: str = "lee", **answers: Any) -> Mentee:
    hours = answers.pop("hours", "")
    known: dict[str, Any] = {"person": key, "zone": "Europe/London", "windows": parse_hours(hours)}
    return Mentee(key, **{**known, **answers})


def settings(**choices: Any) -> Settings:
    return Settings(**{**YEAR, **choices})
