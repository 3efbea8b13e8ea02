"""Rounds: begun, worked out, published."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, IntegerField, SelectChoice, SelectField, StringField, ValidationError
from wtforms.validators import UUID, AnyOf, DataRequired, InputRequired, Length, Optional


class CreateRoundForm(FlaskForm):
    name = StringField(
        _l("Name"),
        description=_l("People read it in their offers, for example “Spring 2027”."),
        validators=[DataRequired(_l("Give the round a name, for example its term and year.")), Length(max=120)],
    )
    enrols_until = DateField(
        _l("Join until"),
        description=_l("Shown to people; nothing closes by itself."),
        validators=[Optional()],
    )


class StepForm(FlaskForm):
    step = HiddenField(validators=[AnyOf(["open", "freeze", "reopen", "cancel", "activate", "close", "archive"])])


class SolveForm(FlaskForm):
    objective = SelectField(
        _l("What comes first"),
        choices=[
            SelectChoice("coverage", _l("As many mentees as possible get a mentor")),
            SelectChoice("fair", _l("As many as possible, and the weakest place as good as can be")),
            SelectChoice("total", _l("The best fits in all")),
            SelectChoice("stable", _l("No two who would both rather have each other")),
        ],
        default="coverage",
    )
    name = StringField(_l("Name"), validators=[Length(max=120)])


class RuleForm(FlaskForm):
    """A pin, a pair ruled out, or neither any more; `back` keeps the page and its filters."""

    mentor_id = HiddenField(validators=[UUID()])
    mentee_id = HiddenField(validators=[UUID()])
    kind = HiddenField(validators=[AnyOf(["pin", "forbid", "clear"])])
    why = StringField(_l("Why"), validators=[Length(max=200, message=_l("Say it in 200 letters at most."))])
    seen = IntegerField(validators=[Optional()])  # the last change that the page knew of


class RemoveForm(FlaskForm):
    proposal_id = HiddenField(validators=[UUID()])
    what = HiddenField(validators=[AnyOf(["remove", "restore"])])
    seen = IntegerField(validators=[Optional()])


class PublishForm(FlaskForm):
    """The number of offers is typed, so that nobody publishes by a slip."""

    offers = IntegerField(
        _l("Type the number of offers"),
        validators=[InputRequired(_l("Type the number of offers, as it stands in the heading."))],
    )

    def __init__(self, expected: int) -> None:
        super().__init__()
        self.expected = expected

    def validate_offers(self, field: Field) -> None:
        if field.data != self.expected:
            raise ValidationError(_l("That is not the number of offers in the heading."))


class WithdrawForm(FlaskForm):
    offer_id = HiddenField(validators=[UUID()])
