"""Days on which somebody is away."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from webapp.services.dates_away import KINDS
from webapp.services.errors import InvalidInputError

NAMES = {"on_call": _l("On call"), "holiday": _l("Holiday or leave"), "busy": _l("Busy")}
_FAULTS = {
    "order": _l("The last day is before the first. Choose a later one."),
    "past": _l("These days are over. Choose days that lie ahead."),
    "far": _l("This is more than three years away. Choose a day before that."),
    "many": _l("You have 100 of them already. Remove some, or untick the hours in your week instead."),
}


class DatesAwayForm(FlaskForm):
    kind = RadioField(
        _l("What is it?"),
        choices=[SelectChoice(key, NAMES[key]) for key in KINDS],
        default="on_call",
    )
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Choose the first day, such as 24/12/2026."))])
    ends_on = DateField(_l("Last day"), description=_l("Leave it empty for a single day."), validators=[Optional()])

    def show(self, error: InvalidInputError) -> None:
        """Say what the service refused where it can be mended."""
        for name, why in error.faults.items():
            field: Any = self[name if name in self.data else "starts_on"]
            field.errors = [_FAULTS[why]]
