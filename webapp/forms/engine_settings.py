"""Fields for what the engine goes by: weights and rules, of a programme or of one scenario."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, Field, IntegerField, SelectChoice, SelectField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from webapp.services.settings import PairRules

CRITERIA = {
    "specialty": _l("Specialty wished and practised"),
    "topics": _l("Needs and topics"),
    "stage": _l("Career stage"),
    "availability": _l("Hours in common"),
    "languages": _l("Languages"),
    "background": _l("Shared background, where both chose to tell it"),
    "interest": _l("Wishes of both sides"),
}
# The tie that two specialties can have has no other values, so these are all the rules there can be.
TIES = (
    SelectChoice("", _l("Any specialty will do")),
    SelectChoice("0.3", _l("At least the same area")),
    SelectChoice("0.6", _l("At least a subspecialty in common")),
    SelectChoice("0.85", _l("At least a specialty and its subspecialty")),
    SelectChoice("1.0", _l("The same specialty")),
)
STEPS_AHEAD = (
    SelectChoice(-20, _l("The mentor may be at any stage")),
    SelectChoice(0, _l("The mentor is at the same stage or further on")),
    SelectChoice(1, _l("The mentor is one step further on at least")),
    SelectChoice(2, _l("The mentor is two steps further on at least")),
    SelectChoice(3, _l("The mentor is three steps further on at least")),
)


class PlainNumber(DecimalField):
    """A number that can be compared: "NaN" and "Infinity" are none."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, Decimal) and not self.data.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))


def _weight(name: str) -> PlainNumber:
    return PlainNumber(
        CRITERIA[name],
        places=None,
        validators=[
            InputRequired(_l("Give a number; 0 leaves it out.")),
            NumberRange(0, 100, _l("A number between 0 and 100.")),
        ],
    )


def _plainly(value: float) -> Decimal:
    """Return 3 for 3.0."""
    return Decimal(f"{value:g}")


class WeightFields(FlaskForm):
    weight_specialty = _weight("specialty")
    weight_topics = _weight("topics")
    weight_stage = _weight("stage")
    weight_availability = _weight("availability")
    weight_languages = _weight("languages")
    weight_background = _weight("background")
    weight_interest = _weight("interest")
    minimum = PlainNumber(
        _l("Smallest fit of a pair"),
        description=_l("Between 0 and 1. Pairs below it are not proposed; 0 leaves every possible pair in."),
        places=None,
        validators=[InputRequired(_l("Give a number; 0 leaves all in.")), NumberRange(0, 1, _l("Between 0 and 1."))],
    )

    @property
    def weight_fields(self) -> list[Field]:
        return [self[f"weight_{name}"] for name in CRITERIA]

    @property
    def weights(self) -> dict[str, float]:
        return {name: float(self[f"weight_{name}"].data) for name in CRITERIA}

    @staticmethod
    def of_weights(weights: Mapping[str, float], minimum: float) -> dict[str, Decimal]:
        """Return these numbers by the fields that show them."""
        shown = {f"weight_{name}": _plainly(weights.get(name, 0.0)) for name in CRITERIA}
        return shown | {"minimum": _plainly(minimum)}

    def validate_weight_specialty(self, _field: Field) -> None:
        if all(part.data is not None and part.data == 0 for part in self.weight_fields):
            raise ValidationError(_l("At least one of them must count: give a number above 0."))


class RuleFields(FlaskForm):
    language_required = BooleanField(
        _l("The two share a language"), description=_l("Asked of people who named their languages.")
    )
    hours_required = BooleanField(
        _l("The two share time for a meeting"), description=_l("Asked of people who gave their hours.")
    )
    min_shared_minutes = IntegerField(
        _l("Minutes a week in common at least"),
        description=_l("Left empty, one whole meeting is enough."),
        validators=[Optional(), NumberRange(0, 10_080, _l("Between 0 and a week (10,080)."))],
    )
    specialty = SelectField(_l("How close the specialties are"), choices=TIES, default="")
    minimum_ahead = SelectField(_l("How far on the mentor is"), choices=STEPS_AHEAD, coerce=int, default=0)
    former_pairs_allowed = BooleanField(
        _l("Two who were a pair before may become one again"),
        description=_l("Otherwise a new round leaves them to others."),
    )

    @staticmethod
    def of_rules(rules: PairRules) -> dict[str, Any]:
        """Return these rules by the fields that show them."""
        tie = next((key.value for key in TIES if key.value and float(key.value) >= rules.specialty_floor), "1.0")
        return asdict(rules) | {"specialty": tie if rules.specialty_required else ""}

    @property
    def rules(self) -> PairRules:
        tie = self.specialty.data
        return PairRules(
            language_required=self.language_required.data,
            hours_required=self.hours_required.data,
            min_shared_minutes=self.min_shared_minutes.data,
            specialty_required=bool(tie),
            specialty_floor=float(tie or 0.6),
            minimum_ahead=self.minimum_ahead.data,
            former_pairs_allowed=self.former_pairs_allowed.data,
        )
