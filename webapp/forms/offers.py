"""Answers to an offer, and the end of a pair."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField
from wtforms.validators import AnyOf

REASONS = (
    SelectChoice("", _l("Prefer not to say")),
    SelectChoice("no_time", _l("No time now")),
    SelectChoice("better_fit", _l("Another would fit better")),
    SelectChoice("conflict", _l("Conflict of interest")),
)
DECLINES = {choice.value: choice.label for choice in REASONS}
END_REASONS = (
    SelectChoice("", _l("Prefer not to say")),
    SelectChoice("goal_reached", _l("We did what we set out to do")),
    SelectChoice("no_time", _l("No time now")),
    SelectChoice("moved", _l("Work or life moved on")),
    SelectChoice("fit", _l("Another would fit better")),
)


class AnswerForm(FlaskForm):
    # Two buttons of one name send it, so it has no control of its own.
    answer = StringField(_l("Your answer"), [AnyOf(("yes", "no"), _l("Choose one of the two buttons."))])
    reason = SelectField(_l("Reason"), choices=REASONS, default="")


class EndForm(FlaskForm):
    reason = SelectField(_l("Reason"), choices=END_REASONS, default="")
