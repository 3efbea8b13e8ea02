"""As what one joins, and the last yes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput


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


class AdultForm(FlaskForm):
    adult = BooleanField(
        _l("I am 18 or older"),
        description=_l(
            "We ask every student. A mentor meets you alone, on a call or in a hospital, and we cannot yet do for "
            "younger people all that such meetings need. Nobody else can tick this for you; we keep the day."
        ),
        validators=[
            DataRequired(
                _l("Tick this if it is so. Whoever is younger is welcome later: only adults take part for now.")
            )
        ],
    )


class CheckForm(FlaskForm):
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])
    terms = BooleanField(
        _l("I agree to this"), validators=[DataRequired(_l("Tick this to join, or come back when you are sure."))]
    )


class StudentCheckForm(AdultForm, CheckForm):
    """A student is asked one thing more."""
