"""An edition from its folder. The folder may come from anybody: nothing in it is believed before it is checked."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import numpy as np

from saklig.edition.edition import Edition
from saklig.edition.errors import EditionError, TamperedError
from saklig.edition.facts import ADDRESS_COLUMNS, NONE, NUMBER_COLUMNS, Facts, Labels
from saklig.edition.hashing import COLUMNS, edition_id
from saklig.edition.package import FACTS_FILE, PACKAGE_FILE
from saklig.edition.places import STUDY_FILE
from saklig.edition.publication import Publication
from saklig.edition.schema import SMALL_COLUMNS, check_facts
from saklig.edition.statement import read_statement, strict_json
from saklig.language.catalog import say
from saklig.language.system import reason
from saklig.study.problems import StudyError

LARGEST_TEXT = 200_000_000
MOST_ROWS = 50_000_000


def open_edition(folder: Path) -> Edition:
    """Raises EditionError for anything but a whole edition, TamperedError where its id is not that of what it holds."""
    package = read_package(folder)
    content = read_text(folder, STUDY_FILE)
    try:
        study, publication = read_statement(content)
        facts = read_facts(folder)
        check_facts(facts, study)
    except StudyError as error:
        raise EditionError(f"{folder}: {error}") from None
    except EditionError as error:
        raise EditionError(f"{folder}: {error}") from None
    found = edition_id(content, facts)
    if package.get("edition") != found:
        raise TamperedError(
            say(
                "{folder}: what stands here is not the edition that it says it is; “saklig verify "
                "{folder}” tells what was changed, or fetch the edition again",
                folder=folder,
            )
        )
    return Edition(id=found, study=study, publication=publication, facts=facts)


def read_publication(folder: Path) -> Publication:
    """What an edition says beside its study and its facts, unchecked. Raises EditionError."""
    try:
        return read_statement(read_text(folder, STUDY_FILE))[1]
    except StudyError as error:
        raise EditionError(f"{folder}: {error}") from None


def read_package(folder: Path) -> dict[str, Any]:
    """What datapackage.json says under `saklig`, its resources beside it under `resources`."""
    if not folder.is_dir():
        raise EditionError(
            say(
                "{folder}: there is no such folder; name the folder of an edition, as out/editions/3f9c…", folder=folder
            )
        )
    found = strict_json(read_text(folder, PACKAGE_FILE), f"{folder}: {PACKAGE_FILE}")
    own = found.get("saklig") if isinstance(found, dict) else None
    if not isinstance(own, dict) or not isinstance(found.get("resources"), list):
        raise EditionError(
            say(
                "{folder}: {name} does not describe an edition; name the folder of an edition",
                folder=folder,
                name=PACKAGE_FILE,
            )
        )
    return {**own, "resources": found["resources"]}


def read_text(folder: Path, name: str) -> bytes:
    path = folder / name
    try:
        about = path.stat()
        # A pipe or a device under a file's name would be read for ever.
        if not stat.S_ISREG(about.st_mode):
            raise EditionError(say("{folder}: {name} is not a file", folder=folder, name=name))
        if about.st_size > LARGEST_TEXT:
            raise EditionError(
                say(
                    "{folder}: {name} is larger than {most} MB; no edition's is",
                    folder=folder,
                    name=name,
                    most=LARGEST_TEXT // 1_000_000,
                )
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise EditionError(
            say(
                "{folder}: there is no {name}; an edition is a folder with {files} and README",
                folder=folder,
                name=name,
                files=", ".join((PACKAGE_FILE, STUDY_FILE, FACTS_FILE)),
            )
        ) from None
    except OSError as error:
        raise EditionError(
            say("{folder}: {name} cannot be read: {reason}", folder=folder, name=name, reason=reason(error))
        ) from None


def read_facts(folder: Path) -> Facts:
    """The rows of facts.parquet, the columns' types checked but not yet what they say (`schema.check_facts`)."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / FACTS_FILE
    if not path.is_file():
        raise EditionError(say("there is no {file}", file=FACTS_FILE))
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            _check_columns(file)
            table = file.read()
    except EditionError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise EditionError(
            say("{file} cannot be read: it is cut short, damaged or no Parquet file", file=FACTS_FILE)
        ) from error
    return Facts(
        address={name: _labels(table.column(name), name) for name in ADDRESS_COLUMNS},
        decimals=_whole(table.column("decimals"), "decimals").astype(np.int8),
        status=_labels(table.column("status"), "status"),
        **{name: _numbers(table.column(name)) for name in NUMBER_COLUMNS},
    )


def _check_columns(file: Any) -> None:
    import pyarrow as pa

    text = pa.dictionary(pa.int32(), pa.string())
    wanted = dict.fromkeys((*ADDRESS_COLUMNS, "status"), text)
    wanted |= {name: pa.int32() if name in SMALL_COLUMNS else pa.int64() for name in NUMBER_COLUMNS}
    wanted |= {"decimals": pa.int8()}
    schema = file.schema_arrow
    if tuple(schema.names) != COLUMNS:
        raise EditionError(
            say("{file} does not have the columns “{columns}”", file=FACTS_FILE, columns=", ".join(COLUMNS))
        )
    for name, kind in wanted.items():
        if schema.field(name).type != kind:
            raise EditionError(
                say(
                    "{file}: the column “{name}” is {type} and not {kind}",
                    file=FACTS_FILE,
                    name=name,
                    type=schema.field(name).type,
                    kind=kind,
                )
            )
    if file.metadata.num_rows > MOST_ROWS:
        raise EditionError(
            say(
                "{file} says that it has {rows} rows; no edition has so many",
                file=FACTS_FILE,
                rows=file.metadata.num_rows,
            )
        )


def _labels(column: Any, name: str) -> Labels:
    import pyarrow as pa

    if column.null_count:
        raise EditionError(say("{file}: the column “{name}” has empty places", file=FACTS_FILE, name=name))
    if not column.num_chunks:
        return Labels(codes=np.empty(0, dtype=np.int32), values=())
    whole = pa.concat_arrays(column.unify_dictionaries().chunks)
    return Labels(codes=_whole(whole.indices, name).astype(np.int32), values=tuple(whole.dictionary.to_pylist()))


def _whole(column: Any, name: str) -> Any:
    if column.null_count:
        raise EditionError(say("{file}: the column “{name}” has empty places", file=FACTS_FILE, name=name))
    return column.to_numpy()


def _numbers(column: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.fill_null(column.cast(pa.int64()), pa.scalar(NONE, pa.int64())).to_numpy()
