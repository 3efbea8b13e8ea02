"""Goals, achievements, and what a mentor gets of it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from webapp.forms.dates import NO_DATE
from webapp.models.progress import ACHIEVEMENT_KINDS
from webapp.services.letter_text import clean_line, clean_text

EARLIEST = date(1950, 1, 1)


def _line(label: Any, empty: Any, **kwargs: Any) -> StringField:
    return StringField(
        label,
        filters=[clean_line],
        validators=[DataRequired(empty), Length(max=300, message=_l("Please stay under 300 characters."))],
        **kwargs,
    )


class BringsForm(FlaskForm):
    brings = TextAreaField(
        _l("What you bring"),
        description=_l(
            "What does a mentor get of working with you? A pair of hands for a paper, questions that make "
            "her think, a view of another hospital."
        ),
        filters=[lambda text: clean_text(text or "")],
        validators=[Length(max=600, message=_l("Please stay under 600 characters."))],
    )


class GoalForm(FlaskForm):
    text = _line(_l("What you aim at"), _l("Write down what you aim at."))
    due_on = DateField(
        _l("Until when"),
        invalid_value_message=NO_DATE,
        validators=[Optional()],
        description=_l("Leave it empty where there is no date."),
    )
    is_reached = BooleanField(_l("Reached"))


class AchievementForm(FlaskForm):
    kind = SelectField(_l("Kind"))
    text = _line(
        _l("What you brought about"),
        _l("Write down what you brought about."),
        description=_l("One line. Name no patients."),
    )
    achieved_on = DateField(_l("When"), invalid_value_message=NO_DATE, validators=[InputRequired(_l("Give a date."))])

    def __init__(self, words: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = [SelectChoice(kind, words[kind]) for kind in ACHIEVEMENT_KINDS]

    def validate_achieved_on(self, field: DateField) -> None:
        # A day ahead is today somewhere.
        if field.data and not EARLIEST <= field.data <= datetime.now(UTC).date() + timedelta(days=1):
            raise ValidationError(_l("Give a date that has come already."))
