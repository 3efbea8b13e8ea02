"""Tables in files: what is read, what is refused and how it is told, what is written."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula

from matcher.tables import Fault, TableError, column_letter, read_table, table_bytes


def put(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def faults(path):
    with pytest.raises(TableError) as caught:
        read_table(path)
    return [str(fault) for fault in caught.value.faults]


def workbook(folder, rows, name="t.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / name)
    return folder / name


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,2\n",
        "a;b\r\n1;2\r\n",
        "a\tb\n1\t2",
        b"\xef\xbb\xbfa,b\n1,2\n",
        " a , b,,\n1,2 ,,\n,,,\n",
        '"a",b\n"1","2"\n\n',
    ],
)
def test_csv_is_read_with_any_separator_bom_and_empty_edges(tmp_path, content):
    rows = read_table(put(tmp_path, "t.csv", content))
    assert [row.cells for row in rows] == [("a", "b"), ("1", "2")]
    assert [row.number for row in rows] == [1, 2]


def test_comma_inside_quotation_marks_is_no_separator(tmp_path):
    rows = read_table(put(tmp_path, "t.csv", '"a,b,c";d\n1;2'))
    assert rows[0].cells == ("a,b,c", "d")


def test_row_numbers_count_empty_rows(tmp_path):
    assert [row.number for row in read_table(put(tmp_path, "t.csv", "a,b\n\n\n1,2"))] == [1, 4]


def test_windows_1252_is_told_for_each_row_with_the_byte(tmp_path):
    found = faults(put(tmp_path, "t.csv", "name,city\nAnn,Köln\nJosé,Rom\nBo,Rom\nEva,Málaga".encode("cp1252")))
    assert found == [
        "t.csv, row 2, column B: byte 0xF6 is not UTF-8 (ö in Windows-1252): save the file as “CSV UTF-8”",
        "t.csv, row 3, column A: byte 0xE9 is not UTF-8 (é in Windows-1252): save the file as “CSV UTF-8”",
        "t.csv, row 5, column B: byte 0xE1 is not UTF-8 (á in Windows-1252): save the file as “CSV UTF-8”",
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.csv", "", "t.csv: the file is empty"),
        ("t.csv", " \n ", "t.csv: the file is empty"),
        ("t.csv", ",,\n,,", "t.csv: no cell of the table holds anything"),
        ("t.csv", "a,b".encode("utf-16"), "t.csv: is not UTF-8 text (perhaps UTF-16)"),
        ("t.csv", b"a,b\n1,\x00", "t.csv: is not UTF-8 text"),
        ("t.csv", b"PK\x03\x04rest", "t.csv: is a workbook: let its name end in .xlsx"),
        ("t.csv", 'a,b\n1,2\n"3,4', "t.csv, row 3: cannot be read as CSV from here on"),
        ("t.xlsx", "a,b", "t.xlsx: is not a workbook that can be read"),
        ("t.ods", "a,b", "t.ods: the name must end in .csv or .xlsx"),
    ],
)
def test_unreadable_file_says_why(tmp_path, name, content, told):
    assert faults(put(tmp_path, name, content))[0].startswith(told)


def test_missing_file_and_folder_are_told(tmp_path):
    assert faults(tmp_path / "none.csv") == ["none.csv: cannot be read: No such file or directory"]
    (tmp_path / "folder.csv").mkdir()
    assert faults(tmp_path / "folder.csv") == ["folder.csv: cannot be read: Is a directory"]


def test_archive_that_is_no_workbook_is_refused(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "a")
    assert faults(put(tmp_path, "t.xlsx", content.getvalue())) == [
        "t.xlsx: is not a workbook that can be read: save it as .xlsx again"
    ]


def test_workbook_cells_become_text(tmp_path):
    path = workbook(tmp_path, [["name", 1, None], ["Ann", 0.25, True], ["Bo", 1e16, False], [None, None, None]])
    assert [row.cells for row in read_table(path)] == [
        ("name", "1", ""),
        ("Ann", "0.25", "yes"),
        ("Bo", "10000000000000000", "no"),
    ]


def test_dates_in_workbooks_are_read_as_they_are_written_elsewhere(tmp_path):
    from datetime import date

    assert read_table(workbook(tmp_path, [["day"], [date(2026, 9, 1)]]))[1].cells == ("2026-09-01T00:00:00",)


def test_formula_without_a_stored_value_is_refused_not_read_as_empty(tmp_path):
    path = workbook(tmp_path, [["a", "b"], ["x", "=1+1"], ["y", ArrayFormula("B3", "=SUM(1)")]])
    assert faults(path) == [
        "t.xlsx, row 2, column B: the formula has no stored value: write the value itself",
        "t.xlsx, row 3, column B: the formula has no stored value: write the value itself",
    ]


def test_empty_workbook_is_told(tmp_path):
    assert faults(workbook(tmp_path, [])) == ["t.xlsx: no cell of the table holds anything"]


def test_columns_are_lettered_like_a_spreadsheet():
    assert [column_letter(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_csv_text_that_would_run_as_a_formula_is_made_harmless():
    assert table_bytes(".csv", [["=1+1", "@a", -0.5, "Ann, Dr"]]) == b"'=1+1,'@a,-0.5,\"Ann, Dr\"\n"


def test_workbook_is_written_with_numbers_as_numbers_and_text_as_text(tmp_path):
    path = put(tmp_path, "t.xlsx", table_bytes(".xlsx", [["=1+1", 0.5, "a\x01b", 3]]))
    cells = next(load_workbook(path).active.iter_rows())
    assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1", "s"), (0.5, "n"), ("ab", "s"), (3, "n")]


def test_written_tables_are_read_back(tmp_path):
    rows = [["name", "wert"], ["Ägidius; “x”", "0.5"], ['with "marks"\nand lines', "1"]]
    for ending in (".csv", ".xlsx"):
        path = put(tmp_path, f"t{ending}", table_bytes(ending, rows))
        assert [list(row.cells) for row in read_table(path)] == rows


def test_fault_names_its_place():
    assert str(Fault("f.csv", 3, "B", "wrong")) == "f.csv, row 3, column B: wrong"
    assert str(Fault("f.csv", None, None, "wrong")) == "f.csv: wrong"
