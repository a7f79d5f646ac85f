"""From one part's answers to its tables: exact ratios of integers, and errors from the design or its replicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import ANSWERED, Column
from saklig.design.model import Design
from saklig.estimation import balance, mean, proportion, quantile
from saklig.estimation.model import Estimate, Moments
from saklig.study.model import Part
from saklig.tabulation import correlation, linearisation, replication
from saklig.tabulation.breakdown import Breakdown, breakdown
from saklig.tabulation.correlation import Correlations
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.exact import scored_sums, value_sums
from saklig.tabulation.layout import MEASURED, Layout, layout_of
from saklig.tabulation.moments import Domains
from saklig.tabulation.statistics import Engine, Frame, Numbers, Statistics
from saklig.tabulation.table import Grouping, Table

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]


def tabulate(part: Part, column: Column, grouping: Grouping, design: Design, *, errors: bool = True) -> Table:
    """One part by one grouping. For many parts or groupings prepare a `breakdown` and use `tabulate_all`."""
    return tabulate_all(part, column, breakdown((grouping,), design), errors=errors)[0]


def tabulate_all(part: Part, column: Column, broken: Breakdown, *, errors: bool = True) -> tuple[Table, ...]:
    """One part by every grouping of a breakdown, in its order. Without `errors` only counts and exact ratios.

    Raises ValueError where a stratum or cluster has one unit that stands for others, TypeError where the answers are
    not of the part's kind.
    """
    return next(tabulate_each((part,), Memory(columns={part.key: column}, broken=broken), errors=errors))


def tabulate_each(
    parts: Sequence[Part], engine: Engine, *, errors: bool = True, correlations: bool = False
) -> Iterator[tuple[Table, ...]]:
    """Every part by every grouping of the engine's frame: for each part its tables. `correlations`: with those of
    groups, where clusters were drawn. Raises as `tabulate_all` and what the engine raises."""
    wanted = errors and engine.frame.intervals
    for part, found in zip(parts, engine.statistics(parts, errors=wanted), strict=True):
        yield _tables(part, found, engine.frame, correlations)


def _tables(part: Part, given: Statistics, frame: Frame, correlations: bool) -> tuple[Table, ...]:
    layout = layout_of(part)
    found = _ratios(layout, given)
    unknown = np.full(found.count.shape, np.nan)
    errors_of = _Errors(unknown, unknown, unknown, unknown, np.full(found.count.shape, -1, dtype=np.int64))
    together: Sequence[Correlations] = [None] * len(frame.bounds)
    if given.stages or given.by_unit is not None:
        way = _way(layout, given, frame, found)
        errors_of = _errors(layout, given, frame, found, way)
        if correlations:
            together = list(way.correlations())
    return tuple(
        Table(
            part=part,
            grouping=grouping,
            rows=layout.rows,
            count=found.count[start:end],
            base=found.base[start:end],
            numerator=found.numerator[start:end],
            denominator=found.denominator[start:end],
            se=errors_of.se[start:end],
            lower=errors_of.lower[start:end],
            upper=errors_of.upper[start:end],
            deff=errors_of.deff[start:end],
            df=errors_of.df[start:end],
            correlation=of_groups,
        )
        for grouping, (start, end), of_groups in zip(frame.groupings, frame.bounds, together, strict=True)
    )


@dataclass(frozen=True)
class _Ratios:
    """Integers of all groups × rows; `distributions`: those of a numeric part's values, or None."""

    count: Integers
    base: Integers
    numerator: Integers
    denominator: Integers
    distribution: quantile.Distribution | None


def _ratios(layout: Layout, given: Statistics) -> _Ratios:
    counted, weighed = given.count, given.weight
    count = counted @ (layout.score != 0) if layout.balance >= 0 else counted @ layout.share
    base = (counted @ layout.base)[:, layout.base_of]
    denominator = (weighed @ layout.base)[:, layout.base_of]
    numerator = weighed @ layout.share
    if layout.balance >= 0:
        positive, negative = layout.balanced
        numerator[:, layout.balance] = numerator[:, positive] - numerator[:, negative]
    measured = layout.base_of == MEASURED
    count[:, measured] = base[:, measured]
    distribution = None
    if layout.quantiles and given.numbers is not None:
        distribution = _values(layout, given.numbers, numerator, denominator)
    elif layout.mean >= 0:
        numerator[:, layout.mean], denominator[:, layout.mean] = scored_sums(
            weighed, layout.score[:, layout.mean], denominator[:, layout.mean]
        )
    return _Ratios(count, base, numerator, denominator, distribution)


