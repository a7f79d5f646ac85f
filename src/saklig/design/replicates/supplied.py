"""Replicate weights from the columns of a data file, checked against the method that they are said to be made by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.design.factors.replicates import Replicates
from saklig.design.model import DesignError
from saklig.language.catalog import say
from saklig.study.replication import ReplicateMethod

Floats = NDArray[np.float64]

BALANCED = frozenset({ReplicateMethod.BRR, ReplicateMethod.FAY, ReplicateMethod.SDR})
"""Methods whose number of replicates is the order of a Hadamard matrix, and whose scale follows from it."""

NEAR_ONE = 0.1
"""How far the mean factor of replicate weights may lie from 1."""

LEAST, MOST = 0.5, 1.5
"""Between which scale · Σ rscales · (factor − 1)² lies, on the average of the respondents: 1 by every method, since it
is the part that a unit's own answer has in the variance, and somewhat less or more in adjusted weights."""

SAME = 1e-9
"""Factors this close to each other, relatively, are the same."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What the user says of the columns. `combined`: they hold weights, else factors by which weights are multiplied.

    `scale`, `rscales` (R,): None where the method settles them. `rho`: Fay's. `fraction`: float64 (R,), the sampling
    fraction of each replicate's stratum in a jackknife; R's `svrepdesign(fpc = …, fpctype = "fraction")`.
    """

    method: ReplicateMethod
    combined: bool = True
    scale: float | None = None
    rscales: Floats | None = None
    rho: float | None = None
    fraction: Floats | None = None
    mse: bool = False


def supplied(
    columns: Floats, weights: Floats, recipe: Recipe, place: str, cluster: NDArray[np.int32] | None = None
) -> Replicates:
    """`columns`: float64 (n, R). `weights`: float64 (n,). `cluster`: int32 (n,), where the design has clusters: if the
    factors are constant within them the replicates are kept by cluster. `place`: what errors begin with.

    Raises DesignError: values that cannot be replicate weights, or that do not fit the method.
    """
    _check_values(columns, place)
    factors = _factors(columns, weights, recipe, place)
    present = weights > 0
    _check_mean(factors[present], weights[present], recipe, place)
    _check_number(factors[present], recipe, place, cluster)
    scale, rscales = _scales(columns.shape[1], recipe, place)
    _check_varying(factors[present], place)
    _check_fit(factors[present], scale, rscales, recipe, place)
    if recipe.fraction is not None:
        rscales = rscales * (1 - _fraction(columns.shape[1], recipe, place))
    unit = np.arange(len(weights), dtype=np.int32)
    if cluster is not None:
        factors, unit = _by_cluster(factors, present, unit, cluster)
    return Replicates(method=recipe.method, factors=factors, unit=unit, scale=scale, rscales=rscales, mse=recipe.mse)


def _check_values(columns: Floats, place: str) -> None:
    if columns.shape[1] < 2:
        raise DesignError(
            say("{place}: replicate weights need at least two columns, not {n}", place=place, n=columns.shape[1])
        )
    missing = int((~np.isfinite(columns)).any(axis=1).sum())
    if missing:
        raise DesignError(
            say(
                "{place}: {n} respondents lack a replicate weight; every respondent needs one in every column",
                place=place,
                n=missing,
            )
        )
    negative = int((columns < 0).any(axis=1).sum())
    if negative:
        raise DesignError(
            say(
                "{place}: {n} respondents have a negative replicate weight; correct the columns",
                place=place,
                n=negative,
            )
        )


def _factors(columns: Floats, weights: Floats, recipe: Recipe, place: str) -> Floats:
    """float64 (n, R); 1 for those who have no weight, for whom it means nothing."""
    if not recipe.combined:
        return columns
    present = weights > 0
    woken = int((columns[~present] > 0).any(axis=1).sum())
    if woken:
        raise DesignError(
            say(
                "{place}: {n} respondents have the weight zero, but not in every replicate; correct the weight column",
                place=place,
                n=woken,
            )
        )
    return np.where(present[:, None], columns / np.where(present, weights, 1)[:, None], 1.0)


def _check_mean(factors: Floats, weights: Floats, recipe: Recipe, place: str) -> None:
    mean = float((weights @ factors).mean() / weights.sum())
    if abs(mean - 1) <= NEAR_ONE:
        return
    if recipe.combined:
        raise DesignError(
            say(
                "{place}: the replicate weights are on average {mean} times the weights, and should be about equal; "
                "check that they belong to this weight column, and whether they hold factors instead of weights",
                place=place,
                mean=f"{mean:.3g}",
            )
        )
    raise DesignError(
        say(
            "{place}: the replicate factors are on average {mean}, and should be about 1; check whether the columns "
            "hold weights instead of factors",
            place=place,
            mean=f"{mean:.3g}",
        )
    )


def _check_number(factors: Floats, recipe: Recipe, place: str, cluster: NDArray[np.int32] | None) -> None:
    number = factors.shape[1]
    if recipe.method in BALANCED and number != 2 and number % 4:
        raise DesignError(
            say(
                "{place}: {n} columns of {method} replicates, but their number is 2 or a multiple of 4; check which "
                'columns were named, or say the method "other" with scale and rscales',
                place=place,
                n=number,
                method=recipe.method.value,
            )
        )
    if recipe.method not in (ReplicateMethod.JK1, ReplicateMethod.JKN):
        return
    clusters = len(factors) if cluster is None else len(np.unique(cluster))
    if number > clusters:
        raise DesignError(
            say(
                "{place}: {n} columns of {method} replicates, but {clusters} clusters or respondents, of which each "
                "replicate leaves out one; check which columns were named",
                place=place,
                n=number,
                method=recipe.method.value,
                clusters=clusters,
            )
        )
    left_out = (factors == 0).sum(axis=1)
    other = int((left_out > 1).sum() if recipe.method is ReplicateMethod.JKN else (left_out != 1).sum())
    if other or not left_out.any():
        raise DesignError(
            say(
                "{place}: a jackknife leaves each respondent out of one replicate, but {n} of them are left out of "
                "none or several; check which columns were named, and the method",
                place=place,
                n=other or len(factors),
            )
        )


