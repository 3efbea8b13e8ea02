"""Reminding, and giving more time."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from webapp.services.following import MOST_DAYS

_RANGE = _l("Give a number of days from 1 to 30.")


class RemindForm(FlaskForm):
    """A button and nothing else."""


class ExtendForm(FlaskForm):
    days = IntegerField(
        _l("Days more"),
        validators=[InputRequired(_RANGE), NumberRange(1, MOST_DAYS, message=_RANGE)],
        default=3,
    )
