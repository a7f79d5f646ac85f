"""The fieldwork report of an edition: what became of those who were invited, as far as it may be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from saklig.study.fieldwork import Disposition


@dataclass(frozen=True, kw_only=True)
class FieldworkRow:
    """Everybody, a stratum (`by` is empty) or a group of the background variable `by`; None: withheld.

    `cases`: who was invited. `answered`: complete or partial. `counts`: cases by disposition. `rates`: name of the rate
    (RR1 …, responded …) → per cent, in units of 10**−`decimals`; one that the counts do not give is not there.
    """

    by: str = ""
    group: str = ""
    cases: int
    answered: int | None
    counts: Mapping[Disposition, int | None]
    rates: Mapping[str, int] = field(default_factory=dict)
    decimals: int = 0

    @property
    def place(self) -> tuple[str, str]:
        return self.by, self.group


@dataclass(frozen=True, kw_only=True)
class FieldworkReport:
    """One wave's. `rows`: everybody first, then strata, then groups.

    `eligible`: e, the share of the cases of unknown eligibility that are taken for eligible, in thousandths, rounded
    for reading; None where nothing needs it or it is withheld. `estimated`: by proportional allocation; else the
    study says it. `weighted`: rates of everybody weighted by population and invited of each stratum, as `rates` there.
    """

    wave: str
    rows: tuple[FieldworkRow, ...]
    eligible: int | None = None
    estimated: bool = True
    weighted: Mapping[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> FieldworkRow:
        return self.rows[0]

    @property
    def strata(self) -> tuple[FieldworkRow, ...]:
        return tuple(row for row in self.rows[1:] if not row.by)

    def groups(self, background: str) -> tuple[FieldworkRow, ...]:
        return tuple(row for row in self.rows if row.by == background)

    @property
    def backgrounds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.by for row in self.rows if row.by))
