"""What a mentor gives: minutes, places, a cap over all programmes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

from webapp.forms.profile import OfferForm
from webapp.services.time_promise import MOST_MINUTES, MOST_PLACES


class LimitsForm(FlaskForm):
    minutes_a_month = OfferForm.minutes_a_month
    places = IntegerField(
        _l("Mentees at the same time"),
        invalid_value_message=_l("Write a number of mentees, such as 2."),
        validators=[
            InputRequired(_l("Write a number of mentees, such as 2.")),
            NumberRange(1, MOST_PLACES, _l("Give at least one place, or pause instead. 50 is the most.")),
        ],
    )


class CapForm(FlaskForm):
    minutes_cap = IntegerField(
        _l("At most so many minutes a month over all programmes"),
        description=_l("Leave it empty for no cap."),
        invalid_value_message=_l("Write a number of minutes from 0 to 9,600, or leave it empty."),
        validators=[
            Optional(),
            NumberRange(0, MOST_MINUTES, _l("Write a number of minutes from 0 to 9,600, or leave it empty.")),
        ],
    )
