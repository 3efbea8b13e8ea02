"""What people are called: a name stands in mails and on pages of others, so it is a name and nothing else."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length, ValidationError


def _trim(value: str | None) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", value or "").split())


def _no_link(_form: FlaskForm, field: StringField) -> None:
    # Anyone can have a mail with a name in it sent to anyone.
    if re.search(r"://|www\.|@", field.data or "", re.IGNORECASE):
        raise ValidationError(_l("Write your name only."))


def name_field(label: Any, **kwargs: Any) -> StringField:
    return StringField(
        label,
        filters=[_trim],
        validators=[
            DataRequired(_l("Write your name.")),
            Length(max=200, message=_l("Use at most 200 characters.")),
            _no_link,
        ],
        **kwargs,
    )
