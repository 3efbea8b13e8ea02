"""Tables from files of every kind, and from those that mean harm."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.strategies import examples
from webapp.services.errors import InvalidInputError
from webapp.services.import_tables import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, read_upload

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_parts(parts: dict[str, str]) -> bytes:
    """Return a workbook of which some parts are others."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["Name"], ["Lee"]]))) as old, zipfile.ZipFile(content, "w") as new:
        for part in dict.fromkeys([*old.namelist(), *parts]):
            new.writestr(part, parts[part] if part in parts else old.read(part), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def with_part(name: str, text: str) -> bytes:
    return with_parts({name: text})


def sheet_of(rows: str) -> bytes:
    return with_part(SHEET, f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}</sheetData></worksheet>')


def cell(where: str, text: str) -> str:
    return f'<c r="{where}" t="inlineStr"><is><t>{text}</t></is></c>'


def why(data: bytes) -> str:
    with pytest.raises(InvalidInputError) as caught:
        read_upload(data)
    return caught.value.faults["file"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_any_usual_form(encoding, delimiter):
    text = f'Name{delimiter}City\r\n\r\n"Åsa{delimiter} Öhman"{delimiter}  Malmö \r\n'
    table = read_upload(text.encode(encoding))
    assert table.header == ("Name", "City")
    assert [(line.number, line.cells) for line in table.lines] == [(3, (f"Åsa{delimiter} Öhman", "Malmö"))]


def test_workbook_is_read_by_its_values_with_the_numbers_of_its_rows():
    table = read_upload(workbook([["Name", "Minutes", None], [], ["Lee", 120.0, None], ["Mo", True, None]]))
    assert table.header == ("Name", "Minutes")
    assert [(line.number, line.cells) for line in table.lines] == [(3, ("Lee", "120")), (4, ("Mo", "yes"))]


def test_texts_that_a_spreadsheet_keeps_apart_are_read():
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(io.BytesIO(workbook([["Name"]]))) as archive:
        types = archive.read("[Content_Types].xml").decode()
    row = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    parts = {
        SHEET: f'<worksheet xmlns="{NAMESPACE}"><sheetData>{row}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{NAMESPACE}"><si><t>Name</t></si><si><r><t>Lee</t></r></si></sst>',
        "[Content_Types].xml": types.replace(
            "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
        ),
    }
    assert read_upload(with_parts(parts)).lines[0].cells == ("Lee",)


def test_text_like_a_formula_stays_text():
    assert read_upload(b"Name,City\n=1+1,@SUM(A1)\n").lines[0].cells == ("=1+1", "@SUM(A1)")


def test_formula_counts_by_its_stored_value_and_without_one_is_refused():
    row = '<row r="1">' + cell("A1", "Name") + '</row><row r="2"><c r="A2" t="str"><f>"L"</f>{}</c></row>'
    assert read_upload(sheet_of(row.format("<v>Lee</v>"))).lines[0].cells == ("Lee",)
    assert why(sheet_of(row.format(""))) == "formula"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b",,\n,,\n", "empty"),
        (b"Name,Role\n", "people"),
        (b"Name,name\nLee,Mo\n", "header"),
        (b'Name,Role\n"Lee,mentee\n', "quote"),
        (b"\x81\x8d,\x8f\nx,y\n", "encoding"),
        (b"%PDF-1.7 ...", "kind"),
        (b"<html><table></table></html>", "kind"),
        (b"abc\0\0\1def", "kind"),
        (b"\xd0\xcf\x11\xe0 an old workbook", "old"),
        (b"PK\x03\x04 but no archive", "broken"),
        (workbook([["Name"], ["Lee"]])[:2000], "broken"),
        (b"a" * (MOST_BYTES + 1), "large"),
        (b"Name\n" + b"x\n" * (MOST_ROWS + 1), "rows"),
        (b"Name" + b",x" * MOST_COLUMNS + b"\nLee\n", "columns"),
        (b"Name\n" + b"x" * 5001 + b"\n", "cell"),
    ],
)
def test_other_files_are_refused_by_name_of_their_fault(data, fault):
    assert why(data) == fault


def test_zip_that_is_no_workbook_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("people.csv", "Name\nLee\n")
    assert why(content.getvalue()) == "kind"


@pytest.mark.parametrize(
    "data",
    [
        with_part(SHEET, "\0" * 60_000_000),  # a bomb: some 60 kB packed
        sheet_of("<row/>" * 200_001),
        sheet_of('<hyperlink ref="A1"/>' * 110_000),
        with_part("xl/styles.xml", f'<styleSheet xmlns="{NAMESPACE}">' + "<xf/>" * 110_000 + "</styleSheet>"),
        with_part("xl/sharedStrings.xml", f'<sst xmlns="{NAMESPACE}">' + "<si/>" * 400_001 + "</sst>"),
    ],
)
def test_workbook_that_would_grow_without_end_is_refused_before_it_does(data):
    assert len(data) < MOST_BYTES
    assert why(data) == "unpacked"


def test_entities_and_other_encodings_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    assert why(with_part(SHEET, f"{bomb}<worksheet>&b;</worksheet>")) == "broken"
    assert why(with_part(SHEET, '<?xml version="1.0" encoding="utf-16"?><worksheet/>')) == "broken"


def test_rows_far_down_cost_no_rows_between():
    last = '<row r="1">' + cell("A1", "Name") + '</row><row r="{0}">' + cell("A{0}", "{1}") + "</row>"
    assert why(sheet_of(last.format(1_048_576, "Lee"))) == "rows"
    assert why(sheet_of(last.format(1_048_576, ""))) == "people"
    assert why(sheet_of(last.format(99_999_999_999, "Lee"))) == "people"


@given(st.one_of(st.binary(max_size=200), st.text(alphabet='ab,;\t\n"=é', max_size=80).map(str.encode)))
@examples(300)
def test_no_bytes_break_the_reader(data):
    try:
        table = read_upload(data)
    except InvalidInputError:
        return
    assert table.lines
    assert all(len(line.cells) == len(table.header) for line in table.lines)


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=8))
@examples(60)
def test_no_damage_to_a_workbook_breaks_the_reader(where, noise):
    data = bytearray(workbook([["Name", "Role"], ["Lee", "mentee"]]))
    data[where : where + len(noise)] = noise
    try:
        table = read_upload(bytes(data))
    except InvalidInputError:
        return
    assert table.lines
