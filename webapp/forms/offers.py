"""Answers to an offer, and the end of a pair."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import AnyOf

REASONS = (
    ("", _l("Prefer not to say")),
    ("no_time", _l("No time now")),
    ("better_fit", _l("Another would fit better")),
    ("conflict", _l("Conflict of interest")),
)
END_REASONS = (
    ("", _l("Prefer not to say")),
    ("goal_reached", _l("We did what we set out to do")),
    ("no_time", _l("No time now")),
    ("moved", _l("Work or life moved on")),
    ("fit", _l("Another would fit better")),
)


class AnswerForm(FlaskForm):
    # Two buttons of one name send it, so it has no control of its own.
    answer = StringField(_l("Your answer"), [AnyOf(("yes", "no"), _l("Choose one of the two buttons."))])
    reason = SelectField(_l("Reason"), choices=REASONS, default="")


class EndForm(FlaskForm):
    reason = SelectField(_l("Reason"), choices=END_REASONS, default="")
