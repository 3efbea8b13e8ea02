"""What a coordinator sends from the page about the pool."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired, Regexp


class PlainForm(FlaskForm):
    """A button alone."""


class HintForm(FlaskForm):
    """How many mails the page said that there would be."""

    expected = HiddenField(validators=[InputRequired(), Regexp(r"^\d{1,6}$", message=_l("Give a number."))])
