"""datapackage.json: a Data Package 2.0 descriptor. Derived: it can be made again from the other files."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from saklig.edition.edition import Edition
from saklig.edition.facts import ADDRESS_COLUMNS, NUMBER_COLUMNS, Status
from saklig.edition.hashing import file_hash
from saklig.edition.locating import fingerprints
from saklig.edition.places import STUDY_FILE

PACKAGE_FILE = "datapackage.json"
FACTS_FILE = "facts.parquet"
README_FILE = "README"
_PROFILES = "https://datapackage.org/profiles/2.0"
_NO_HASH = "0" * 64
_OWN_HASH = re.compile(rb'("descriptor": ")[0-9a-f]{64}(?=")')
_LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}

_DESCRIPTIONS: Mapping[str, str] = {
    "wave": "The round of fieldwork",
    "wave2": "The round that it is compared with",
    "question": "The question",
    "item": "The item of a grid",
    "category": "The answer category, or the net of several",
    "stat": "The statistic; a share in per cent where empty",
    "by1": "The background variable that it is broken down by",
    "group1": "The group of that variable",
    "by2": "A second background variable",
    "group2": "The group of that variable",
    "versus": "The group that it is compared with",
    "count": "Unweighted number of answers",
    "base": "Unweighted number of answers behind the number",
    "value": "The published number, in units of 10 to the power of −decimals",
    "se": "Its standard error, in the same unit",
    "lower": "The lower end of its 95 % interval, in the same unit",
    "upper": "The upper end of it",
    "deff": "The design effect, in hundredths, rounded to a tenth",
    "df": "Degrees of freedom",
    "decimals": "How many decimals value, se, lower and upper have",
    "status": "Whether the number is published, and if not, why",
}


def package_bytes(edition: Edition, folder: Path) -> bytes:
    """The descriptor of the files in `folder`, their sizes and hashes included."""
    study = edition.study
    licence = {"name": study.licence} | ({"path": _LICENCES[study.licence]} if study.licence in _LICENCES else {})
    content = {
        "$schema": f"{_PROFILES}/datapackage.json",
        "name": f"{study.id}-{edition.short_id}",
        "id": f"{study.id}@{edition.short_id}",
        "title": study.title.best(study.languages[0])[0],
        "licenses": [licence],
        "resources": [
            _resource(folder, FACTS_FILE, "facts", "parquet", "application/vnd.apache.parquet")
            | {"type": "table", "schema": _schema()},
            _resource(folder, STUDY_FILE, "study", "json", "application/json"),
            _resource(folder, README_FILE, "readme", "txt", "text/plain"),
        ],
        "saklig": {
            "edition": edition.id,
            "descriptor": _NO_HASH,
            "rows": len(edition.facts),
            "fingerprints": fingerprints(edition.facts, study),
        },
    }
    text = (json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
    return text.replace(_NO_HASH.encode(), own_hash(text).encode(), 1)


def own_hash(descriptor: bytes) -> str:
    """The SHA-256 of a descriptor whose own hash, under `saklig.descriptor`, is written as zeros."""
    return hashlib.sha256(_OWN_HASH.sub(rb"\g<1>" + _NO_HASH.encode(), descriptor, count=1)).hexdigest()


def _resource(folder: Path, file: str, name: str, format: str, mediatype: str) -> dict[str, object]:
    path = folder / file
    return {
        "$schema": f"{_PROFILES}/dataresource.json",
        "name": name,
        "path": file,
        "format": format,
        "mediatype": mediatype,
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{file_hash(path)}",
    }


def _schema() -> dict[str, object]:
    texts = [_field(name, "string") for name in ADDRESS_COLUMNS]
    numbers = [_field(name, "integer") for name in (*NUMBER_COLUMNS, "decimals")]
    status = _field("status", "string") | {"constraints": {"enum": [status.value for status in Status]}}
    return {
        "$schema": f"{_PROFILES}/tableschema.json",
        "fields": [*texts, *numbers, status],
        "missingValues": [],
        "primaryKey": list(ADDRESS_COLUMNS),
    }


def _field(name: str, type_: str) -> dict[str, object]:
    return {"name": name, "type": type_, "description": _DESCRIPTIONS[name]}
