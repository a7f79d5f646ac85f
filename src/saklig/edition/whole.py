"""Folders and files that are there whole or not at all.

A folder is filled beside its target under a hidden name, made to reach the disk, and renamed. Whatever stops that, a
full disk or the power, leaves what was there before; the hidden folder is removed when somebody writes there again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PARTIAL = ".saklig-partial-"


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A folder to be filled, which becomes `target` when the block ends, in the place of what was there before.

    When the block raises, `target` is as it was. Nothing may write to the same `target` at the same time.
    """
    partial = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=target.parent))
    try:
        partial.chmod(0o755)
        yield partial
        _sync_tree(partial)
        _put_in_place(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def write_file(path: Path, content: bytes, *, private: bool = False) -> None:
    """Replaces a file in one step. `private`: nobody but its owner may read it."""
    handle, name = tempfile.mkstemp(prefix=_PARTIAL, dir=path.parent)
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.chmod(0o600 if private else 0o644)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _sync_folder(path.parent)


def remove_leftovers(folder: Path) -> None:
    """Removes what runs that were killed have left in `folder`. Nothing may be writing there."""
    for path in folder.glob(_PARTIAL + "*"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _put_in_place(partial: Path, target: Path) -> None:
    """`partial` becomes `target`; if there was one, it is then where `partial` was."""
    if target.exists():
        _exchange(partial, target)
    else:
        partial.rename(target)
    _sync_folder(target.parent)


def _exchange(first: Path, second: Path) -> None:
    """Two folders change names in one step where the system knows how, in three renamings elsewhere."""
    import ctypes

    at_working_folder, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux's renameat2
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        rename = None
    if rename and rename(at_working_folder, os.fsencode(first), at_working_folder, os.fsencode(second), exchange) == 0:
        return
    aside = first.with_name(first.name + "-aside")
    second.rename(aside)
    try:
        first.rename(second)
    except OSError:
        aside.rename(second)
        raise
    aside.rename(first)


_FILES_ONE_BY_ONE = 20
"""Above it, the whole disk is told once: the thousand files of a site would take ten seconds."""


def _sync_tree(folder: Path) -> None:
    paths = [*folder.rglob("*"), folder]
    if len(paths) > _FILES_ONE_BY_ONE and hasattr(os, "sync"):
        os.sync()
        return
    for path in paths:
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows knows no handles of folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
