"""Letters to mentors whom one does not know: writing, answering, and who may write."""

import uuid
from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, DataRequired, InputRequired, NumberRange

from webapp.forms.lengths import NoLongerThan
from webapp.services.letter_text import clean_text

SHORT, LONG = 600, 2000
ASKS = (
    SelectChoice("15", _l("15 minutes, once")),
    SelectChoice("30", _l("30 minutes, once")),
    SelectChoice("60", _l("An hour, once")),
    SelectChoice("shadow_day", _l("A shadow day: to be beside you for a day at work")),
    SelectChoice("mentoring", _l("To be my mentor")),
)
NOT_NOW = (
    SelectChoice("", _l("Prefer not to say")),
    SelectChoice("no_time", _l("No time now")),
    SelectChoice("not_my_field", _l("Not my field")),
    SelectChoice("conflict", _l("Conflict of interest")),
)


def _clean(text: str | None) -> str:
    return clean_text(text or "")


def _text(label: object, hint: object, most: int, needed: object) -> TextAreaField:
    return TextAreaField(
        label,
        description=hint,
        filters=[_clean],
        validators=[DataRequired(needed), NoLongerThan(most)],
    )


class LetterForm(FlaskForm):
    """`step` says what the button does: look at the letter, change it, or send it."""

    form_key = HiddenField(_l("Form"))
    who = _text(
        _l("Who I am"),
        _l("Where you are, what you do, what you are working towards. Up to 600 characters."),
        SHORT,
        _l("Write a line or two about yourself."),
    )
    why = _text(
        _l("Why you"),
        _l("What made you write: a talk, a paper, a way of working. Up to 600 characters."),
        SHORT,
        _l("Write why you turn to this mentor."),
    )
    question = _text(
        _l("My one question"),
        _l("One that can be answered in a talk or a few lines. Up to 2,000 characters."),
        LONG,
        _l("Write your question."),
    )
    ask = RadioField(
        _l("The time I ask for"), choices=ASKS, validators=[InputRequired(_l("Choose how much time you ask for."))]
    )

    def offer(self, asks: Collection[str]) -> None:
        """Leave the formats that this mentor gives."""
        self.ask.choices = [choice for choice in ASKS if choice.value in asks]

    def validate_form_key(self, field: HiddenField) -> None:
        try:
            uuid.UUID(field.data or "")
        except ValueError:
            raise ValidationError(_l("Load the page again, and send it once more.")) from None


class NotNowForm(FlaskForm):
    reason = SelectField(_l("Reason"), choices=NOT_NOW, default="")


class AskForm(FlaskForm):
    text = _text(
        _l("Your question"),
        _l("There is one answer to it. Up to 600 characters."),
        SHORT,
        _l("Write what you would like to know."),
    )


class ReplyForm(FlaskForm):
    text = _text(_l("Your answer"), _l("Up to 2,000 characters."), LONG, _l("Write your answer."))


class SuggestForm(FlaskForm):
    colleague = SelectField(
        _l("Colleague"),
        validators=[DataRequired(_l("Choose a colleague."))],
        invalid_choice_message=_l("That colleague takes no letters now. Choose another."),
    )


class SayForm(FlaskForm):
    verdict = HiddenField(_l("Answer"), validators=[AnyOf(("interested", "not_for_me", ""))])


class BoxForm(FlaskForm):
    is_open = BooleanField(_l("People I do not know may write to me"))
    a_week = IntegerField(
        _l("Letters a week"),
        invalid_value_message=_l("Write a number from 1 to 10."),
        description=_l("From 1 to 10. When they have come, nobody else can write until Monday."),
        validators=[
            InputRequired(_l("Write a number from 1 to 10.")),
            NumberRange(1, 10, _l("Write a number from 1 to 10.")),
        ],
    )
    about = TextAreaField(
        _l("What a good letter to you holds"),
        description=_l("Shown to whoever thinks of writing. Up to 600 characters."),
        filters=[_clean],
        validators=[NoLongerThan(SHORT)],
    )
