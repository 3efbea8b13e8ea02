"""Questions about an offer, another hour, a first call."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from webapp.forms.lengths import NoLongerThan
from webapp.services.letter_text import clean_line, clean_text
from webapp.services.offer_calls import LONGEST_PLACE
from webapp.services.offer_questions import LONGEST

FAULTS = {
    "empty": _l("Write a line first."),
    "long": _l("Please stay under 600 characters."),
    "address": _l("Leave out addresses, links and numbers: you get each other’s address once both have said yes."),
}


def _clean(text: str | None) -> str:
    return clean_text(text or "")


class QuestionForm(FlaskForm):
    text = TextAreaField(
        _l("Your line"),
        filters=[_clean],
        validators=[DataRequired(FAULTS["empty"]), NoLongerThan(LONGEST)],
    )
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class _ChoicesForm(FlaskForm):
    choices = SelectMultipleField(
        _l("Which of these suit you?"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[DataRequired(_l("Tick at least one."))],
        invalid_choice_message=_l("One of them is not free any more. Here is what is: tick again."),
    )


class HourForm(_ChoicesForm):
    """Hours to propose, of those that the page offered."""


class CallForm(_ChoicesForm):
    """Moments to propose for a call, and how it is made."""

    place = StringField(
        _l("How do you call each other?"),
        description=_l("A number or a link to a video room. It is shown only once you both have agreed on the call."),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Say how you can be reached for this call.")),
            NoLongerThan(LONGEST_PLACE),
        ],
    )
    beyond = BooleanField(_l("I agree, although it goes past the minutes I give."))


class ChoiceForm(FlaskForm):
    """One button of several answers what was proposed."""

    choice = HiddenField(validators=[DataRequired(_l("Choose one of the buttons."))])
    beyond = BooleanField(_l("I agree, although it goes past the minutes I give."))
