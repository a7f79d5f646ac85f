"""The one file that writes editions, and the list of them. Whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from saklig.edition.arrow import texts, whole
from saklig.edition.edition import Edition
from saklig.edition.facts import ADDRESS_COLUMNS, NONE, NUMBER_COLUMNS, Facts, Labels
from saklig.edition.hashing import edition_id
from saklig.edition.listing import EDITIONS_FILE, Listing, listing_bytes
from saklig.edition.package import FACTS_FILE, PACKAGE_FILE, README_FILE, package_bytes
from saklig.edition.places import STUDY_FILE
from saklig.edition.publication import Publication
from saklig.edition.readme import readme
from saklig.edition.schema import SMALL_COLUMNS, check_facts
from saklig.edition.statement import statement_bytes
from saklig.edition.whole import whole_folder, write_file
from saklig.study.model import Study


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
    write_file(folder / EDITIONS_FILE, listing_bytes(listing))


def _write_facts(facts: Facts, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def labelled(labels: Labels) -> pa.Array:
        # In the order of the rows and without what no row has: a file says what its rows say, and nothing beside it.
        used, first, codes = np.unique(labels.codes, return_index=True, return_inverse=True)
        order = np.argsort(first)
        values = [labels.values[code] for code in used[order].tolist()]
        return pa.DictionaryArray.from_arrays(whole(np.argsort(order)[codes], pa.int32()), texts(values))

    def numbers(name: str) -> pa.Array:
        column = facts.numbers(name)
        kind = pa.int32() if name in SMALL_COLUMNS else pa.int64()
        return whole(np.where(column == NONE, 0, column), kind, column != NONE)

    columns = {name: labelled(facts.address[name]) for name in ADDRESS_COLUMNS}
    columns |= {name: numbers(name) for name in NUMBER_COLUMNS}
    columns |= {"decimals": whole(facts.decimals, pa.int8()), "status": labelled(facts.status)}
    pq.write_table(
        pa.Table.from_arrays(list(columns.values()), names=list(columns)),
        path,
        compression="zstd",
        write_page_checksum=True,
        store_schema=True,
    )
