"""What one may say about a suggested person."""

import uuid

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, ValidationError
from wtforms.validators import AnyOf


class SayForm(FlaskForm):
    """`verdict` is what to say; empty takes back what was said."""

    programme = HiddenField(_l("Programme"))
    side = HiddenField(_l("Side"), validators=[AnyOf(("mentor", "mentee"))])
    other = HiddenField(_l("Person"))
    verdict = HiddenField(_l("Answer"), validators=[AnyOf(("interested", "not_for_me", ""))])

    def validate_other(self, field: HiddenField) -> None:
        try:
            uuid.UUID(field.data or "")
        except ValueError:
            raise ValidationError(_l("This is nobody we know.")) from None
