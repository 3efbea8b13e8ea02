"""What a person decides about her own data, and the way out."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput

from webapp.services.traits import TRAITS
from webapp.services.visibility import LEVELS

PHRASE = _l("delete my account")


class TraitsForm(FlaskForm):
    traits = SelectMultipleField(
        choices=[SelectChoice(trait, trait) for trait in TRAITS], option_widget=CheckboxInput()
    )


class VisibilityForm(FlaskForm):
    """One list for each field; `fields` and `levels` say in words what they are."""

    pronouns = SelectField()
    institution = SelectField()
    place = SelectField()
    bio = SelectField()
    brings = SelectField()
    achievements = SelectField()

    def __init__(self, fields: Mapping[str, Any], levels: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name, words in fields.items():
            self[name].label.text = words
            self[name].choices = [SelectChoice(level, levels[level]) for level in LEVELS]


class DeleteForm(FlaskForm):
    confirm = StringField(
        _l("Write: delete my account"),
        validators=[DataRequired(_l("Write the three words “delete my account”."))],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Your password"),
        validators=[DataRequired(_l("Write your password."))],
        render_kw={"autocomplete": "current-password"},
    )

    def validate_confirm(self, field: StringField) -> None:
        if " ".join((field.data or "").lower().split()) != str(PHRASE):
            raise ValidationError(_l("Write the three words “delete my account”."))
