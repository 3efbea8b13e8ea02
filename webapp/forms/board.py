"""Changes by hand on the review board, and notes. Each carries what its page had seen."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import UUID, AnyOf, DataRequired, InputRequired, Length, Optional


class ChangeForm(FlaskForm):
    """A change of two people's pair; `seen` is the number of the last change that the page knew of."""

    what = HiddenField(validators=[AnyOf(["add", "move", "remove", "restore", "pin", "forbid"])])
    mentor_id = HiddenField(validators=[UUID()])
    mentee_id = HiddenField(validators=[UUID()])
    from_id = HiddenField(validators=[Optional(), UUID()])
    role = HiddenField(validators=[Length(max=80)])  # what a pin is for, on the mentee's board
    seen = IntegerField(validators=[InputRequired()])
    why = StringField(_l("Why"), validators=[Length(max=200, message=_l("Say it in 200 letters at most."))])


class UndoForm(FlaskForm):
    edit_id = HiddenField(validators=[UUID()])
    seen = IntegerField(validators=[InputRequired()])


class NoteForm(FlaskForm):
    """A note on one person or on two; a note that stands is written anew only over the version that was read."""

    text = TextAreaField(
        _l("Note"),
        description=_l("Only coordinators of this programme read it. It is in no export of people’s data."),
        validators=[
            DataRequired(_l("Write the note first.")),
            Length(max=1000, message=_l("Say it in 1,000 letters at most.")),
        ],
    )
    note_id = HiddenField(validators=[Optional(), UUID()])
    version = IntegerField(validators=[Optional()])
