"""The one file that writes: editions, and the list of them. Whole or not at all.

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

from saklig.edition.edition import Edition
from saklig.edition.facts import ADDRESS_COLUMNS, NONE, NUMBER_COLUMNS, Facts, Labels
from saklig.edition.hashing import edition_id
from saklig.edition.listing import EDITIONS_FILE, Listing, listing_bytes
from saklig.edition.package import FACTS_FILE, PACKAGE_FILE, README_FILE, package_bytes
from saklig.edition.publication import Publication
from saklig.edition.readme import readme
from saklig.edition.schema import SMALL_COLUMNS, check_facts
from saklig.edition.statement import STUDY_FILE, statement_bytes
from saklig.study.model import Study

_PARTIAL = ".saklig-partial-"


def make_edition(study: Study, publication: Publication, facts: Facts) -> Edition:
    """An edition with its id. Raises EditionError for rows that no edition may hold."""
    check_facts(facts, study)
    return Edition(
        id=edition_id(statement_bytes(study, publication), facts), study=study, publication=publication, facts=facts
    )


def write_edition(edition: Edition, folder: Path) -> Path:
    """Writes `folder`/<first 16 hex of the id>, and returns it; what is there already is replaced by the same.

    Raises OSError where the disk refuses; then nothing has changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / edition.short_id
    with whole_folder(target) as partial:
        (partial / STUDY_FILE).write_bytes(statement_bytes(edition.study, edition.publication))
        _write_facts(edition.facts, partial / FACTS_FILE)
        (partial / README_FILE).write_text(readme(edition), encoding="utf-8", newline="\n")
        (partial / PACKAGE_FILE).write_bytes(package_bytes(edition, partial))
    return target


def write_listing(listing: Listing, folder: Path) -> None:
    """Replaces `folder`/editions.js in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_PARTIAL, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(listing_bytes(listing))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(folder / EDITIONS_FILE)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(folder)


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


def _sync_tree(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
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


def _write_facts(facts: Facts, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def texts(labels: Labels) -> pa.Array:
        return pa.DictionaryArray.from_arrays(pa.array(labels.codes), pa.array(labels.values, pa.string()))

    def numbers(name: str) -> pa.Array:
        column = facts.numbers(name)
        kind = pa.int32() if name in SMALL_COLUMNS else pa.int64()
        return pa.array(column, mask=column == NONE).cast(kind)

    columns = {name: texts(facts.address[name]) for name in ADDRESS_COLUMNS}
    columns |= {name: numbers(name) for name in NUMBER_COLUMNS}
    columns |= {"decimals": pa.array(facts.decimals, pa.int8()), "status": texts(facts.status)}
    pq.write_table(pa.table(columns), path, compression="zstd", write_page_checksum=True, store_schema=True)
