"""The field for what somebody is called."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length, ValidationError

from webapp.services.names import LONGEST_NAME, holds_link, tidy_name


def _no_link(_form: FlaskForm, field: StringField) -> None:
    if holds_link(field.data or ""):
        raise ValidationError(_l("Write your name only."))


def name_field(label: Any, **kwargs: Any) -> StringField:
    return StringField(
        label,
        filters=[tidy_name],
        validators=[
            DataRequired(_l("Write your name.")),
            Length(max=LONGEST_NAME, message=_l("Use at most 200 characters.")),
            _no_link,
        ],
        **kwargs,
    )
