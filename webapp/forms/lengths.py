"""How long a text may be."""

from flask_babel import gettext as _
from wtforms import Field, Form, ValidationError


class NoLongerThan:
    """Say how long a text is that is too long: what was written stays, so that its writer can shorten it."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, _form: Form, field: Field) -> None:
        length = len(field.data or "")
        if length > self.most:
            text = _("Keep it to %(most)s characters. It has %(n)s now.", most=f"{self.most:,}", n=f"{length:,}")
            raise ValidationError(text)
