"""Scenarios of a round: worked out with weights of their own, named, compared."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DecimalField, Field, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from webapp.forms.rounds import SolveForm
from webapp.forms.settings import CRITERIA


def _weight(name: str) -> DecimalField:
    return DecimalField(
        CRITERIA[name],
        places=None,
        validators=[
            InputRequired(_l("Give a number; 0 leaves it out.")),
            NumberRange(0, 100, _l("A number between 0 and 100.")),
        ],
    )


class ScenarioForm(SolveForm):
    """What one scenario is worked out by."""

    minimum = DecimalField(
        _l("Smallest fit of a pair"),
        description=_l("Between 0 and 1. Pairs below it are not proposed; 0 leaves every possible pair in."),
        places=None,
        validators=[InputRequired(_l("Give a number; 0 leaves all in.")), NumberRange(0, 1, _l("Between 0 and 1."))],
    )
    weight_specialty = _weight("specialty")
    weight_topics = _weight("topics")
    weight_stage = _weight("stage")
    weight_availability = _weight("availability")
    weight_languages = _weight("languages")
    weight_background = _weight("background")
    weight_interest = _weight("interest")

    @property
    def weight_fields(self) -> list[Field]:
        return [self[f"weight_{name}"] for name in CRITERIA]

    @property
    def weights(self) -> dict[str, float]:
        return {name: float(self[f"weight_{name}"].data) for name in CRITERIA}

    @property
    def has_faults_inside(self) -> bool:
        """Whether the fold with the weights must stand open, for something in it needs another look."""
        return any(field.errors for field in (self.minimum, *self.weight_fields))

    def begin(self, weights: Mapping[str, float], minimum: float) -> None:
        """Fill in what the round was frozen with."""
        self.process(data={"minimum": minimum} | {f"weight_{name}": weights.get(name, 0.0) for name in CRITERIA})

    def validate_weight_specialty(self, _field: Field) -> None:
        if all(part.data is not None and part.data == 0 for part in self.weight_fields):
            raise ValidationError(_l("At least one of them must count: give a number above 0."))


class RenameForm(FlaskForm):
    name = StringField(
        _l("Name"),
        validators=[DataRequired(_l("Give the scenario a name.")), Length(max=120)],
    )


class RemoveScenarioForm(FlaskForm):
    """Nothing but the word that it is meant."""
