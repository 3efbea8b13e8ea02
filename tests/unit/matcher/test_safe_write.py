"""All files or none."""

from pathlib import Path

import pytest

from matcher.safe_write import write_files


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_files_and_folders_are_made(tmp_path):
    write_files({tmp_path / "new/deep/a": b"1", tmp_path / "new/b": b"2"})
    assert content(tmp_path) == {"new/deep/a": b"1", "new/b": b"2"}


def test_old_files_are_replaced_and_nothing_is_left_beside_them(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    write_files({tmp_path / "a": b"new"})
    assert content(tmp_path) == {"a": b"new"}


def test_nothing_changes_when_one_cannot_be_written(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "c").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        write_files({tmp_path / "a": b"new", tmp_path / "b": b"new", tmp_path / "c": b"new"})
    assert content(tmp_path) == {"a": b"old"}
    assert (tmp_path / "c").is_dir()


def test_made_folders_go_again_when_writing_fails(tmp_path):
    (tmp_path / "c").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        write_files({tmp_path / "new/deep/a": b"1", tmp_path / "c": b"2"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c"]


def test_file_in_the_way_of_a_folder_is_told_and_kept(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        write_files({tmp_path / "a/b": b"1"})
    assert content(tmp_path) == {"a": b"old"}


def test_full_disk_leaves_everything_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matcher.safe_write.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_files({Path(tmp_path / "a"): b"new"})
    assert content(tmp_path) == {"a": b"old"}
