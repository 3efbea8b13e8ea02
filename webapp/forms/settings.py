"""The settings of a programme, a form for each section."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    EmailField,
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    ValidationError,
)
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from webapp.forms.programmes import BasicsFields, MeetingFields
from webapp.services.settings import Basics, Counts, Meetings, Rules, Section

CRITERIA = {
    "specialty": _l("Specialty wished and practised"),
    "topics": _l("Needs and topics"),
    "stage": _l("Career stage"),
    "availability": _l("Hours in common"),
    "languages": _l("Languages"),
    "background": _l("Shared background, where both chose to tell it"),
    "interest": _l("Wishes of both sides"),
}
# The tie that two specialties can have has no other values, so these are all the rules there can be.
TIES = (
    SelectChoice("", _l("Any specialty will do")),
    SelectChoice("0.3", _l("At least the same area")),
    SelectChoice("0.6", _l("At least a subspecialty in common")),
    SelectChoice("0.85", _l("At least a specialty and its subspecialty")),
    SelectChoice("1.0", _l("The same specialty")),
)
STEPS_AHEAD = (
    SelectChoice(-20, _l("The mentor may be at any stage")),
    SelectChoice(0, _l("The mentor is at the same stage or further on")),
    SelectChoice(1, _l("The mentor is one step further on at least")),
    SelectChoice(2, _l("The mentor is two steps further on at least")),
    SelectChoice(3, _l("The mentor is three steps further on at least")),
)
CONFLICT = _l("Somebody else saved this section while this page was open. Load it again, then make your change.")


class PlainNumber(DecimalField):
    """A number that can be compared: "NaN" and "Infinity" are none."""

    data: Decimal | None

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, Decimal) and not self.data.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))


class SectionForm(FlaskForm):
    """A section with the fingerprint of what it was opened with."""

    fingerprint = HiddenField()

    def show(self, section: Section) -> None:
        """Fill the form with what stands."""
        self.process(data=self.values_of(section) | {"fingerprint": section.fingerprint})

    def values_of(self, section: Section) -> dict[str, Any]:
        return asdict(section)

    def as_section(self) -> Section:
        """Return the answers as the service takes them."""
        raise NotImplementedError

    @property
    def wants_preview(self) -> bool:
        """Whether the button was pressed that shows what the answers would do, and saves nothing."""
        return "preview" in request.form


class BasicsForm(SectionForm, BasicsFields):
    contact = EmailField(
        _l("E-mail for questions"),
        validators=[Optional(), Email(_l("This e-mail is not complete.")), Length(max=254)],
    )

    def as_section(self) -> Basics:
        return Basics(
            name=self.name.data.strip(),
            summary=self.summary.data or "",
            contact=(self.contact.data or "").strip(),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            enrols_until=self.enrols_until.data,
        )


class MeetingsForm(SectionForm, MeetingFields):
    offer_days = IntegerField(
        _l("Days to answer an offer"),
        validators=[InputRequired(_l("Give a number of days.")), NumberRange(1, 60, _l("Between 1 and 60 days."))],
    )

    def as_section(self) -> Meetings:
        return Meetings(self.cadence.data, self.meeting_minutes.data, self.offer_days.data)


def _weight(name: str) -> PlainNumber:
    return PlainNumber(
        CRITERIA[name],
        places=None,
        validators=[
            InputRequired(_l("Give a number; 0 leaves it out.")),
            NumberRange(0, 100, _l("A number between 0 and 100.")),
        ],
    )


def _plainly(value: float) -> Decimal:
    """Return 3 for 3.0."""
    return Decimal(f"{value:g}")


class CountsForm(SectionForm):
    weight_specialty = _weight("specialty")
    weight_topics = _weight("topics")
    weight_stage = _weight("stage")
    weight_availability = _weight("availability")
    weight_languages = _weight("languages")
    weight_background = _weight("background")
    weight_interest = _weight("interest")
    minimum = PlainNumber(
        _l("Smallest fit of a pair"),
        description=_l("Between 0 and 1. Pairs below it are not proposed; 0 leaves every possible pair in."),
        places=None,
        validators=[InputRequired(_l("Give a number; 0 leaves all in.")), NumberRange(0, 1, _l("Between 0 and 1."))],
    )
    full_shared_minutes = IntegerField(
        _l("Minutes a week in common that are plenty"),
        description=_l("From so many on, more hours in common raise a fit no further."),
        validators=[
            InputRequired(_l("Give a number of minutes.")),
            NumberRange(15, 10_080, _l("Between 15 minutes and a week (10,080).")),
        ],
    )
    stage_ahead = IntegerField(
        _l("Steps ahead that count in full"),
        description=_l("A mentor so many steps further on in her career, or more, has the full share for it."),
        validators=[InputRequired(_l("Give a number of steps.")), NumberRange(1, 20, _l("Between 1 and 20."))],
    )

    @property
    def weight_fields(self) -> list[Field]:
        return [self[f"weight_{name}"] for name in CRITERIA]

    @property
    def shares(self) -> list[int | None]:
        """How much of a whole fit each criterion counts, in percent; none where the numbers do not say."""
        weights = [weight if weight is not None and 0 <= weight <= 100 else None for weight in self._weights()]
        whole = sum(weight or 0 for weight in weights)
        return [None if weight is None or not whole else round(100 * weight / whole) for weight in weights]

    def _weights(self) -> list[float | None]:
        return [None if part.data is None else float(part.data) for part in self.weight_fields]

    def validate_weight_specialty(self, _field: Field) -> None:
        if all(part.data is not None and part.data == 0 for part in self.weight_fields):
            raise ValidationError(_l("At least one of them must count: give a number above 0."))

    def values_of(self, section: Section) -> dict[str, Any]:
        values = asdict(section)
        weights = {f"weight_{name}": _plainly(weight) for name, weight in values.pop("weights").items()}
        return values | weights | {"minimum": _plainly(values["minimum"])}

    def as_section(self) -> Counts:
        return Counts(
            weights={name: float(self[f"weight_{name}"].data) for name in CRITERIA},
            minimum=float(self.minimum.data or 0),
            full_shared_minutes=self.full_shared_minutes.data,
            stage_ahead=self.stage_ahead.data,
        )


class RulesForm(SectionForm):
    language_required = BooleanField(
        _l("The two share a language"), description=_l("Asked of people who named their languages.")
    )
    hours_required = BooleanField(
        _l("The two share time for a meeting"), description=_l("Asked of people who gave their hours.")
    )
    min_shared_minutes = IntegerField(
        _l("Minutes a week in common at least"),
        description=_l("Left empty, one whole meeting is enough."),
        validators=[Optional(), NumberRange(0, 10_080, _l("Between 0 and a week (10,080)."))],
    )
    specialty = SelectField(_l("How close the specialties are"), choices=TIES, default="")
    minimum_ahead = SelectField(_l("How far on the mentor is"), choices=STEPS_AHEAD, coerce=int, default=0)
    former_pairs_allowed = BooleanField(
        _l("Two who were a pair before may become one again"),
        description=_l("Otherwise a new round leaves them to others."),
    )
    takes_students = BooleanField(
        _l("Students may join"),
        description=_l("Students of every kind, 18 or older. Those who have joined already stay."),
    )
    students_need_approval = BooleanField(
        _l("Students meet only mentors who are approved for students"),
        description=_l("You approve them on their own page, or several at once on “Mentors for students”."),
    )

    def values_of(self, section: Section) -> dict[str, Any]:
        assert isinstance(section, Rules)
        tie = next((key.value for key in TIES if key.value and float(key.value) >= section.specialty_floor), "1.0")
        return asdict(section) | {"specialty": tie if section.specialty_required else ""}

    def as_section(self) -> Rules:
        tie = self.specialty.data
        return Rules(
            language_required=self.language_required.data,
            hours_required=self.hours_required.data,
            min_shared_minutes=self.min_shared_minutes.data,
            specialty_required=bool(tie),
            specialty_floor=float(tie or 0.6),
            minimum_ahead=self.minimum_ahead.data,
            former_pairs_allowed=self.former_pairs_allowed.data,
            students_need_approval=self.students_need_approval.data,
            takes_students=self.takes_students.data,
        )
