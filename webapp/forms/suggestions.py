"""What one may say about a suggested person."""

import uuid

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, ValidationError
from wtforms.validators import AnyOf, Optional


class AboutForm(FlaskForm):
    """Who speaks as what, and of whom."""

    programme = HiddenField(_l("Programme"))
    side = HiddenField(_l("Side"), validators=[AnyOf(("mentor", "mentee"))])
    other = HiddenField(_l("Person"))
    need = HiddenField(_l("What you look for"))

    def validate_other(self, field: HiddenField) -> None:
        try:
            uuid.UUID(field.data or "")
        except ValueError:
            raise ValidationError(_l("This is nobody we know.")) from None


class SayForm(AboutForm):
    """`verdict` is what to say; empty takes back what was said."""

    verdict = HiddenField(_l("Answer"), validators=[AnyOf(("interested", "not_for_me", ""))])


class RankForm(AboutForm):
    """One place up or down, or no order at all."""

    way = HiddenField(_l("Direction"), validators=[AnyOf(("up", "down", "none"))])


class ReasonForm(AboutForm):
    """Why somebody is not for one; empty is "I would rather not say". The view gives the choices."""

    reason = SelectField(_l("Why not?"), validators=[Optional()])
