"""The one choice that everybody may make: light, dark, or as the device does."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf

THEMES = (("system", _l("As my device does")), ("light", _l("Light")), ("dark", _l("Dark")))


class ThemeForm(FlaskForm):
    theme = RadioField(
        _l("Appearance"),
        choices=[SelectChoice(*theme) for theme in THEMES],
        validators=[AnyOf([name for name, _text in THEMES])],
    )
