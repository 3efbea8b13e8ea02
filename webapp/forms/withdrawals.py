"""Leaving a round, and coming back."""

from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import UUID, AnyOf


class OwnRoundForm(FlaskForm):
    what = HiddenField(validators=[AnyOf(["leave", "rejoin"])])


class WithdrawalForm(OwnRoundForm):
    membership_id = HiddenField(validators=[UUID()])
