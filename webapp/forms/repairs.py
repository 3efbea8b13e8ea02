"""Repairs of a published round."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, RadioField, SelectChoice
from wtforms.validators import UUID, AnyOf, InputRequired, NumberRange, StopValidation


def _only_with_some(form: FlaskForm, field: Field) -> None:
    """Ask for a number only where the choice above it needs one."""
    if form.reach.data != "some":
        field.errors = []
        raise StopValidation


class RepairForm(FlaskForm):
    """How far a repair may go."""

    reach = RadioField(
        _l("What may change"),
        choices=[
            SelectChoice("spare", _l("Only free time is used; no offer is withdrawn")),
            SelectChoice("some", _l("A few open offers may be withdrawn")),
            SelectChoice("any", _l("As many open offers as it takes to help everybody who can be helped")),
        ],
        default="spare",
    )
    most = IntegerField(
        _l("How many at most"),
        description=_l("Only offers that nobody has said yes to. The fewest possible are withdrawn in any case."),
        default=3,
        validators=[
            _only_with_some,
            InputRequired(_l("Write how many offers may be withdrawn.")),
            NumberRange(min=1, max=1000, message=_l("Write a number from 1 to 1,000.")),
        ],
    )

    @property
    def most_withdrawn(self) -> int | None:
        return {"spare": 0, "some": self.most.data, "any": None}[self.reach.data]


class SettleForm(FlaskForm):
    """Whether a repair is sent out as it was worked out, or put away."""

    repair_id = HiddenField(validators=[UUID()])
    what = HiddenField(validators=[AnyOf(["apply", "drop"])])
