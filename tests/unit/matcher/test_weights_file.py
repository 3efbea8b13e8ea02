"""Own weights and capacities from files."""

import numpy as np
import pytest

from matcher.tables import TableError, table_bytes
from matcher.weights_file import read_capacity, read_weights


def put(folder, content, name="w.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def save(folder, array, name="w.npy"):
    np.save(folder / name, array)
    return folder / name


def faults(call, *args, **options):
    with pytest.raises(TableError) as caught:
        call(*args, **options)
    return [str(fault) for fault in caught.value.faults]


def test_first_row_names_mentees_and_first_column_mentors(tmp_path):
    table = read_weights(put(tmp_path, "x,Lee,Kim\nMo,0.5,\nAda,.25,1e-1\n"))
    assert (table.mentors, table.mentees) == (("Mo", "Ada"), ("Lee", "Kim"))
    assert np.array_equal(table.weights, [[0.5, np.nan], [0.25, 0.1]], equal_nan=True)


def test_workbook_holds_the_same(tmp_path):
    content = table_bytes(".xlsx", [["", "Lee", "Kim"], ["Mo", 0.5, ""], ["Ada", 1, 0]])
    table = read_weights(put(tmp_path, content, "w.xlsx"))
    assert np.array_equal(table.weights, [[0.5, np.nan], [1, 0]], equal_nan=True)


def test_every_fault_is_told_with_row_column_and_what_to_write(tmp_path):
    text = "x;Lee;Kim;Lee\nMo;0,5;1.2;nan\n;0.1;-1;1_0\nAda;0.1\nMo;½;inf;0.3\n"
    found = faults(read_weights, put(tmp_path, text))
    assert found == [
        "w.csv, row 1, column B: the mentee 'Lee' is named 2 times",
        "w.csv, row 1, column D: the mentee 'Lee' is named 2 times",
        "w.csv, row 2, column A: the mentor 'Mo' is named 2 times",
        "w.csv, row 3, column A: the name of the mentor is missing",
        "w.csv, row 5, column A: the mentor 'Mo' is named 2 times",
        "w.csv, row 2, column B: '0,5' has a decimal comma: write 0.5",
        (
            "w.csv, row 2, column C: 1.2 is outside 0 to 1: write a number from 0 to 1, "
            "or let --clip move it to the nearer end"
        ),
        (
            "w.csv, row 2, column D: 'nan' is not a number: write one from 0 to 1, "
            "or leave the cell empty for “not acceptable”"
        ),
        (
            "w.csv, row 3, column C: -1 is outside 0 to 1: write a number from 0 to 1, "
            "or let --clip move it to the nearer end, or let --blank -1 make it “not acceptable”"
        ),
        (
            "w.csv, row 3, column D: '1_0' is not a number: write one from 0 to 1, "
            "or leave the cell empty for “not acceptable”"
        ),
        "w.csv, row 4: has 2 cells where the first row has 4: one cell for each mentee, empty or not",
        (
            "w.csv, row 5, column B: '½' is not a number: write one from 0 to 1, "
            "or leave the cell empty for “not acceptable”"
        ),
        (
            "w.csv, row 5, column C: 'inf' is not a number: write one from 0 to 1, "
            "or leave the cell empty for “not acceptable”"
        ),
    ]


def test_table_without_people_is_told(tmp_path):
    assert faults(read_weights, put(tmp_path, "x\n")) == [
        "w.csv, row 1: the first row names no mentee: write one from column B on",
        "w.csv: there is no row of a mentor under the first row",
    ]


def test_blank_and_clip_apply_to_tables(tmp_path):
    path = put(tmp_path, "x,a,b,c,d\nm,-1.0,NA,1.5,-0.2\n")
    found = faults(read_weights, path, blank="-1", clip=True)
    assert found == [
        (
            "w.csv, row 2, column C: 'NA' is not a number: write one from 0 to 1, "
            "or leave the cell empty for “not acceptable”"
        )
    ]
    text = put(tmp_path, "x,a,b,c\nm,NA,1.5,-0.2\n")
    assert np.array_equal(read_weights(text, blank="NA", clip=True).weights, [[np.nan, 1, 0]], equal_nan=True)


def test_number_too_large_for_a_float_is_refused_even_when_clipping(tmp_path):
    assert "1e999 is outside 0 to 1" in faults(read_weights, put(tmp_path, "x,a\nm,1e999\n"), clip=True)[0]


def test_array_has_mentors_on_axis_0_and_nan_for_not_acceptable(tmp_path):
    table = read_weights(save(tmp_path, np.array([[0.5, np.nan, 1]])))
    assert (table.mentors, table.mentees) == (("0",), ("0", "1", "2"))
    assert np.isnan(table.weights).tolist() == [[False, True, False]]


def test_array_faults_are_grouped_and_name_the_first_place(tmp_path):
    array = np.full((6, 5), -1.0)
    array[0] = [0.5, 1.5, 2.5, -0.25, 0]
    assert faults(read_weights, save(tmp_path, array)) == [
        (
            "w.npy, row 1, column 0: -1 is outside 0 to 1: write a number from 0 to 1, or let --clip move it "
            "to the nearer end, or let --blank -1 make it “not acceptable” (25 cells like it)"
        ),
        (
            "w.npy, row 0, column 3: -0.25 is outside 0 to 1: write a number from 0 to 1, or let --clip move it "
            "to the nearer end, or let --blank -0.25 make it “not acceptable” (1 cell like it)"
        ),
        (
            "w.npy, row 0, column 1: 1.5 is outside 0 to 1: write a number from 0 to 1, or let --clip move it "
            "to the nearer end (2 cells like it)"
        ),
    ]


def test_blank_and_clip_apply_to_arrays(tmp_path):
    array = np.array([[-1, 2, -0.5]])
    weights = read_weights(save(tmp_path, array), blank="-1", clip=True).weights
    assert np.array_equal(weights, [[np.nan, 1, 0]], equal_nan=True)


def test_infinite_array_value_is_refused_even_when_clipping(tmp_path):
    assert "inf is outside 0 to 1" in faults(read_weights, save(tmp_path, np.array([[np.inf]])), clip=True)[0]


def test_blank_of_an_array_must_be_a_number(tmp_path):
    path = save(tmp_path, np.array([[0.5]]))
    assert faults(read_weights, path, blank="NA") == ["--blank: 'NA' is not a number, so no array can hold it"]


@pytest.mark.parametrize(
    ("array", "told"),
    [
        (np.zeros(3), "two axes"),
        (np.array([["a"]]), "two axes"),
        (np.zeros((0, 3)), "has shape (0, 3)"),
        (np.array([[0.5 + 1j]]), "two axes"),
    ],
)
def test_array_of_another_kind_is_refused(tmp_path, array, told):
    assert told in faults(read_weights, save(tmp_path, array))[0]


@pytest.mark.parametrize("content", [b"", b"not an array", b"PK\x03\x04", b"\x93NUMPY\x01"])
def test_file_that_is_no_array_is_refused(tmp_path, content):
    assert "is not an array of numbers" in faults(read_weights, put(tmp_path, content, "w.npy"))[0]


def test_pickled_array_is_refused(tmp_path):
    np.save(tmp_path / "w.npy", np.array([[{}]], dtype=object), allow_pickle=True)
    assert "is not an array of numbers" in faults(read_weights, tmp_path / "w.npy")[0]


def test_missing_array_is_told(tmp_path):
    assert faults(read_weights, tmp_path / "w.npy") == ["w.npy: cannot be read: No such file or directory"]


def test_capacity_is_one_number_for_all():
    assert read_capacity("2", ("a", "b"), "--mentor-capacity").tolist() == [2, 2]


@pytest.mark.parametrize("header", ["", "name,capacity\n"])
def test_capacity_file_has_one_row_for_each_name(tmp_path, header):
    path = put(tmp_path, f"{header}b,3\na,0\n", "c.csv")
    assert read_capacity(str(path), ("a", "b"), "--mentor-capacity").tolist() == [0, 3]


def test_capacity_faults_are_told_all_at_once(tmp_path):
    path = put(tmp_path, "name,capacity\nann,1\nann,2\nbo,-1\nev,2\nbea,1.5\n", "c.csv")
    assert faults(read_capacity, str(path), ("ann", "bo", "eva", "bea"), "--mentor-capacity") == [
        "c.csv, row 3, column A: 'ann' has a capacity already: keep one row",
        "c.csv, row 4, column B: '-1' is not a whole number of at least 0",
        "c.csv, row 5, column A: 'ev' is not in the weights; did you mean eva?",
        "c.csv, row 6, column B: '1.5' is not a whole number of at least 0",
        "c.csv: no capacity for eva",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [("-1", "--x: must be at least 0, not -1"), ("many", "--x: 'many' is neither a whole number nor")],
)
def test_capacity_that_is_no_number_and_no_file_is_told(text, told):
    assert faults(read_capacity, text, ("a",), "--x")[0].startswith(told)


def test_capacity_file_of_three_columns_is_told(tmp_path):
    path = put(tmp_path, "zzz,1,2\n", "c.csv")
    assert faults(read_capacity, str(path), ("a",), "--x") == [
        "c.csv, row 1: has 3 cells: write a name and a capacity",
        "c.csv: no capacity for a",
    ]
    path = put(tmp_path, "zzz\n", "c.csv")
    assert faults(read_capacity, str(path), ("a",), "--x")[0] == (
        "c.csv, row 1: has 1 cells: write a name and a capacity"
    )
    path = put(tmp_path, "zqx,3\na,1\n", "c.csv")
    assert faults(read_capacity, str(path), ("a",), "--x") == ["c.csv, row 1, column A: 'zqx' is not in the weights"]
