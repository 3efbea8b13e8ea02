"""Files that help with an import: an empty one to fill in, with the words it may use, and the faults of another."""

import io
from collections.abc import Sequence

from matcher.tables import table_bytes
from webapp.services.import_columns import template_rows
from webapp.services.import_words import list_words

_MARK = "\ufeff".encode()  # by which spreadsheets know that a CSV file is UTF-8


def template_file(kind: str) -> bytes:
    """Return the empty file, as CSV or as a workbook; the workbook lists the words on its second sheet."""
    return _workbook() if kind == "xlsx" else _MARK + table_bytes(".csv", template_rows())


def faults_file(rows: Sequence[Sequence[object]]) -> bytes:
    """Return a table as CSV, in which no cell is run as a formula."""
    return _MARK + table_bytes(".csv", rows)


def _workbook() -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    people = book.worksheets[0]
    people.title = "People"
    header, *examples = template_rows()
    for row in (header, *examples):
        people.append(row)
    words = book.create_sheet("Words")
    for number, (column, groups) in enumerate(list_words(), start=1):
        names = [choice.id if column == "Time zone" else choice.name for group in groups for choice in group.choices]
        for row_number, name in enumerate((column, *dict.fromkeys(names)), start=1):
            words.cell(row=row_number, column=number, value=name)
        words.column_dimensions[get_column_letter(number)].width = 42
    for sheet in (people, words):
        sheet.freeze_panes = "A2"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
    for number in range(1, len(header) + 1):
        people.column_dimensions[get_column_letter(number)].width = 24
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
