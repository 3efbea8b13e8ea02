"""Making a programme and changing its settings."""

from dataclasses import fields
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Email, InputRequired, Length, NumberRange, Optional, Regexp

from webapp.services.programmes import ProgrammeSettings

CADENCES = (
    SelectChoice("weekly", _l("every week")),
    SelectChoice("fortnightly", _l("every two weeks")),
    SelectChoice("monthly", _l("once a month")),
    SelectChoice("bimonthly", _l("every two months")),
)
CRITERIA = {
    "specialty": _l("Specialty wished and practised"),
    "topics": _l("Needs and topics"),
    "stage": _l("Career stage"),
    "availability": _l("Hours in common"),
    "languages": _l("Languages"),
    "background": _l("Shared background, where both chose to tell it"),
    "interest": _l("Wishes of both sides"),
}
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


class _Basics(FlaskForm):
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
    cadence = SelectField(_l("A pair meets"), choices=CADENCES, default="monthly")
    meeting_minutes = IntegerField(
        _l("Minutes of a meeting"),
        validators=[
            InputRequired(_l("Give a number of minutes.")),
            NumberRange(15, 240, _l("Between 15 minutes and four hours.")),
        ],
        default=60,
    )

    def validate_ends_on(self, field: Field) -> None:
        if field.data and self.starts_on.data and field.data <= self.starts_on.data:
            raise ValidationError(_l("The last day comes after the first."))
        if field.data and self.starts_on.data and field.data > self.starts_on.data + timedelta(days=1_830):
            raise ValidationError(_l("A programme lasts five years at most. Begin a new one after it."))


class CreateProgrammeForm(_Basics):
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


def _weight(name: str) -> DecimalField:
    return DecimalField(
        CRITERIA[name],
        places=None,
        validators=[
            InputRequired(_l("Give a number; 0 leaves it out.")),
            NumberRange(0, 100, _l("A number between 0 and 100.")),
        ],
    )


class SettingsForm(_Basics):
    fingerprint = HiddenField()
    terms = TextAreaField(
        _l("What people agree to when they join"),
        description=_l("One sentence a line."),
        validators=[DataRequired(_l("Say what people agree to.")), Length(max=10_000)],
    )
    contact = EmailField(
        _l("E-mail for questions"),
        validators=[Optional(), Email(_l("This e-mail is not complete.")), Length(max=254)],
    )
    offer_days = IntegerField(
        _l("Days to answer an offer"),
        validators=[InputRequired(_l("Give a number of days.")), NumberRange(1, 60, _l("Between 1 and 60 days."))],
    )
    minimum = DecimalField(
        _l("Smallest fit of a pair"),
        description=_l("Between 0 and 1. Pairs below it are not proposed; 0 leaves every possible pair in."),
        places=None,
        validators=[InputRequired(_l("Give a number; 0 leaves all in.")), NumberRange(0, 1, _l("Between 0 and 1."))],
    )
    weight_specialty = _weight("specialty")
    weight_topics = _weight("topics")
    weight_stage = _weight("stage")
    weight_availability = _weight("availability")
    weight_languages = _weight("languages")
    weight_background = _weight("background")
    weight_interest = _weight("interest")

    @property
    def weight_fields(self) -> list[Field]:
        return [self[f"weight_{name}"] for name in CRITERIA]

    def validate_weight_specialty(self, _field: Field) -> None:
        if all(part.data is not None and part.data == 0 for part in self.weight_fields):
            raise ValidationError(_l("At least one of them must count: give a number above 0."))

    def show(self, settings: ProgrammeSettings) -> None:
        """Fill the form with what stands."""
        self.process(
            data={field.name: getattr(settings, field.name) for field in fields(settings)}
            | {f"weight_{name}": weight for name, weight in settings.weights.items()}
            | {"fingerprint": settings.fingerprint}
        )

    def as_settings(self) -> ProgrammeSettings:
        """Return the answers as the service takes them."""
        return ProgrammeSettings(
            name=self.name.data.strip(),
            summary=self.summary.data or "",
            terms=self.terms.data,
            contact=(self.contact.data or "").strip(),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            enrols_until=self.enrols_until.data,
            cadence=self.cadence.data,
            meeting_minutes=self.meeting_minutes.data,
            offer_days=self.offer_days.data,
            minimum=float(self.minimum.data),
            weights={name: float(self[f"weight_{name}"].data) for name in CRITERIA},
        )


class CoordinatorForm(FlaskForm):
    email = EmailField(
        _l("E-mail of the account"),
        validators=[DataRequired(_l("Give the e-mail of the account.")), Email(_l("This e-mail is not complete."))],
    )
