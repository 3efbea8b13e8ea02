"""The formats that a mentor gives, and the day of a question or a shadow day."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, HiddenField
from wtforms.validators import AnyOf, InputRequired


class FormatsForm(FlaskForm):
    gives_mentoring = BooleanField(
        _l("Mentoring through the year"),
        description=_l("A pair, by the round or by a letter. It takes a place of yours."),
    )
    gives_questions = BooleanField(
        _l("One question"), description=_l("One talk of 15, 30 or 60 minutes, asked for in a letter.")
    )
    gives_shadow_days = BooleanField(
        _l("A shadow day"),
        description=_l(
            "Somebody is beside you for a day at work. It counts as 60 minutes of your month. You agree on the day and "
            "the place, and ask your hospital for its permission."
        ),
    )
    welcomes_students = BooleanField(
        _l("Students are welcome"),
        description=_l("Without this no student is matched with you or finds you, whatever stages your offer names."),
    )


class DayForm(FlaskForm):
    on = DateField(_l("The day you agreed on"), validators=[InputRequired(_l("Choose the day."))])


class ToldForm(FlaskForm):
    answer = HiddenField(_l("Answer"), validators=[AnyOf(("yes", "no"))])
