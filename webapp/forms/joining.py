"""As what one joins, and the last yes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput


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
    terms = BooleanField(
        _l("I agree to this"), validators=[DataRequired(_l("Tick this to join, or come back when you are sure."))]
    )
