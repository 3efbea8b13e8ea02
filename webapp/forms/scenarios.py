"""Scenarios of a round: worked out with weights and rules of their own, named, compared."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from webapp.forms.engine_settings import RuleFields, WeightFields
from webapp.forms.rounds import SolveForm
from webapp.services.scenario_settings import OwnSettings
from webapp.services.settings import PairRules


class ScenarioForm(SolveForm, WeightFields, RuleFields):
    """What one scenario is worked out by."""

    # Whether the form showed rules at all: a box that is not ticked is not sent, and must not switch a rule off.
    with_rules = HiddenField()

    @property
    def own_rules(self) -> PairRules | None:
        return self.rules if self.with_rules.data else None

    @property
    def has_faults_in_weights(self) -> bool:
        """Whether the fold with the weights must stand open, for something in it needs another look."""
        return any(field.errors for field in (self.minimum, *self.weight_fields))

    @property
    def has_faults_in_rules(self) -> bool:
        return any(field.errors for field in (self.min_shared_minutes, self.specialty, self.minimum_ahead))

    def begin(self, frozen: OwnSettings) -> None:
        """Fill in what the round was frozen with."""
        shown = self.of_weights(frozen.weights, frozen.minimum) | self.of_rules(frozen.rules)
        self.process(data=shown | {"with_rules": "1"})


class RenameForm(FlaskForm):
    name = StringField(
        _l("Name"),
        validators=[DataRequired(_l("Give the scenario a name.")), Length(max=120)],
    )


class PlainForm(FlaskForm):
    """Nothing but the word that it is meant."""
