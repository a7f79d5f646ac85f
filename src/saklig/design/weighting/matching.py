"""Targets brought together with the respondents who shall meet them, and what does not fit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saklig.design.weighting.cells import Cells, cells_of
from saklig.design.weighting.faults import WeightingError, plain, raise_any
from saklig.design.weighting.membership import CROSS, Factor, Quantity, crossed
from saklig.design.weighting.targets import Margin, Targets, Total
from saklig.language.catalog import say, say_n
from saklig.study.findings import nearest_words

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class MatchedMargin:
    """`counts`: float64 (groups,), the targets, in the order of `groups`. `codes`: int64 (n,); −1 only where the
    weight is zero. Every group with a respondent has a target above zero, and every such target a respondent."""

    variable: str
    groups: tuple[str, ...]
    counts: Floats
    codes: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class MatchedTotal:
    """`values`: float64 (n,), zero where the weight is zero and the value not known."""

    variable: str
    total: float
    values: Floats


@dataclass(frozen=True, kw_only=True)
class Matched:
    """`weights`: float64 (n,), those before. Who has the weight zero stands for nobody and goes on doing so."""

    weights: Floats
    margins: tuple[MatchedMargin, ...]
    totals: tuple[MatchedTotal, ...] = ()

    @cached_property
    def cells(self) -> Cells:
        """The respondents who count, collapsed to those who differ in some target."""
        return cells_of(
            self.weights, [margin.codes for margin in self.margins], [total.values for total in self.totals]
        )


def matched(
    targets: Targets, weights: Floats, factors: Sequence[Factor], quantities: Sequence[Quantity] = ()
) -> Matched:
    """Raises WeightingError: weights that are none; targets of unknown variables or groups; groups without a target;
    groups with a target but without respondents, or the other way round; respondents without a group or a value."""
    _check_weights(weights)
    known = {factor.variable: factor for factor in factors}
    numeric = {quantity.variable: quantity for quantity in quantities}
    problems: list[str] = []
    margins: list[MatchedMargin] = []
    totals: list[MatchedTotal] = []
    for margin in targets.margins:
        factor = _factor(margin.variable, known)
        if factor is None:
            problems.append(_unknown(margin.variable, known))
        else:
            problems += _misfits(margin, factor, weights)
            margins.append(_aligned(margin, factor))
    for total in targets.totals:
        quantity = numeric.get(total.variable)
        if quantity is None:
            problems.append(_unknown(total.variable, numeric))
        else:
            problems += _without_value(quantity, weights)
            totals.append(_with_values(total, quantity))
    raise_any(problems)
    return Matched(weights=weights, margins=tuple(margins), totals=tuple(totals))


def _check_weights(weights: Floats) -> None:
    unusable = int((~np.isfinite(weights) | (weights < 0)).sum())
    if unusable:
        wrong = say_n(
            "{n} respondent has no weight, or a negative one, before the weighting; correct it",
            "{n} respondents have no weight, or a negative one, before the weighting; correct them",
            unusable,
        )
        raise WeightingError([wrong])
    if not (weights > 0).any():
        raise WeightingError([say("no respondent has a weight above zero before the weighting; correct the weights")])


def _factor(variable: str, known: dict[str, Factor]) -> Factor | None:
    if variable in known:
        return known[variable]
    parts = [name.strip() for name in variable.split(CROSS)]
    if len(parts) < 2 or any(name not in known for name in parts):
        return None
    return crossed(tuple(known[name] for name in parts))


def _unknown(variable: str, known: dict[str, Factor] | dict[str, Quantity]) -> str:
    wrong = say("there are targets for “{variable}”, which the answers do not have", variable=variable)
    return f"{wrong}; {nearest_words(variable, known)}"


def _misfits(margin: Margin, factor: Factor, weights: Floats) -> list[str]:
    counting = weights > 0
    without = int((factor.codes[counting] < 0).sum())
    respondents = np.bincount(factor.codes[counting & (factor.codes >= 0)], minlength=len(factor.groups))
    target = dict(zip(margin.groups, margin.counts, strict=True))
    problems = [
        margin.place(group) + say("“{variable}”: there is a target for “{group}”, a group that it does not have",
            variable=margin.variable, group=group) + "; " + nearest_words(group, factor.groups)
        for group in margin.groups
        if group not in factor.groups
    ]  # fmt: skip
    if without:
        wrong = say_n(
            "“{variable}”: {n} respondent has no value, and whoever is in no group cannot be weighted. Fill it in, in "
            "the data, from the register or the frame. If it is not known, write “Unknown” there, make it a group of "
            "its own, and give it the share that it has among the respondents ({percent} per cent), lowering the "
            "others to match.",
            "“{variable}”: {n} respondents have no value, and whoever is in no group cannot be weighted. Fill it in, "
            "in the data, from the register or the frame. If it is not known, write “Unknown” there, make it a group "
            "of its own, and give it the share that it has among the respondents ({percent} per cent), lowering the "
            "others to match.",
            without,
            variable=margin.variable,
            percent=plain(round(100 * math.fsum(weights[counting & (factor.codes < 0)]) / math.fsum(weights), 1)),
        )
        problems.append(wrong)
    for group, n in zip(factor.groups, respondents, strict=True):
        words = {"variable": margin.variable, "group": group}
        if n and group not in target:
            problems.append(say("“{variable}”, group “{group}”: it has respondents, but no target; add one", **words))
        elif n and not target[group]:
            wrong = say(
                "“{variable}”, group “{group}”: it has respondents, but the target zero; correct the target, or the "
                "answers",
                **words,
            )
            problems.append(margin.place(group) + wrong)
        elif not n and target.get(group):
            wrong = say(
                "“{variable}”, group “{group}”: its target is {count}, but nobody in it has answered; merge it with "
                "another group, in the answers and in the targets",
                **words,
                count=plain(target[group]),
            )
            problems.append(margin.place(group) + wrong)
    return problems


def _aligned(margin: Margin, factor: Factor) -> MatchedMargin:
    target = dict(zip(margin.groups, margin.counts, strict=True))
    return MatchedMargin(
        variable=margin.variable,
        groups=factor.groups,
        counts=np.array([target.get(group, 0.0) for group in factor.groups]),
        codes=factor.codes.astype(np.int64),
    )


def _without_value(quantity: Quantity, weights: Floats) -> list[str]:
    without = int((~np.isfinite(quantity.values[weights > 0])).sum())
    if not without:
        return []
    wrong = say_n(
        "“{variable}”: {n} respondent has no value; a total needs the value of everyone",
        "“{variable}”: {n} respondents have no value; a total needs the value of everyone",
        without,
        variable=quantity.variable,
    )
    return [wrong]


def _with_values(total: Total, quantity: Quantity) -> MatchedTotal:
    values = np.where(np.isfinite(quantity.values), quantity.values, 0.0)
    return MatchedTotal(variable=total.variable, total=total.total, values=values)


def scaled(weights: Floats, total: float) -> Floats:
    """Weights that add up to `total` and stand to one another as before."""
    return weights * (total / math.fsum(weights))
