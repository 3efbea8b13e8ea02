"""The one question that every student is asked, wherever it is asked."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import DataRequired

ADULT = _l("I am 18 or older")
WHY_ADULT = _l(
    "We ask every student. A mentor meets you alone, on a call or in a hospital, and we cannot yet do for younger "
    "people all that such meetings need. Nobody else can tick this for you; we keep the day."
)
UNTICKED = _l("Tick this if it is so. Whoever is younger is welcome later: only adults take part for now.")


class AdultForm(FlaskForm):
    adult = BooleanField(ADULT, description=WHY_ADULT, validators=[DataRequired(UNTICKED)])
