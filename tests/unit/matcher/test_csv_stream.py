"""Long tables: read line by line, in bounded memory, with an end to what is told."""

import subprocess
import sys

import pytest

from matcher import csv_stream
from matcher.tables import TableError, read_table

LINE = "N{0},lee{0}@example.org,Junior resident,General Surgery,Grants,English,Europe/London,Mon 17:00-19:00\n"


def faults(path):
    with pytest.raises(TableError) as caught:
        read_table(path)
    return [str(fault) for fault in caught.value.faults]


MEASURE = """
import sys, tracemalloc
from pathlib import Path
import openpyxl.utils.exceptions  # read_table imports it when first called, and code takes memory too
from matcher.tables import read_table
tracemalloc.start()
rows = read_table(Path(sys.argv[1]))
print(len(rows), rows[1].cells[6] is rows[30_000].cells[6], tracemalloc.get_traced_memory()[1])
"""


def test_memory_holds_the_different_cells_and_not_the_file_beside_them(tmp_path):
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("id,email,stage,specialties,topics,languages,zone,hours\n")
        file.writelines(LINE.format(number) for number in range(30_000))
    # In a process of its own, so that nothing else takes memory meanwhile.
    found = subprocess.run([sys.executable, "-c", MEASURE, path], check=True, capture_output=True, text=True)
    n_rows, is_shared, peak = found.stdout.split()
    assert (n_rows, is_shared) == ("30001", "True")
    assert int(peak) < 4.5 * path.stat().st_size


def test_a_table_of_too_many_rows_is_refused_with_what_else_is_wrong(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_stream, "MOST_ROWS", 3)
    (tmp_path / "t.csv").write_bytes(b"a,b\nK\xf6ln,1\n2,2\n3,3\n4,4\n")
    assert faults(tmp_path / "t.csv") == [
        "t.csv, row 2, column A: byte 0xF6 is not UTF-8 (ö in Windows-1252): save the file as “CSV UTF-8”",
        "t.csv, row 4: has more than 3 rows: split it into several files",
    ]
    (tmp_path / "t.csv").write_text("a,b\n1,1\n2,2\n")
    assert len(read_table(tmp_path / "t.csv")) == 3


def test_a_file_of_another_encoding_is_not_told_line_by_line_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_stream, "MOST_FAULTS", 2)
    (tmp_path / "t.csv").write_bytes("ä\nö\nü\n".encode("cp1252"))
    assert len(faults(tmp_path / "t.csv")) == 2


def test_a_quotation_mark_left_open_does_not_hide_lines_of_another_encoding(tmp_path):
    (tmp_path / "t.csv").write_bytes(b'a,b\nK\xf6ln,1\n"2,2\n')
    assert [fault[:24] for fault in faults(tmp_path / "t.csv")] == ["t.csv, row 2, column A: "]


def test_a_zero_byte_far_down_is_told(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a,b\n" + b"1,2\n" * 2000 + b"\x00,2\n")
    assert faults(tmp_path / "t.csv") == ["t.csv: is not UTF-8 text (perhaps UTF-16): save the file as “CSV UTF-8”"]


def test_empty_lines_before_the_first_row_do_not_hide_the_separator(tmp_path):
    (tmp_path / "t.csv").write_text("\n\na;b\n1;2\n")
    assert [(row.number, row.cells) for row in read_table(tmp_path / "t.csv")] == [(3, ("a", "b")), (4, ("1", "2"))]


def test_a_long_file_of_blanks_holds_nothing(tmp_path):
    (tmp_path / "t.csv").write_text(" \n" * 4000)
    assert faults(tmp_path / "t.csv") == ["t.csv: no cell of the table holds anything"]
