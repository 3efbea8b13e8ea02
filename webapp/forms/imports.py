"""A file to import, what its columns hold, and what is wrong with either."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from webapp.services.import_columns import ALL_ARE, NAMES

FILE_FAULTS: Mapping[str, Any] = {
    "large": _l("This file is larger than 8 MB. Take out pictures and sheets that are not needed, or split it."),
    "empty": _l("This file is empty. Choose one with a first row of column names and a row for each person."),
    "old": _l("This is an old or locked workbook. Save it as .xlsx without a password, or as CSV."),
    "kind": _l("This is neither a CSV file nor an .xlsx workbook. Save the table as one of them."),
    "broken": _l("This workbook cannot be read. Open it in a spreadsheet and save it as .xlsx again, or as CSV."),
    "unpacked": _l("This workbook unpacks to far more than a list of people. Copy the list to a new one, or use CSV."),
    "encoding": _l("The letters of this file cannot be read. Save it as “CSV UTF-8”."),
    "quote": _l("A quotation mark in this file is opened and never closed. Save it anew from a spreadsheet."),
    "rows": _l("There are more than 20,000 rows. Split the file into several."),
    "columns": _l("There are more than 60 columns. Keep those that are about people here."),
    "cell": _l("A cell holds more than 5,000 characters. Shorten it; a profile takes 2,000 at most."),
    "formula": _l("A formula has no stored result. Copy its column and paste it as values."),
    "header": _l("Two columns have the same name in the first row. Rename one of them."),
    "people": _l("There is nobody under the first row, which holds the names of the columns."),
}
COLUMN_FAULTS: Mapping[str, Any] = {
    "missing": _l("Choose the column that holds this."),
    "twice": _l("This column is chosen for something else already."),
    "unknown": _l("The file has no such column. Choose again."),
}
COLUMN_HINTS: Mapping[str, Any] = {
    "Role": _l("mentor, mentee or both"),
    "Time zone": _l("such as Europe/London; the programme’s own where a cell is empty"),
    "Hours": _l("such as Mon 17:00-20:00; Wed 07:00-08:00"),
    "Needs": _l("up to three, the most important first"),
    "Country": _l("a name, or a code such as US"),
}


class UploadForm(FlaskForm):
    file = FileField(
        _l("The file"),
        description=_l("CSV or XLSX, up to 8 MB and 20,000 rows."),
        validators=[FileRequired(_l("Choose a file first."))],
    )

    def refuse(self, why: str) -> None:
        self.file.errors = [FILE_FAULTS[why]]


class ConfirmForm(FlaskForm):
    seen = HiddenField()


class ColumnsForm(FlaskForm):
    """For each of our columns the one of the file that holds it; and the role of all where no column says it."""

    everyone = SelectField(
        _l("If no column says the role, everyone in this file is"),
        choices=[
            SelectChoice("", _l("(a column says it)")),
            SelectChoice("mentor", _l("a mentor")),
            SelectChoice("mentee", _l("a mentee")),
            SelectChoice("both", _l("both at once")),
        ],
    )

    def __init__(self, header: Iterable[str], mapping: Mapping[str, str]) -> None:
        given = {f"column{number}": mapping.get(name, "") for number, name in enumerate(NAMES)}
        super().__init__(data={**given, ALL_ARE: mapping.get(ALL_ARE, "")})
        choices = [SelectChoice("", _l("(not in this file)")), *(SelectChoice(n, n) for n in header if n)]
        for field in self.columns:
            field.choices = choices

    @property
    def columns(self) -> list[SelectField]:
        return [self[f"column{number}"] for number in range(len(NAMES))]

    @property
    def mapping(self) -> dict[str, str]:
        chosen = {name: field.data or "" for name, field in zip(NAMES, self.columns, strict=True)}
        return {**chosen, ALL_ARE: "" if chosen["Role"] else self.everyone.data}

    def refuse(self, faults: Mapping[str, str]) -> None:
        for name, field in zip(NAMES, self.columns, strict=True):
            if name in faults:
                field.errors = [COLUMN_FAULTS[faults[name]]]


for _number, _name in enumerate(NAMES):
    _needed = {"validate_choice": True, "description": COLUMN_HINTS.get(_name, "")}
    setattr(ColumnsForm, f"column{_number}", SelectField(_name, choices=[], **_needed))
