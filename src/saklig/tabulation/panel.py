"""Two waves of a panel as one sample, so that the covariance of their estimates can be had.

The respondents of both waves stand one after the other, and whoever answered twice is one unit that was drawn once:
`svydesign(id = ~person, strata = …)` of the stacked answers in R's survey package. A change among those who answered
twice then has the error of its own spread, and not that of two samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.model import Design
from saklig.estimation.model import Floats
from saklig.tabulation.joint import Joint, joint


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
