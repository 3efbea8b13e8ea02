"""Writing several files so that all of them are there afterwards, or none is changed."""

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_files"]


def write_files(files: Mapping[Path, bytes]) -> None:
    """
    Write every file, or none.

    Each content goes to a temporary sibling first; only when all are on the disk do they take their names, and
    if one cannot, those before it get their old content back.

    Raises
    ------
    OSError
        After everything is as it was.
    """
    siblings = {path: path.with_name(f".{path.name}.{os.getpid()}.new") for path in files}
    olds = {path: path.with_name(f".{path.name}.{os.getpid()}.old") for path in files}
    made = _make_folders(files)
    try:
        for path, content in files.items():
            with siblings[path].open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        _rename(siblings, olds)
    except OSError:
        for sibling in siblings.values():
            sibling.unlink(missing_ok=True)
        for folder in reversed(made):
            folder.rmdir()
        raise


def _make_folders(files: Mapping[Path, bytes]) -> list[Path]:
    made: list[Path] = []
    for parent in dict.fromkeys(path.parent for path in files):
        missing = [folder for folder in (parent, *parent.parents) if not folder.exists()]
        parent.mkdir(parents=True, exist_ok=True)
        made += reversed(missing)
    return made


def _rename(siblings: Mapping[Path, Path], olds: Mapping[Path, Path]) -> None:
    done: list[Path] = []
    try:
        for path, sibling in siblings.items():
            if path.is_file():
                path.rename(olds[path])
            done.append(path)
            sibling.rename(path)
    except OSError:
        for path in done:
            if path.is_file():
                path.unlink()
            if olds[path].exists():
                olds[path].rename(path)
        raise
    for path in done:
        olds[path].unlink(missing_ok=True)
