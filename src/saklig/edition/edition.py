"""An edition: an immutable, hashed set of facts."""

from __future__ import annotations

from dataclasses import dataclass

from saklig.edition.facts import Facts
from saklig.edition.publication import Publication
from saklig.study.model import Study


@dataclass(frozen=True, kw_only=True)
class Edition:
    """`id`: 64 hex characters, the SHA-256 over canonical study.json and rows; its first 16 stand in addresses.

    `study` is the study as published: backgrounds folded, nothing of files and columns.
    """

    id: str
    study: Study
    publication: Publication
    facts: Facts
