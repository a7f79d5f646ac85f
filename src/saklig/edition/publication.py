"""What an edition says beside its study and its facts: who answered, what protects them, what it replaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from saklig.edition.fieldwork import FieldworkReport
from saklig.edition.weighting import WeightingReport
from saklig.study.breaks import Break


@dataclass(frozen=True, kw_only=True)
class SampledStage:
    """`clusters`: whether clusters, not respondents. `drawn`, `answered`: how many. `finite`: their fraction counts."""

    clusters: bool
    drawn: int
    answered: int
    finite: bool


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """The design that the intervals of a wave rest on. `strata`: those with answers, 1 where there are none. `lone`:
    strata and clusters of which one unit was drawn that stands for others. `stages`: as far as fractions are known, one
    at least."""

    strata: int
    lone: int
    stages: tuple[SampledStage, ...]


@dataclass(frozen=True, kw_only=True)
class Response:
    """One wave's counts. `by_stratum`: stratum id → respondents. Units, unweighted. `sampling`: None where there are no
    intervals, and in editions that do not say it. `replicates`: how many tell the errors; 0 where the design does."""

    wave: str
    respondents: int
    by_stratum: Mapping[str, int] = field(default_factory=dict)
    weighted: bool = False
    clustered: bool = False
    replicates: int = 0
    sampling: Sampling | None = None


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


class Ground(StrEnum):
    """What the interval of a change rests on."""

    INDEPENDENT = "independent"  # the samples have nothing to do with each other
    TOLD = "told"  # how the two numbers hang together is published, of larger groups at least
    WIDEST = "widest"  # it is not, and no correlation makes the interval wrong


class Samples(StrEnum):
    """How the respondents of two waves hang together."""

    INDEPENDENT = "independent"  # drawn without regard to each other
    OVERLAPPING = "overlapping"  # many of a small population, or a panel without ids: the same may have answered
    PERSONS = "persons"  # the answers say who answered in both


@dataclass(frozen=True, kw_only=True)
class WavePair:
    """Two waves between which changes are published."""

    wave: str
    wave2: str
    samples: Samples


class Axis(StrEnum):
    """What is told of with what."""

    GROUPS = "groups"  # the groups of one table, in each of its rows
    ITEMS = "items"  # the items of a grid, in each row, of everybody
    ROWS = "rows"  # the rows of one question or item, of everybody


@dataclass(frozen=True, kw_only=True)
class Correlations:
    """How the numbers of one wave hang together along one axis of the question `question`.

    `names`: groups ("north", or "north,small" of two backgrounds), ids of items, or rows ("4-5", "~mean"); `by` is
    empty but for groups. `tenths`: for each row (an empty name where rows are the axis) a line for every name, of its
    correlation with each name before it: it lies between so many tenths and one more. None: not told.
    """

    axis: Axis
    wave: str
    question: str
    item: str
    by: tuple[str, ...]
    names: tuple[str, ...]
    tenths: Mapping[str, tuple[tuple[int | None, ...], ...]]

    def between(self, row: str, one: str, other: str) -> tuple[float, float] | None:
        """What the correlation of two numbers lies between; None where it is not told."""
        if row not in self.tenths or one not in self.names or other not in self.names or one == other:
            return None
        before, after = sorted((self.names.index(one), self.names.index(other)))
        found = self.tenths[row][after][before]
        return None if found is None else (found / 10, (found + 1) / 10)


def row_name(category: str, stat: str) -> str:
    """A row as the end of an address has it: “4-5”, “~mean”, “bus~first”."""
    return f"{category}~{stat}" if stat else category


@dataclass(frozen=True, kw_only=True)
class WaveCorrelations:
    """How the numbers of two waves of a panel hang together, table by table.

    `names`: the groups of `by`; of everybody `by` is () and there is one name, "". `tenths`: of each row, for every
    group: the correlation of its two numbers lies between so many tenths and one more. None: not told.
    """

    wave: str
    wave2: str
    question: str
    item: str
    by: tuple[str, ...]
    names: tuple[str, ...]
    tenths: Mapping[str, tuple[int | None, ...]]

    def of(self, row: str, name: str) -> int | None:
        """None where it is not told."""
        if row not in self.tenths or name not in self.names:
            return None
        return self.tenths[row][self.names.index(name)]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The edition that this one replaces, and why, in the author's words."""

    edition: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Publication:
    """`missing_translations`: places in the study without words in one of its languages.

    `breaks`: where the files of two waves list answers differently; what the study itself says is not among them.
    `pairs`: the waves whose numbers are compared. `fieldwork`: the reports of the waves that have one. `weightings`: of
    the waves whose weights were made here. `correlations`: within a wave, and `wave_correlations`: of two waves of
    a panel, as far as they are told.
    """

    responses: tuple[Response, ...]
    protection: Protection
    draft: bool = False
    corrects: Correction | None = None
    findings: tuple[str, ...] = ()
    missing_translations: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()
    pairs: tuple[WavePair, ...] = ()
    weightings: tuple[WeightingReport, ...] = ()
    fieldwork: tuple[FieldworkReport, ...] = ()
    correlations: tuple[Correlations, ...] = ()
    wave_correlations: tuple[WaveCorrelations, ...] = ()

    def ground(self, wave: str, wave2: str) -> Ground:
        """Of the changes from `wave` to `wave2`."""
        if self.samples(wave, wave2) in (None, Samples.INDEPENDENT):
            return Ground.INDEPENDENT
        told = any((each.wave, each.wave2) == (wave, wave2) for each in self.wave_correlations)
        return Ground.TOLD if told else Ground.WIDEST

    def samples(self, wave: str, wave2: str) -> Samples | None:
        """Of two waves in either order: if they are not compared themselves, what holds of all; None of one wave."""
        of_both = [pair.samples for pair in self.pairs if {pair.wave, pair.wave2} == {wave, wave2}]
        of_any = of_both or [pair.samples for pair in self.pairs]
        return next((each for each in of_any if each is not Samples.INDEPENDENT), of_any[0] if of_any else None)
