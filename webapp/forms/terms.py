"""The terms of a programme: written by its coordinator, agreed to by its members."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

TEXT_FAULTS = {"empty": _l("Say what people agree to."), "long": _l("Stay under 10,000 characters.")}


class TermsForm(FlaskForm):
    fingerprint = HiddenField()
    text = TextAreaField(
        _l("What people agree to when they join"),
        description=_l("One sentence a line."),
        validators=[DataRequired(TEXT_FAULTS["empty"]), Length(max=10_000, message=TEXT_FAULTS["long"])],
    )
    is_correction = BooleanField(
        _l("Only a typing error was corrected"),
        description=_l("Then nobody needs to agree anew. Otherwise everybody is asked on the home page."),
    )


class AgreeForm(FlaskForm):
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
