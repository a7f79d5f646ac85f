"""Two waves of a panel as one sample, so that the covariance of their estimates can be had.

The respondents of both waves stand one after the other, and whoever answered twice is one unit that was drawn once:
`svydesign(id = ~person, strata = …)` of the stacked answers in R's survey package. A change among those who answered
twice then has the error of its own spread, and not that of two samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saklig.design.model import Design
from saklig.estimation.model import Floats
from saklig.estimation.variance import added_in_order, centred_over, lone_units, stage_factor
from saklig.tabulation.joint import Joint, joint

Groups = NDArray[np.integer[Any]]
Unit = tuple[Floats, Groups]
"""Influence values of every person, (people, k), and the group of each in one wave, −1 for none."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One wave: `persons`, int64 (n,), the same number for the same person in both. `strata`: each stratum's name."""

    design: Design
    persons: NDArray[np.int64]
    strata: Sequence[str]


class NotOneSample(ValueError):
    """Two waves that cannot be seen as one sample."""


def joint_waves(first: Panel, second: Panel, ys: tuple[Floats, Floats], xs: tuple[Floats, Floats]) -> Joint:
    """One estimate of each wave, y over x as in `joint`, each (n,) of its own wave.

    Raises NotOneSample where clusters were drawn or replicates tell the errors, since which of one wave is which of the
    other is not known; where the weights of each wave meet targets of their own; where somebody's stratum changed; and
    where a stratum's population did.
    """
    design = _stacked(first, second)
    n = len(first.persons)
    y, x = (np.zeros((len(design.weights), 2)) for _ in range(2))
    for column, rows in enumerate((slice(0, n), slice(n, None))):
        y[rows, column], x[rows, column] = ys[column], xs[column]
    return joint(design, y, x)


def correlations(
    first: Panel,
    second: Panel,
    ys: tuple[Floats, Floats],
    xs: tuple[Floats, Floats],
    groups: tuple[Groups, Groups],
    size: int,
) -> Floats:
    """Of the two estimates of each of `size` groups: float64 (size, k), NaN where one of them has no variance.

    `ys`, `xs`: as in `joint`, each (n, k) of its own wave, whoever is in which group. `groups`: int (n,), the group of
    each respondent, −1 for none. As `joint_waves` of every group and row, in one pass. Raises NotOneSample as it does,
    and where somebody stands twice in a wave.
    """
    design, n = _stacked(first, second), len(first.persons)
    assert design.cluster is not None, "persons are the units"
    people, strata = int(design.cluster.max(initial=-1)) + 1, len(design.clusters_by_stratum)
    stratum = np.zeros(people, dtype=np.int64)
    stratum[design.cluster] = design.stratum
    units = []
    for persons, panel, y, x, group in zip(
        (design.cluster[:n], design.cluster[n:]), (first, second), ys, xs, groups, strict=True
    ):
        if len(np.unique(persons)) < len(persons):
            raise NotOneSample("somebody stands twice in a wave")
        z, of = np.zeros((people, y.shape[1])), np.full(people, -1, dtype=np.int64)
        z[persons], of[persons] = _influence(y, x, group, panel.design.sums, size), group
        units.append((z, of))
    drawn = design.clusters_by_stratum.astype(np.float64)
    lone = lone_units(drawn, design.fraction, np.ones(strata))
    factor = stage_factor(drawn, design.fraction, np.ones(strata), design.lonely)[None, :, None]
    centre = centred_over(drawn, lone, design.lonely)[None, :, None]

    def of_both(one: Unit, other: Unit) -> Floats:
        same = (one[1] == other[1]) & (one[1] >= 0)
        products = _by_stratum(one[0][same] * other[0][same], one[1][same], stratum[same], size, strata)
        sums = [_by_stratum(z[of >= 0], of[of >= 0], stratum[of >= 0], size, strata) for z, of in (one, other)]
        return np.asarray((factor * (products - sums[0] * sums[1] / centre)).sum(axis=1))

    both = of_both(units[0], units[0]) * of_both(units[1], units[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(np.where(both > 0, of_both(units[0], units[1]) / np.sqrt(both), np.nan), -1.0, 1.0)


def _influence(y: Floats, x: Floats, group: Groups, weights: Floats, size: int) -> Floats:
    """w(y − R·x) / Σwx of each respondent, R and Σwx being those of their group; 0 for who is in none."""
    inside = group >= 0
    own = group[inside].astype(np.int64)
    top, base = (added_in_order((weights[:, None] * each)[inside], own, size) for each in (y, x))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(base > 0, top / base, 0.0)
    found = np.zeros(y.shape)
    away = y[inside] - ratio[own] * x[inside]
    found[inside] = weights[inside, None] * away / np.where(base > 0, base, 1.0)[own]
    return found


def _by_stratum(rows: Floats, group: Groups, stratum: Groups, groups: int, strata: int) -> Floats:
    """Added up, (groups, strata, k)."""
    return added_in_order(rows, group * strata + stratum, groups * strata).reshape(groups, strata, -1)


def _stacked(first: Panel, second: Panel) -> Design:
    both = (first, second)
    if any(each.design.cluster is not None or each.design.later for each in both):
        raise NotOneSample("clusters were drawn")
    if any(each.design.replicates is not None for each in both):
        raise NotOneSample("replicates tell the errors")
    if any(each.design.adjustment is not None for each in both):
        raise NotOneSample("the weights meet targets")
    names = list(dict.fromkeys((*first.strata, *second.strata)))
    stratum = np.concatenate([_renumbered(each, names) for each in both])
    _, person = np.unique(np.concatenate([each.persons for each in both]), return_inverse=True)
    of_person = np.full(int(person.max(initial=-1)) + 1, -1, dtype=np.int64)
    of_person[person] = stratum
    if (of_person[person] != stratum).any():
        raise NotOneSample("somebody's stratum changed")
    drawn = np.bincount(of_person, minlength=len(names)).astype(np.int64)
    population = _population(both, names)
    finite = any((each.design.fraction > 0).any() for each in both)
    fraction = np.where(population > 0, drawn / np.maximum(population, 1), 0.0) if finite else np.zeros(len(names))
    return Design(
        weights=np.concatenate([each.design.weights for each in both]),
        scale=first.design.scale,
        stratum=stratum.astype(np.int32),
        cluster=person.astype(np.int32),
        clusters_by_stratum=drawn,
        fraction=np.minimum(fraction, 1.0),
        population=population,
        lonely=first.design.lonely,
    )


def _renumbered(panel: Panel, names: list[str]) -> NDArray[np.int64]:
    places = np.array([names.index(name) for name in panel.strata], dtype=np.int64)
    return np.asarray(places[panel.design.stratum])


def _population(both: Sequence[Panel], names: list[str]) -> NDArray[np.int64]:
    found = np.full(len(names), -1, dtype=np.int64)
    for each in both:
        for name, size in zip(each.strata, each.design.population.tolist(), strict=True):
            place = names.index(name)
            if found[place] not in (-1, size):
                raise NotOneSample("a stratum's population changed")
            found[place] = size
    return found
