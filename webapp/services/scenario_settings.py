"""What a scenario may decide for itself: weights, the smallest fit, rules. Who takes part, and how, is frozen."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.settings import CRITERIA, Settings
from webapp.engine.encode import settings_of
from webapp.models import Programme, Round, Scenario
from webapp.services.errors import NotFoundError
from webapp.services.settings import PairRules


@dataclass(frozen=True)
class OwnSettings:
    """What pairs are weighed by and what makes one impossible."""

    weights: dict[str, float]
    minimum: float
    full_shared_minutes: int
    stage_ahead: int
    rules: PairRules

    @property
    def plain(self) -> dict[str, Any]:
        """Return all but the weights under the names that the engine gives them."""
        counts = {"full_shared_minutes": self.full_shared_minutes, "stage_ahead": self.stage_ahead}
        return {"minimum": self.minimum, **counts, **asdict(self.rules)}

    def differing(self, other: "OwnSettings") -> tuple[str, ...]:
        """Name what is not the same in both."""
        mine, hers = self.plain, other.plain
        weighed = [] if self.weights == other.weights else ["weights"]
        return (*weighed, *(name for name, value in mine.items() if value != hers[name]))


def frozen_settings(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID) -> OwnSettings:
    """Return what a round was frozen with: what a scenario takes unless it is told otherwise.

    Raises
    ------
    NotFoundError
        The programme has no such round, or nothing is frozen.

    """
    frozen = _frozen(session, programme_id, round_id)
    if frozen is None:
        raise NotFoundError
    return frozen


@dataclass(frozen=True)
class Changed:
    """What the programme has decided by now, and by name what of it a round was not frozen with."""

    today: OwnSettings
    names: tuple[str, ...]


def changed_since_frozen(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID) -> Changed:
    """Compare the programme's settings with those of a round; where nothing is frozen, nothing differs."""
    frozen, today = _frozen(session, programme_id, round_id), settings_today(session, programme_id)
    return Changed(today, frozen.differing(today) if frozen else ())


def _frozen(session: Session, programme_id: uuid.UUID, round_id: uuid.UUID) -> OwnSettings | None:
    """Return the settings alone: a snapshot holds thousands of people."""
    query = select(Round.snapshot["settings"]).where(Round.id == round_id, Round.programme_id == programme_id)
    plain = session.scalar(query)
    return None if plain is None else _own(plain)


def settings_today(session: Session, programme_id: uuid.UUID) -> OwnSettings:
    """Return what the programme has decided by now."""
    programme = session.get(Programme, programme_id, populate_existing=True)
    if programme is None:
        raise NotFoundError
    return _own(settings_of(programme).to_dict())


def settings_of_scenario(scenario: Scenario) -> OwnSettings:
    return _own({**scenario.rules.get("settings", {}), "weights": scenario.weights})


def _own(plain: Mapping[str, Any]) -> OwnSettings:
    settings = Settings.from_dict({**plain, "weights": plain.get("weights") or dict(CRITERIA)})
    if not settings.specialty_required:  # how close they would have to be says nothing then
        settings = replace(settings, specialty_floor=Settings.specialty_floor)
    return OwnSettings(
        weights={name: float(settings.weights.get(name, 0.0)) for name in CRITERIA},
        minimum=float(settings.minimum),
        full_shared_minutes=settings.full_shared_minutes,
        stage_ahead=settings.stage_ahead,
        rules=PairRules(**{field.name: getattr(settings, field.name) for field in fields(PairRules)}),
    )
