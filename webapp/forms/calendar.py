"""A calendar file with busy times, and what of it is taken over."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from webapp.services.dates_away import Stretch, read_stretch
from webapp.services.week import Window, read_week

_FAULTS: Mapping[str, Any] = {
    "large": _l("This file is larger than 1 MB. Export the next three months alone, or one calendar instead of all."),
    "empty": _l("This file is empty. Export the calendar once more and choose the new file."),
    "zip": _l("This is a packed file. Unpack it first, then choose the .ics file inside."),
    "kind": _l("This is no calendar file. Export your calendar as iCalendar: a file that ends in .ics."),
    "events": _l("There are more than 2,000 entries. Export the next three months alone, or fewer calendars."),
    "times": _l(
        "The entries come again too often to be read. Leave out the calendar with reminders every few minutes."
    ),
}
_MOST_TAKEN = 100


class CalendarForm(FlaskForm):
    file = FileField(
        _l("Calendar file"),
        description=_l("A file that ends in .ics, up to 1 MB and 2,000 entries."),
        validators=[FileRequired(_l("Choose a file first."))],
    )

    def refuse(self, why: str) -> None:
        self.file.errors = [_FAULTS[why]]


class TakeOverForm(FlaskForm):
    """What was ticked in the preview, which itself is kept nowhere."""

    @property
    def dropped(self) -> tuple[Window, ...]:
        return read_week(" ".join(request.form.getlist("drop")))

    @property
    def dates(self) -> list[Stretch]:
        """The single dates; what this site did not write so is left out."""
        found = (read_stretch(text) for text in request.form.getlist("date")[:_MOST_TAKEN])
        return [stretch for stretch in found if stretch]
