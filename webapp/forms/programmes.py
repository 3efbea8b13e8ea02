"""Making a programme, and naming who else coordinates it."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    EmailField,
    Field,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional, Regexp

CADENCES = (
    SelectChoice("weekly", _l("every week")),
    SelectChoice("fortnightly", _l("every two weeks")),
    SelectChoice("monthly", _l("once a month")),
    SelectChoice("bimonthly", _l("every two months")),
)
SLUG_FAULTS = {
    "taken": _l("Another programme has this address already. Choose another."),
    "reserved": _l("This address is needed for something else. Write some letters, for example lakeland-2027."),
}
COORDINATOR_FAULTS = {
    "unknown": _l("Nobody has signed up with this e-mail. The person must sign up first; then name them here."),
    "unconfirmed": _l("This e-mail has signed up but is not confirmed yet. Try again once it is."),
    "already": _l("This person coordinates the programme already."),
    "pending": _l("This person has not finished joining the programme yet. Try again after that."),
    "invited": _l("This person has not finished joining the programme yet. Try again after that."),
    "paused": _l("This person pauses at the moment. Try again after the pause."),
    "left": _l("This person has left the programme. Ask them to join again first."),
}


class BasicsFields(FlaskForm):
    name = StringField(
        _l("Name"),
        description=_l("As people will read it, for example “Lakeland Women in Surgery”."),
        validators=[DataRequired(_l("Give the programme a name.")), Length(max=120)],
    )
    summary = TextAreaField(
        _l("What it is, in two sentences"),
        description=_l("Stands on the page that you share."),
        validators=[Length(max=2_000)],
    )
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Give a date."))])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(_l("Give a date."))])
    enrols_until = DateField(
        _l("Join until"),
        description=_l("Shown to people; nothing closes by itself."),
        validators=[Optional()],
    )

    def validate_ends_on(self, field: Field) -> None:
        if field.data and self.starts_on.data and field.data <= self.starts_on.data:
            raise ValidationError(_l("The last day comes after the first."))
        if field.data and self.starts_on.data and field.data > self.starts_on.data + timedelta(days=1_830):
            raise ValidationError(_l("A programme lasts five years at most. Begin a new one after it."))


class MeetingFields(FlaskForm):
    cadence = SelectField(_l("A pair meets"), choices=CADENCES, default="monthly")
    meeting_minutes = IntegerField(
        _l("Minutes of a meeting"),
        validators=[
            InputRequired(_l("Give a number of minutes.")),
            NumberRange(15, 240, _l("Between 15 minutes and four hours.")),
        ],
        default=60,
    )


class CreateProgrammeForm(BasicsFields, MeetingFields):
    slug = StringField(
        _l("Address"),
        description=_l("The end of its link. Left empty, it is made from the name. It cannot be changed later."),
        validators=[
            Optional(),
            Length(2, 60),
            Regexp(
                r"[a-z0-9]+(-[a-z0-9]+)*$",
                message=_l("Small letters, digits and single hyphens, for example lakeland-2027."),
            ),
        ],
    )

    def suggest_dates(self, today: date) -> None:
        """Fill in a year from the month after next, with a fortnight between enrolment and start."""
        month = today.month + 2
        starts_on = date(today.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
        self.starts_on.data = starts_on
        self.ends_on.data = date(starts_on.year + 1, starts_on.month, 1) - timedelta(days=1)
        self.enrols_until.data = starts_on - timedelta(days=14)


class CoordinatorForm(FlaskForm):
    email = EmailField(
        _l("E-mail of the account"),
        validators=[DataRequired(_l("Give the e-mail of the account.")), Email(_l("This e-mail is not complete."))],
    )
