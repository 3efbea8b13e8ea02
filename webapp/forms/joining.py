"""As what one joins, and the last yes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput

from webapp.forms.adult import AdultForm


class RolesForm(FlaskForm):
    roles = SelectMultipleField(
        _l("Tick one, or both"),
        description=_l("You may be both: residents often mentor students while an attending mentors them."),
        choices=[
            SelectChoice("mentee", _l("I look for a mentor")),
            SelectChoice("mentor", _l("I offer time as a mentor")),
        ],
        option_widget=CheckboxInput(),
        validators=[DataRequired(_l("Tick one of them, or both."))],
    )


class CheckForm(FlaskForm):
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    terms = BooleanField(
        _l("I agree to this"), validators=[DataRequired(_l("Tick this to join, or come back when you are sure."))]
    )


class StudentCheckForm(AdultForm, CheckForm):
    """A student is asked one thing more."""