def _values(layout: Layout, numbers: Numbers, numerator: Integers, denominator: Integers) -> quantile.Distribution:
    """Fills in the mean and the quantiles of numbers."""
    column, broken = numbers.column, numbers.broken
    weight = denominator[:, layout.mean].copy()
    numerator[:, layout.mean], denominator[:, layout.mean] = value_sums(column, broken, weight)
    answered = column.codes == ANSWERED
    inside = (broken.cells < broken.size) & answered
    who = np.broadcast_to(np.arange(len(column.values)), inside.shape)[inside]
    distribution = quantile.distribution(
        column.values[who], broken.design.weights[who], broken.cells[inside], broken.size
    )
    quantile.validate(distribution)
    for name, row in layout.quantiles.items():
        numerator[:, row] = quantile.quantile(distribution, *quantile.QUANTILES[name])
        denominator[:, row] = np.where(weight > 0, 10**column.decimals, 0)
    return distribution


@dataclass(frozen=True)
class _Errors:
    """All groups × rows, as in Table."""

    se: Floats
    lower: Floats
    upper: Floats
    deff: Floats
    df: Integers

    def put(self, rows: Sequence[int] | Integers, found: Estimate) -> None:
        for name in ("se", "lower", "upper", "deff"):
            getattr(self, name)[:, rows] = getattr(found, name)


def _errors(layout: Layout, given: Statistics, frame: Frame, found: _Ratios, way: _Way) -> _Errors:
    shape, moments = found.count.shape, way.moments
    result = _Errors(
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        way.domain.df[:, layout.base_of],
    )
    shares = _rows(moments, layout.shares)
    proportion.validate(shares)
    result.put(layout.shares, proportion.estimate(shares, frame.interval))
    if layout.balance >= 0:
        balanced = _rows(moments, [layout.balance])
        balance.validate(balanced)
        positive, negative = (_rows(moments, [row]) for row in layout.balanced)
        result.put([layout.balance], balance.estimate(balanced, positive, negative))
    if given.numbers is not None:
        _numbers(layout, given.numbers, found, way, result)
    elif layout.mean >= 0:
        scores = _rows(moments, [layout.mean])
        mean.validate(scores)
        result.put([layout.mean], mean.estimate(scores))
    return result


def _numbers(layout: Layout, numbers: Numbers, found: _Ratios, way: _Way, result: _Errors) -> None:
    """The errors of the mean and the quantiles of numbers, in the question's unit."""
    assert found.distribution is not None, "a numeric part has a distribution"
    unit = 10.0**numbers.column.decimals
    moments = way.values(numbers, found.numerator[:, layout.mean], found.denominator[:, layout.mean])
    mean.validate(moments)
    result.put([layout.mean], mean.estimate(moments))
    for row in layout.quantiles.values():
        of = quantile.estimate(found.distribution, way.shares(numbers, found.numerator[:, row]))
        result.put([row], Estimate(se=of.se / unit, lower=of.lower / unit, upper=of.upper / unit, deff=of.deff))


@dataclass(frozen=True)
class _Way:
    """How the moments of a part are told, the same estimators taking either: `moments` of the rows made of columns;
    `values`, those of the mean of numbers; `shares` of numbers at or below those given; `correlations` of groups."""

    domain: Domains
    moments: Moments
    values: Callable[[Numbers, Integers, Integers], Moments]
    shares: Callable[[Numbers, Integers], Moments]
    correlations: Callable[[], Iterator[Correlations]]


def _way(layout: Layout, given: Statistics, frame: Frame, found: _Ratios) -> _Way:
    if given.by_unit is not None:
        of = replication.replicated(layout, given, frame)
        rows = replication.row_moments(of, found.numerator, found.denominator)
        return _Way(
            domain=of.domain,
            moments=rows,
            values=lambda numbers, *ratio: replication.value_moments(numbers, of, *ratio),
            shares=lambda numbers, value: replication.share_moments(numbers, of, value),
            correlations=lambda: replication.correlations(of, frame, rows.ratio),
        )
    domain = linearisation.domains(layout, given, frame)
    rows = linearisation.row_moments(layout, given, frame, domain, found.numerator, found.denominator)
    return _Way(
        domain=domain,
        moments=rows,
        values=lambda numbers, *ratio: linearisation.value_moments(numbers.column, numbers.broken, domain, *ratio),
        shares=lambda numbers, value: linearisation.share_moments(numbers.column, numbers.broken, domain, value),
        correlations=lambda: correlation.linearised(layout, given, frame, rows),
    )


def _rows(moments: Moments, rows: Sequence[int] | Integers) -> Moments:
    return Moments(**{name: getattr(moments, name)[:, rows] for name in Moments.__dataclass_fields__})
