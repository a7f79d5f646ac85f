"""What an edition says beside its study and its facts: who answered, what protects them, what it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Response:
    """One wave's counts. `by_stratum`: stratum id → respondents. Units, unweighted. `replicates`: how many tell
    the errors; 0 where the design does."""

    wave: str
    respondents: int
    by_stratum: Mapping[str, int] = field(default_factory=dict)
    weighted: bool = False
    clustered: bool = False
    replicates: int = 0


@dataclass(frozen=True, kw_only=True)
class Protection:
    """The policy as applied. `values`: its named numbers; `withheld`: rule → group columns withheld by it;
    `columns`: all group columns; `audit`: "full", "counts" or "none"; `audited`: (respondent, question) pairs checked;
    `audited_with`: the editions published before, by the first 16 characters of their ids, whose numbers were taken
    into account; `folded`: (background id, fold id) made."""

    policy: str
    values: Mapping[str, int | str | bool]
    withheld: Mapping[str, int]
    columns: int
    audit: str
    audited: int = 0
    audited_with: tuple[str, ...] = ()
    folded: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The edition that this one replaces, and why, in the author's words."""

    edition: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """`missing_translations`: places in the study without words in one of its languages."""

    responses: tuple[Response, ...]
    protection: Protection
    draft: bool = False
    corrects: Correction | None = None
    findings: tuple[str, ...] = ()
    missing_translations: tuple[str, ...] = ()
