"""Calibration: the weights nearest to those before that meet counts by group and totals of quantities together
(Deville and Särndal 1992). Linear without bounds it is the generalised regression estimator, GREG."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.design.weighting.basis import Basis, orthonormal
from saklig.design.weighting.distances import Bounds, Distance, Linear
from saklig.design.weighting.faults import WeightingError, plain, raise_any
from saklig.design.weighting.matching import Matched
from saklig.design.weighting.misfit import misfits_in_words
from saklig.design.weighting.newton import solve
from saklig.design.weighting.report import lines_of
from saklig.design.weighting.residuals import auxiliaries, auxiliary_names, calibrated
from saklig.design.weighting.weighted import Weighted, weighted, weights_after
from saklig.language.catalog import say, say_n

Floats = NDArray[np.float64]

TOLERANCE = 1e-12
ROUNDS = 200
MET = 1e-9
"""Targets that depend on one another must agree to this share, and the weights meet all of them to it."""

OFFERED = 0.1
"""The lower bound that is offered where weights became negative."""


def calibrate(
    sample: Matched, distance: Distance | None = None, tolerance: float = TOLERANCE, rounds: int = ROUNDS
) -> Weighted:
    """Raises WeightingError: targets that contradict one another, bounds that cannot be met, no convergence, and
    without bounds weights that are not above zero."""
    distance = distance or Linear()
    columns, wanted = auxiliaries(sample)
    basis = orthonormal(columns, sample.cells.weight, wanted)
    _check_agreement(sample, basis, columns, wanted)
    if distance.bounds is not None:
        _check_each(sample, columns, wanted, distance.bounds)
        solution = solve(basis, sample.cells.weight, distance, tolerance, rounds)
        weights = weights_after(sample, solution.factor)
        unrounded = sample.weights * sample.cells.spread(solution.factor, 0.0)
        off = misfits_in_words(lines_of(sample, unrounded), MET)
        if not solution.met or off:
            first = _not_met(sample, basis, distance.bounds, solution.impossible, solution.rounds)
            raise WeightingError([first, *off])
        used = solution.rounds
    else:
        factor = _linear(basis, sample.cells.weight)
        _check_positive(sample, factor)
        weights, used = weights_after(sample, factor), 1
    return weighted(sample, weights, calibrated(sample, basis, weights), used)


def _linear(basis: Basis, weight: Floats) -> Floats:
    """1 + x·λ in closed form: in an orthonormal basis the equations are already solved."""
    missing = basis.targets - np.einsum("m,mr->r", weight, basis.rows)
    return np.asarray(1 + np.einsum("mr,r->m", basis.rows, missing))


def _place(name: tuple[str, str]) -> str:
    variable, group = name
    if group:
        return say("“{variable}”, group “{group}”", variable=variable, group=group)
    return say("“{variable}”", variable=variable)


def _check_agreement(sample: Matched, basis: Basis, columns: Floats, wanted: Floats) -> None:
    size = np.abs(wanted) + (np.abs(columns) * sample.cells.weight[:, None]).sum(axis=0)
    names = auxiliary_names(sample)
    raise_any(
        [
            say(
                "{place}: its target is {target}, but it follows from the other targets and would have to be "
                "{implied}; correct one of them",
                place=_place(names[j]),
                target=plain(wanted[j]),
                implied=plain(wanted[j] - basis.left[j]),
            )
            for j in np.flatnonzero(np.abs(basis.left) > MET * size)
        ]
    )


def _check_each(sample: Matched, columns: Floats, wanted: Floats, bounds: Bounds) -> None:
    """What a single target already forbids; a group must change by exactly its target over its weight."""
    problems = []
    upper = bounds.upper if np.isfinite(bounds.upper) else np.finfo(np.float64).max ** 0.5
    for name, column, target in zip(auxiliary_names(sample), columns.T, wanted, strict=True):
        low, high = sample.cells.weight * column * bounds.lower, sample.cells.weight * column * upper
        least, most = float(np.minimum(low, high).sum()), float(np.maximum(low, high).sum())
        slack = MET * float(np.abs(sample.cells.weight * column).sum())
        if least - slack <= target <= most + slack:
            continue
        wrong = say(
            "{place}: its target is {target}, and weights that change by a factor between {lower} and {upper} give at "
            "least {least} and at most {most}; widen `bounds`, or merge groups",
            place=_place(name),
            target=plain(target),
            lower=plain(bounds.lower, 6),
            upper=plain(bounds.upper, 6),
            least=plain(least, 6),
            most=plain(most, 6),
        )
        problems.append(wrong)
    raise_any(problems)


def _check_positive(sample: Matched, factor: Floats) -> None:
    n = int(sample.cells.count[factor <= 0].sum())
    if not n:
        return
    wrong = say_n(
        "{n} respondent would get a weight that is not above zero, the weights changing by factors between {low} and "
        "{high}; write bounds = [{lower}, {upper}], say, or choose raking",
        "{n} respondents would get weights that are not above zero, the weights changing by factors between {low} and "
        "{high}; write bounds = [{lower}, {upper}], say, or choose raking",
        n,
        low=plain(float(factor.min()), 4),
        high=plain(float(factor.max()), 4),
        lower=OFFERED,
        upper=max(2, int(np.ceil(factor.max()))),
    )
    raise WeightingError([wrong])


def _not_met(sample: Matched, basis: Basis, bounds: Bounds, impossible: bool, rounds: int) -> str:
    free = _linear(basis, sample.cells.weight)
    words = {"lower": plain(bounds.lower, 6), "upper": plain(bounds.upper, 6)}
    if not impossible:
        return say(
            "calibration has not met its targets after {rounds} rounds with factors between {lower} and {upper}; "
            "widen `bounds`, merge groups with few respondents, or leave out a variable. So far:",
            rounds=rounds,
            **words,
        )
    if free.min() > 0:
        return say(
            "no weights that change by factors between {lower} and {upper} meet all targets; between {low} and {high} "
            "they can be met. The nearest found:",
            low=plain(float(free.min()), 4),
            high=plain(float(free.max()), 4),
            **words,
        )
    return say(
        "no weights that change by factors between {lower} and {upper} meet all targets; widen `bounds`, merge "
        "groups with few respondents, or leave out a variable. The nearest found:",
        **words,
    )
