"""What people say about themselves, what they offer, and what they look for."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from webapp.forms.adult import ADULT, WHY_ADULT
from webapp.forms.dates import NO_DATE
from webapp.forms.names import name_field
from webapp.forms.picking import GroupedSelect, PickField
from webapp.services.own_words import PROMPTS
from webapp.services.vocabulary import (
    offered_languages,
    offered_specialties,
    offered_stages,
    offered_topics,
    zone_groups,
)

LONGEST_PROMPT = 600
LEAST_MINUTES, MOST_MINUTES = 30, 9600


def _strip(text: str | None) -> str:
    return (text or "").strip()


def _at_most(number: int) -> Length:
    text = {
        40: _l("Use at most 40 characters."),
        120: _l("Use at most 120 characters."),
        200: _l("Use at most 200 characters."),
        600: _l("Use at most 600 characters."),
    }[number]
    return Length(max=number, message=text)


def _prompt(label: Any, example: Any) -> TextAreaField:
    return TextAreaField(
        label,
        description=example,
        filters=[_strip],
        validators=[_at_most(LONGEST_PROMPT)],
    )


class AboutForm(FlaskForm):
    stage = GroupedSelect(
        _l("Where you are in your career"),
        offered_stages,
        kind="stage",
        empty=_l("Choose one"),
        validators=[DataRequired(_l("Choose the one that comes closest."))],
    )
    specialties = PickField(
        _l("Your specialties"),
        offered_specialties,
        kind="specialty",
        description=_l("Students: those that draw you. Short names such as ENT or OB/GYN are understood."),
        validators=[DataRequired(_l("Choose at least one.")), Length(max=12, message=_l("Choose twelve at most."))],
    )
    # Asked only where she becomes a student in a programme that she has joined.
    adult = BooleanField(ADULT, description=WHY_ADULT)
    languages = PickField(
        _l("Languages you could meet in"),
        offered_languages,
        kind="language",
        validators=[DataRequired(_l("Choose at least one.")), Length(max=12, message=_l("Choose twelve at most."))],
    )
    zone = GroupedSelect(
        _l("Your time zone"),
        zone_groups,
        empty=_l("Choose a city"),
        description=_l("All times are shown in it."),
        validators=[DataRequired(_l("Choose the city whose clock you live by."))],
    )
    institution = StringField(_l("Institution"), filters=[_strip], validators=[_at_most(200)])
    city = StringField(_l("City"), filters=[_strip], validators=[_at_most(120)])
    does = _prompt(_l("What do you do now?"), _l("Such as: second year of residency, mostly trauma and nights."))
    enjoys = _prompt(_l("What do you enjoy most in it?"), _l("Such as: the first case of the day; teaching to tie."))
    knows = _prompt(
        _l("What should a partner know about you?"), _l("Such as: two small children, so best after eight.")
    )

    @property
    def prompts(self) -> dict[str, str]:
        """What was answered about herself."""
        return {name: text for name in PROMPTS if (text := self[name].data)}

    @property
    def answers(self) -> dict[str, Any]:
        """All that is kept, the prompts as one."""
        plain = {name: value for name, value in self.data.items() if name not in {"csrf_token", "adult", *PROMPTS}}
        return plain | {"prompts": self.prompts}


class ProfileForm(AboutForm):
    name = name_field(_l("Your name, with title if you like"))
    pronouns = StringField(_l("Pronouns"), filters=[_strip], validators=[_at_most(40)])


class OfferForm(FlaskForm):
    topics = PickField(
        _l("What you can help with"),
        offered_topics,
        kind="topic",
        validators=[DataRequired(_l("Choose at least one."))],
    )
    minutes_a_month = IntegerField(
        _l("Minutes a month you can give"),
        invalid_value_message=_l("Write a number of minutes, such as 60."),
        validators=[
            InputRequired(_l("Write a number of minutes, such as 60.")),
            NumberRange(
                LEAST_MINUTES, MOST_MINUTES, _l("Give at least 30 minutes, or pause instead. 9,600 is the most.")
            ),
        ],
    )
    places = IntegerField(
        _l("Mentees at the same time"),
        description=_l("Leave it empty for as many as your minutes allow."),
        validators=[
            Optional(),
            NumberRange(1, 50, _l("Give at least one place, or pause instead. 50 is the most.")),
        ],
    )
    stages_welcome = PickField(
        _l("Whom you are glad to meet"),
        offered_stages,
        kind="stage",
        description=_l("Tick none to welcome everybody who is behind you on the way."),
    )
    about = TextAreaField(
        _l("What mentees should know about your mentoring"),
        filters=[_strip],
        validators=[Length(max=2000, message=_l("Please stay under 2,000 characters."))],
    )


class RequestForm(FlaskForm):
    first = GroupedSelect(
        _l("What you need most"),
        offered_topics,
        kind="topic",
        empty=_l("Choose one"),
        description=_l("This one counts double."),
        validators=[DataRequired(_l("Choose what matters most to you now."))],
    )
    second = GroupedSelect(_l("Second need"), offered_topics, kind="topic", empty=_l("None"))
    third = GroupedSelect(_l("Third need"), offered_topics, kind="topic", empty=_l("None"))
    specialties = PickField(
        _l("Specialties you would like to learn from"),
        offered_specialties,
        kind="specialty",
        description=_l("Choose none if you are open to all of them."),
        validators=[Length(max=12, message=_l("Choose twelve at most."))],
    )
    mentors_wanted = SelectField(
        _l("How many mentors would you like?"),
        description=_l("Nobody has everything. Most people start with one or two."),
        choices=[SelectChoice(n, str(n)) for n in range(1, 6)],
        coerce=int,
        default=1,
    )
    board = BooleanField(
        _l("One mentor for each of my needs"),
        description=_l(
            "We then look for one mentor for your first need, another for your second, and so on. Left unticked, every"
            " mentor is chosen by all your needs together. It takes two mentors and two needs at least."
        ),
    )
    goal = TextAreaField(
        _l("What should be different in a year?"),
        description=_l("Your mentors read this first. One or two sentences are enough."),
        filters=[_strip],
        validators=[Length(max=1000, message=_l("Please stay under 1,000 characters."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for need in (self.first, self.second, self.third):
            # A need that is not offered any more may change its place among the others.
            need.keep(getattr(kwargs.get("obj"), "topics", ()))

    @property
    def topics(self) -> list[str]:
        """The needs in order; a gap closes."""
        return [topic for topic in (self.first.data, self.second.data, self.third.data) if topic]

    def validate_second(self, field: Any) -> None:
        if field.data and field.data == self.first.data:
            raise ValidationError(_l("You chose this as your first need already."))

    def validate_third(self, field: Any) -> None:
        if field.data and field.data in {self.first.data, self.second.data}:
            raise ValidationError(_l("You chose this need already."))


class PauseForm(FlaskForm):
    paused_from = DateField(
        _l("From"),
        invalid_value_message=NO_DATE,
        validators=[InputRequired(_l("Choose the first day of your pause."))],
    )
    paused_until = DateField(
        _l("Until"),
        description=_l("Leave it empty if you do not know yet."),
        invalid_value_message=NO_DATE,
        validators=[Optional()],
    )

    def validate_paused_until(self, field: Any) -> None:
        if field.data and self.paused_from.data and field.data < self.paused_from.data:
            raise ValidationError(_l("The last day is before the first. Choose a later one."))