def _scales(number: int, recipe: Recipe, place: str) -> tuple[float, Floats]:
    """As R's `svrepdesign` settles them."""
    if recipe.rscales is not None and (
        len(recipe.rscales) != number or not np.isfinite(recipe.rscales).all() or (recipe.rscales < 0).any()
    ):
        raise DesignError(
            say(
                "{place}: `rscales` has {given} numbers for {n} replicates; it needs one of zero or more for each",
                place=place,
                given=len(recipe.rscales),
                n=number,
            )
        )
    if recipe.scale is not None and not (np.isfinite(recipe.scale) and recipe.scale > 0):
        raise DesignError(say("{place}: `scale` is {scale}; it is above zero", place=place, scale=f"{recipe.scale:g}"))
    if recipe.method in BALANCED:
        return _balanced_scale(number, recipe, place), np.ones(number)
    if recipe.method is ReplicateMethod.OTHER and recipe.scale is None:
        raise DesignError(say('{place}: replicates of the method "other" need `scale`', place=place))
    if recipe.method in (ReplicateMethod.OTHER, ReplicateMethod.JKN) and recipe.rscales is None:
        raise DesignError(
            say(
                "{place}: {method} replicates need `rscales`, one number for each column: (n − 1) / n of the stratum "
                "whose cluster it leaves out",
                place=place,
                method=recipe.method.value,
            )
        )
    usual = {ReplicateMethod.JK1: (number - 1) / number, ReplicateMethod.BOOTSTRAP: 1 / (number - 1)}.get(
        recipe.method, 1.0
    )
    return (
        usual if recipe.scale is None else recipe.scale,
        np.ones(number) if recipe.rscales is None else recipe.rscales,
    )


def _balanced_scale(number: int, recipe: Recipe, place: str) -> float:
    if recipe.method is ReplicateMethod.FAY and (recipe.rho is None or not 0 < recipe.rho < 1):
        raise DesignError(
            say("{place}: Fay replicates need `fay`, between 0 and 1, as the data's documentation says", place=place)
        )
    scale = {
        ReplicateMethod.BRR: 1 / number,
        ReplicateMethod.FAY: 1 / (number * (1 - (recipe.rho or 0)) ** 2),
        ReplicateMethod.SDR: 4 / number,
    }[recipe.method]
    other = recipe.scale is not None and not np.isclose(recipe.scale, scale, rtol=SAME)
    if other or (recipe.rscales is not None and not np.allclose(recipe.rscales, 1, rtol=SAME)):
        raise DesignError(
            say(
                "{place}: {n} {method} replicates have the scale {scale} and no rscales; leave them out, or say the "
                'method "other"',
                place=place,
                n=number,
                method=recipe.method.value,
                scale=f"{scale:.6g}",
            )
        )
    return scale


def _check_varying(factors: Floats, place: str) -> None:
    if np.allclose(factors, factors[:, :1], rtol=SAME, atol=0):
        raise DesignError(
            say(
                "{place}: the replicate weights are the same in every column, and tell no error; check which columns "
                "were named",
                place=place,
            )
        )


def _check_fit(factors: Floats, scale: float, rscales: Floats, recipe: Recipe, place: str) -> None:
    if recipe.method is ReplicateMethod.OTHER:
        return
    own = scale * float((((factors - 1) ** 2) @ rscales).mean())
    likely = round(1 - own**0.5, 2)
    if recipe.method is ReplicateMethod.BRR and own < LEAST and likely < 1:
        raise DesignError(
            say(
                "{place}: the replicate factors lie nearer to 1 than those of BRR, which are 0 and 2; if they were "
                'made by Fay’s method, say method = "fay" and fay = {likely}',
                place=place,
                likely=f"{likely:g}",
            )
        )
    if not LEAST <= own <= MOST:
        raise DesignError(
            say(
                "{place}: the replicate columns do not fit {method}: with its scale they give {own} times the variance "
                "that they should; check the method, its numbers and which columns were named (a finite population "
                "correction is given apart, as the sampling fraction)",
                place=place,
                method=recipe.method.value,
                own=f"{own:.3g}",
            )
        )


def _fraction(number: int, recipe: Recipe, place: str) -> Floats:
    fraction = np.asarray(recipe.fraction, dtype=np.float64)
    fits = fraction.shape == (number,) and bool(((fraction >= 0) & (fraction <= 1)).all())
    if recipe.method not in (ReplicateMethod.JK1, ReplicateMethod.JKN) or not fits:
        raise DesignError(
            say(
                "{place}: sampling fractions of replicates are for a jackknife, one between 0 and 1 for each column",
                place=place,
            )
        )
    return fraction


def _by_cluster(
    factors: Floats, present: NDArray[np.bool_], unit: NDArray[np.int32], cluster: NDArray[np.int32]
) -> tuple[Floats, NDArray[np.int32]]:
    """Factors by cluster where they are constant within each among those with a weight; else as they are."""
    clusters, of = np.unique(cluster, return_inverse=True)
    shared = np.ones((len(clusters), factors.shape[1]))
    shared[of[present]] = factors[present]
    if np.allclose(factors[present], shared[of[present]], rtol=SAME, atol=0):
        return shared, of.astype(np.int32)
    return factors, unit
