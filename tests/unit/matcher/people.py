"""A small cast for the tests of the engine: each call may change any answer."""

from datetime import date
from typing import Any

import numpy as np

from matcher.availability import Window
from matcher.hours import parse_hours
from matcher.pool import Mentee, Mentor, Pool
from matcher.scoring import Settings
from matcher.taxonomy import load_taxonomy

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


def random_pool(seed: int, n_mentors: int, n_mentees: int, *, places: int = 1) -> Pool:
    """Draw a pool with few hours, so that some find nobody; stages, needs and specialties differ."""
    random = np.random.default_rng(seed)
    taxonomy = load_taxonomy()
    surgical = list(taxonomy.specialties)[:12]
    topics, stages = list(taxonomy.topics)[:8], list(taxonomy.stages)
    zones = ["Europe/London", "Europe/Berlin"]

    def common() -> dict[str, Any]:
        days = random.choice(5, 2, replace=False).tolist()
        starts = random.choice([7, 12, 17, 18], 2).tolist()
        return {
            "zone": str(random.choice(zones)),
            "windows": tuple(Window(day, start * 60, start * 60 + 60) for day, start in zip(days, starts, strict=True)),
            "specialties": (str(random.choice(surgical)),),
            "topics": tuple(random.choice(topics, 2, replace=False).tolist()),
            "languages": ("en",),
        }

    mentors = [
        mentor(
            f"m{number}",
            **common(),
            stage=stages[int(random.integers(4, 8))],
            stages_welcome=tuple(random.choice(stages[:4], 2, replace=False).tolist()),
            places=int(random.integers(0, places + 1)),
            minutes=60 * places,
        )
        for number in range(n_mentors)
    ]
    mentees = [
        mentee(
            f"n{number}",
            **common(),
            stage=stages[int(random.integers(0, 4))],
            wanted=int(random.integers(1, 3)),
            priority=float(random.integers(0, 2)),
        )
        for number in range(n_mentees)
    ]
    return Pool.build(mentors, mentees)
