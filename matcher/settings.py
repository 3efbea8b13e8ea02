"""What a programme decides: weights of the criteria, rules, meeting length, cadence and dates."""

import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from matcher.errors import MatcherError

__all__ = ["CADENCES", "CRITERIA", "InvalidSettingsError", "Settings"]

CRITERIA: Mapping[str, float] = MappingProxyType(
    {
        "specialty": 3.0,
        "topics": 3.0,
        "stage": 1.0,
        "availability": 1.5,
        "languages": 0.5,
        "background": 1.0,
        "interest": 2.0,
    }
)
"""Every criterion with the weight a new programme gives it."""

CADENCES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"weekly": (1, 4), "fortnightly": (2, 2), "monthly": (4, 1), "bimonthly": (4, 1)}
)
"""For each cadence: every how many weeks of a four-week template, and how many cells of it a pair takes."""


class InvalidSettingsError(MatcherError, ValueError):
    """The settings of a programme are wrong; `faults` lists everything."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("; ".join(faults))


@dataclass(frozen=True)
class Settings:
    """
    The settings of a programme.

    Attributes
    ----------
    weights : mapping of str to float
        For each criterion at least 0; one left out counts 0.
    minutes : int
        Length of a meeting.
    cadence : str
        "weekly", "fortnightly", "monthly" or "bimonthly".
    starts_on, ends_on : date
        First and last date; they say which changes of clocks the hours must survive.
    minimum : float
        A pair below this weight is not acceptable.
    min_shared_minutes : int or None
        Shared minutes a week a pair needs; None is one meeting.
    full_shared_minutes : int
        Shared minutes a week from which more do not raise the score.
    stage_ahead : int
        Levels ahead at which the stage score is full.
    minimum_ahead : int
        Levels the mentor must be ahead at least; below 0 lets her be behind.
    specialty_required : bool
        Whether practice and interest must be tied at least as closely as `specialty_floor`.
    language_required, hours_required : bool
        Whether a pair that states them needs a shared language, and shared hours.
    former_pairs_allowed : bool
        Whether two who were a pair before may become one again.
    students_need_approval : bool
        Whether a student is matched only with mentors who are approved for students.
    """

    weights: Mapping[str, float] = field(default_factory=lambda: CRITERIA)
    minutes: int = 60
    cadence: str = "monthly"
    starts_on: date = date(2026, 1, 1)
    ends_on: date = date(2026, 12, 31)
    minimum: float = 0.0
    min_shared_minutes: int | None = None
    full_shared_minutes: int = 180
    stage_ahead: int = 2
    minimum_ahead: int = 0
    specialty_required: bool = False
    specialty_floor: float = 0.6
    language_required: bool = True
    hours_required: bool = True
    former_pairs_allowed: bool = False
    students_need_approval: bool = False

    def __post_init__(self) -> None:
        """Check everything at once."""
        object.__setattr__(self, "weights", MappingProxyType(dict(self.weights)))
        faults = _weight_faults(self.weights) + _range_faults(self)
        if self.cadence not in CADENCES:
            faults.append(f"cadence must be one of {', '.join(CADENCES)}, not {self.cadence!r}")
        if self.starts_on > self.ends_on:
            faults.append(f"ends_on ({self.ends_on}) is before starts_on ({self.starts_on})")
        if faults:
            raise InvalidSettingsError(faults)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by value, for a mapping proxy cannot be."""
        return Settings.from_dict, (self.to_dict(),)

    @classmethod
    def default(cls, today: date | None = None) -> "Settings":
        """Return the settings of a new programme: a year from today."""
        starts_on = today or date.today()  # noqa: DTZ011 a programme's dates are calendar dates
        return cls(starts_on=starts_on, ends_on=date(starts_on.year + 1, starts_on.month, min(starts_on.day, 28)))

    @classmethod
    def from_toml(cls, text: str) -> "Settings":
        """
        Read settings from TOML: the names of the attributes, and a table ``[weights]``.

        Raises
        ------
        InvalidSettingsError
            If it is not TOML, or with every fault.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise InvalidSettingsError([f"not TOML: {error}"]) from error
        return cls.from_dict(data)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Settings":
        """Read settings from plain values, as `to_dict` gives them; what is left out takes its default."""
        known = {entry.name for entry in fields(cls)}
        faults = [
            f"{name!r} is not a setting; known are {', '.join(sorted(known))}" for name in data if name not in known
        ]
        values = {name: value for name, value in data.items() if name in known}
        for name in ("starts_on", "ends_on"):
            if isinstance(values.get(name), str):
                try:
                    values[name] = date.fromisoformat(values[name])
                except ValueError:
                    faults.append(f"{name} must be a date such as 2026-09-01, not {values[name]!r}")
        faults += [f"{name}: {fault}" for name, value in values.items() if (fault := _type_fault(name, value))]
        if faults:
            raise InvalidSettingsError(faults)
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Give the settings as plain values, ready for JSON."""
        plain = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        plain["weights"] = dict(self.weights)
        plain["starts_on"], plain["ends_on"] = self.starts_on.isoformat(), self.ends_on.isoformat()
        return plain

    def to_toml(self) -> str:
        """Write the settings so that `from_toml` reads the same."""
        plain = {name: value for name, value in self.to_dict().items() if value is not None}
        weights = plain.pop("weights")
        lines = [f"{name} = {json.dumps(value)}" for name, value in plain.items()]
        lines += ["", "[weights]", *(f"{name} = {json.dumps(value)}" for name, value in weights.items())]
        return "\n".join(lines) + "\n"

    @property
    def meetings(self) -> int:
        """Meetings in a four-week template."""
        return CADENCES[self.cadence][1]

    @property
    def monthly_minutes(self) -> int:
        """Minutes a month a pair takes at this cadence; every two months is half of monthly, rounded up."""
        return -(-self.minutes // 2) if self.cadence == "bimonthly" else self.minutes * self.meetings

    def meeting_length(self, monthly: int | None) -> int:
        """Return the length of one meeting for someone who asks for so many minutes a month (None: the programme's)."""
        if monthly is None or monthly >= self.monthly_minutes:
            return self.minutes
        return monthly * 2 if self.cadence == "bimonthly" else max(1, monthly // self.meetings)

    @property
    def shared_minutes_needed(self) -> int:
        """Shared minutes a week that a pair needs."""
        return self.minutes if self.min_shared_minutes is None else self.min_shared_minutes


_TYPES: Mapping[str, tuple[tuple[type, ...], str]] = {
    "weights": ((Mapping,), "must be a table of criteria and numbers"),
    "minutes": ((int,), "must be a whole number"),
    "cadence": ((str,), "must be a text"),
    "starts_on": ((date, str), "must be a date"),
    "ends_on": ((date, str), "must be a date"),
    "minimum": ((int, float), "must be a number"),
    "min_shared_minutes": ((int, type(None)), "must be a whole number"),
    "full_shared_minutes": ((int,), "must be a whole number"),
    "stage_ahead": ((int,), "must be a whole number"),
    "minimum_ahead": ((int,), "must be a whole number"),
    "specialty_required": ((bool,), "must be true or false"),
    "specialty_floor": ((int, float), "must be a number"),
    "language_required": ((bool,), "must be true or false"),
    "hours_required": ((bool,), "must be true or false"),
    "former_pairs_allowed": ((bool,), "must be true or false"),
    "students_need_approval": ((bool,), "must be true or false"),
}


def _type_fault(name: str, value: object) -> str | None:
    types, message = _TYPES[name]
    # A bool is an int to Python, but "minutes = true" is a mistake.
    wrong = not isinstance(value, types) or (isinstance(value, bool) and bool not in types)
    return f"{message}, not {value!r}" if wrong else None


def _weight_faults(weights: Mapping[str, float]) -> list[str]:
    faults = [
        f"{name!r} is not a criterion; known are {', '.join(CRITERIA)}" for name in weights if name not in CRITERIA
    ]
    for name, value in weights.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
            faults.append(f"the weight of {name} must be a number of at least 0, not {value!r}")
    if not faults and not sum(weights.values()) > 0:
        faults.append("at least one criterion needs a weight above 0")
    return faults


def _range_faults(settings: Settings) -> list[str]:
    faults: list[str] = []
    for name, least, most in (
        ("minutes", 1, 24 * 60),
        ("minimum", 0, 1),
        ("min_shared_minutes", 0, 7 * 24 * 60),
        ("full_shared_minutes", 1, 7 * 24 * 60),
        ("stage_ahead", 1, 20),
        ("minimum_ahead", -20, 20),
        ("specialty_floor", 0, 1),
    ):
        value = getattr(settings, name)
        if value is not None and not least <= value <= most:
            faults.append(f"{name} must be between {least} and {most}, not {value}")
    return faults
