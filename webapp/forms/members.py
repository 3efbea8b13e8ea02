"""What a coordinator changes on somebody's behalf."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from webapp.forms.names import name_field
from webapp.forms.picking import GroupedSelect, PickField
from webapp.services.errors import InvalidInputError
from webapp.services.vocabulary import language_groups, specialty_groups, stage_groups, zone_groups

SENTENCES = {
    "raised": _l("Nobody but the person concerned may raise this. Write less than it is now, or leave it."),
    "taken": _l("This address has an account already. Look among the duplicates."),
}


def _strip(text: str | None) -> str:
    return (text or "").strip()


def _limit(label: Any, most: int) -> IntegerField:
    return IntegerField(
        label,
        description=_l("You may lower it. Raising it is for the person alone."),
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(1, most, _l("Write a number from 1 to %(most)d.") % {"most": most}),
        ],
    )


class MemberForm(FlaskForm):
    """Facts may be left open: what somebody has not said stays unsaid."""

    name = name_field(_l("Name, with title"))
    stage = GroupedSelect(_l("Career stage"), stage_groups, empty=_l("Not stated"))
    specialties = PickField(
        _l("Specialties"), specialty_groups, validators=[Length(max=12, message=_l("Choose twelve at most."))]
    )
    languages = PickField(
        _l("Languages to meet in"),
        language_groups,
        validators=[Length(max=12, message=_l("Choose twelve at most."))],
    )
    zone = GroupedSelect(_l("Time zone"), zone_groups)
    institution = StringField(_l("Institution"), filters=[_strip], validators=[Length(max=200)])
    city = StringField(_l("City"), filters=[_strip], validators=[Length(max=120)])
    minutes_a_month = _limit(_l("Minutes a month"), 9600)
    places = _limit(_l("Mentees at the same time"), 50)
    mentors_wanted = _limit(_l("Mentors wanted"), 5)
    fingerprint = HiddenField()

    def keep_only(self, known: Any) -> None:
        """Take out the limits that this person has not set."""
        for name in ("minutes_a_month", "places", "mentors_wanted"):
            if name not in known:
                del self[name]

    @property
    def wanted(self) -> dict[str, Any]:
        """Return what was sent, without the token and the fingerprint."""
        return {name: value for name, value in self.data.items() if name not in {"csrf_token", "fingerprint"}}

    def show_faults(self, error: InvalidInputError) -> None:
        for name, fault in error.faults.items():
            self[name].errors = [SENTENCES[fault]]
