"""The settings of a programme, a form for each section."""

from dataclasses import asdict
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, HiddenField, IntegerField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from webapp.forms.engine_settings import RuleFields, WeightFields
from webapp.forms.programmes import BasicsFields, MeetingFields
from webapp.services.settings import Basics, Counts, Meetings, Rules, Section

CONFLICT = _l("Somebody else saved this section while this page was open. Load it again, then make your change.")


class SectionForm(FlaskForm):
    """A section with the fingerprint of what it was opened with."""

    fingerprint = HiddenField()

    def show(self, section: Section) -> None:
        """Fill the form with what stands."""
        self.process(data=self.values_of(section) | {"fingerprint": section.fingerprint})

    def values_of(self, section: Section) -> dict[str, Any]:
        return asdict(section)

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


class CountsForm(SectionForm, WeightFields):
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
    def shares(self) -> list[int | None]:
        """How much of a whole fit each criterion counts, in percent; none where the numbers do not say."""
        weights = [weight if weight is not None and 0 <= weight <= 100 else None for weight in self._weights()]
        whole = sum(weight or 0 for weight in weights)
        return [None if weight is None or not whole else round(100 * weight / whole) for weight in weights]

    def _weights(self) -> list[float | None]:
        return [None if part.data is None else float(part.data) for part in self.weight_fields]

    def values_of(self, section: Section) -> dict[str, Any]:
        assert isinstance(section, Counts)
        return asdict(section) | self.of_weights(section.weights, section.minimum)

    def as_section(self) -> Counts:
        return Counts(
            weights=self.weights,
            minimum=float(self.minimum.data or 0),
            full_shared_minutes=self.full_shared_minutes.data,
            stage_ahead=self.stage_ahead.data,
        )


class RulesForm(SectionForm, RuleFields):
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
        return self.of_rules(section)

    def as_section(self) -> Rules:
        return Rules(
            **asdict(self.rules),
            students_need_approval=self.students_need_approval.data,
            takes_students=self.takes_students.data,
        )
