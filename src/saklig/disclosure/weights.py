"""What is published of how weights were made, so that it tells of nobody.

A group's base stands in the report only where some question that the whole group was asked publishes it too: the report
adds no base to those that are there. How unequal the weights are, and a share after they were trimmed, follow from all
bases together (with one margin, a weight is its target over its base), so that they are left out where any group of the
targets is withheld, folded, or smaller than the threshold. Weights by several variables part respondents into crossed
groups; where backgrounds are not known beforehand, no crossed group may be smaller or withheld either. Classes of
weights hold at least the threshold, or nobody; their bounds do not depend on the answers, and no single weight is
published, neither the smallest nor the largest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import NOT_ASKED, Answers
from saklig.design.weighting.matching import Matched, MatchedMargin
from saklig.design.weighting.membership import CROSS
from saklig.design.weighting.report import spread_of
from saklig.design.weighting.targets import Targets
from saklig.design.weighting.weighted import Weighted
from saklig.disclosure.evidence import WaveView
from saklig.disclosure.pattern import Pattern
from saklig.disclosure.policy import Policy
from saklig.disclosure.rounding import half_up
from saklig.edition.weighting import Spread, Target, WeightedGroup, WeightingReport

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

EDGES = (20, 33, 50, 80, 125, 200, 300, 500)
"""Bounds of the classes of weights, in hundredths of the mean weight: equally far apart in ratio, near enough."""


def weighting_report(
    targets: Targets,
    made: Weighted,
    based: bool,
    before_folding: Answers,
    view: WaveView,
    pattern: Pattern,
    policy: Policy,
) -> WeightingReport:
    """`based`: there were weights before. `before_folding`: the answers with the groups that the targets speak of;
    `view`: those that are published."""
    shown = shown_columns(view, pattern)
    decimals = int(view.answers.n >= policy.decimals_from)
    used = _used(made.sample, view)
    groups = [
        group for name in used for group in _groups(name, made, before_folding.backgrounds[name], view, shown, decimals)
    ]
    whole = _all_told(made.sample, before_folding, view, used, groups, policy.threshold)
    if policy.participation == "secret":
        whole = whole and _crossed_told(made.sample, view, used, shown, policy.threshold)
    if not whole:
        groups = [replace(group, after=None) for group in groups]
    missed = max((abs(line.off) for line in made.report.lines), default=0.0)
    return WeightingReport(
        wave=view.answers.wave,
        based=based,
        decimals=decimals,
        targets=tuple(_targets(targets)),
        groups=tuple(groups),
        missed=_rounded(missed * 10_000) if whole else None,
        spread=_spread(made, policy.threshold) if whole else None,
    )


def shown_columns(view: WaveView, pattern: Pattern) -> NDArray[np.bool_]:
    """Bool (columns,): some question that everybody in the group was asked publishes the group."""
    columns, names = view.columns, view.columns.names
    everybody = columns.bases(np.ones(view.answers.n, bool))
    shown = np.zeros(columns.size, bool)
    found = {each.parts: each for each in pattern.families if each.wave == view.answers.wave}
    for family in view.families:
        withheld = next((each.withheld for parts, each in found.items() if family.parts[0].key in parts), None)
        if withheld is None:
            continue
        published = np.array([name not in withheld for name in names])
        for part in family.parts:
            asked = columns.bases(view.answers.columns[part.key].codes != NOT_ASKED)
            shown |= published & (asked == everybody) & (everybody > 0)
    return shown


def _used(sample: Matched, view: WaveView) -> tuple[str, ...]:
    """The backgrounds that the targets speak of, in the study's order."""
    used = {name for margin in sample.margins for name in margin.variable.split(CROSS)}
    return tuple(each.by[0] for each in view.columns.groupings if len(each.by) == 1 and each.by[0] in used)


def _targets(targets: Targets) -> Iterator[Target]:
    for margin in targets.margins:
        for group, count in sorted(zip(margin.groups, margin.counts, strict=True)):
            yield Target(variable=margin.variable, group=group, count=count)
    for total in targets.totals:
        yield Target(variable=total.variable, group="", count=total.total)


def _groups(
    name: str,
    made: Weighted,
    unfolded: NDArray[np.int16],
    view: WaveView,
    shown: NDArray[np.bool_],
    decimals: int,
) -> Iterator[WeightedGroup]:
    """The published groups of one background."""
    grouping, start = next(
        (each, start)
        for each, start in zip(view.columns.groupings, view.columns.offsets, strict=True)
        if each.by == (name,)
    )
    codes = grouping.codes
    wanted = _of_background(name, made.sample)
    scale = 100 * 10**decimals
    total, before, after = sum(wanted.values()), math.fsum(made.sample.weights), math.fsum(made.weights)
    for place, (group,) in enumerate(grouping.groups):
        member = codes == place
        if not member.any():
            continue
        told = bool(shown[start + place])
        target = math.fsum(wanted[each] for each in np.unique(unfolded[member]))
        yield WeightedGroup(
            background=name,
            group=group,
            target=_rounded(target / total * scale),
            base=int(member.sum()) if told else None,
            before=_rounded(math.fsum(made.sample.weights[member]) / before * scale) if told else None,
            after=_rounded(math.fsum(made.weights[member]) / after * scale) if told else None,
        )


def _of_background(name: str, sample: Matched) -> dict[int, float]:
    """The target of each group, by its position in the study: of the first margin that speaks of the background."""
    margin = next(each for each in sample.margins if name in each.variable.split(CROSS))
    place = margin.variable.split(CROSS).index(name)
    parts = [group.split(CROSS)[place] if CROSS in margin.variable else group for group in margin.groups]
    order = {each: position for position, each in enumerate(dict.fromkeys(parts))}
    found = dict.fromkeys(order.values(), 0.0)
    for part, count in zip(parts, margin.counts, strict=True):
        found[order[part]] += float(count)
    return found


def _all_told(
    sample: Matched,
    before_folding: Answers,
    view: WaveView,
    used: Sequence[str],
    groups: Sequence[WeightedGroup],
    threshold: int,
) -> bool:
    folded = any((before_folding.backgrounds[name] != view.answers.backgrounds[name]).any() for name in used)
    return (
        not folded
        and all(group.base is not None for group in groups)
        and all(_smallest(margin) >= threshold for margin in sample.margins)
    )


def _crossed_told(
    sample: Matched, view: WaveView, used: Sequence[str], shown: NDArray[np.bool_], threshold: int
) -> bool:
    """Whether whoever is alike in all targets is many, and no pair of the variables has a group that is withheld."""
    everybody = view.columns.bases(np.ones(view.answers.n, bool))
    pairs = [
        slice(start, start + len(each.groups))
        for each, start in zip(view.columns.groupings, view.columns.offsets, strict=True)
        if len(each.by) > 1 and set(each.by) <= set(used)
    ]
    hidden = any((~shown[of] & (everybody[of] > 0)).any() for of in pairs)
    return not hidden and int(sample.cells.count.min()) >= threshold


def _smallest(margin: MatchedMargin) -> int:
    """The fewest respondents in a group that has any."""
    counts = np.bincount(margin.codes[margin.codes >= 0], minlength=len(margin.groups))
    return int(counts[counts > 0].min())


def _spread(made: Weighted, threshold: int) -> Spread:
    ratios = [_in_means(weights) for weights in (made.sample.weights, made.weights)]
    edges, (before, after) = classes(ratios, threshold)
    found = made.report.after
    return Spread(
        deff=_rounded(found.deff * 100),
        deff_before=_rounded(spread_of(made.sample.weights).deff * 100),
        effective=_rounded(found.effective),
        edges=edges,
        before=before,
        after=after,
    )


def classes_of(weights: Floats) -> tuple[int, ...]:
    """How many respondents have a weight in each class of EDGES: for whoever holds the answers."""
    return tuple(map(int, _counts(list(EDGES), _in_means(weights))))


def _counts(edges: Sequence[int], ratios: Integers) -> Integers:
    return np.bincount(np.searchsorted(edges, ratios, side="right"), minlength=len(edges) + 1).astype(np.int64)


def _in_means(weights: Floats) -> Integers:
    """Weights above zero in hundredths of their mean; a billionth below a hundredth is none."""
    counting = weights[weights > 0]
    return np.floor(counting / (math.fsum(counting) / len(counting)) * 100 + 1e-7).astype(np.int64)


def classes(distributions: Sequence[Integers], threshold: int) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    """Bounds, and how many of each distribution lie in each class: nobody, or at least `threshold`.

    A class with too few is merged with the smaller of its neighbours.
    """
    edges = list(EDGES)
    while True:
        counts = [_counts(edges, each) for each in distributions]
        few = np.flatnonzero(np.logical_or.reduce([(each > 0) & (each < threshold) for each in counts]))
        if not len(few) or not edges:
            break
        place, size = int(few[0]), np.sum(counts, axis=0)
        left = place > 0 and (place == len(edges) or size[place - 1] <= size[place + 1])
        del edges[place - 1 if left else place]
    return tuple(edges), tuple(tuple(int(n) for n in each) for each in counts)


def _rounded(number: float) -> int:
    return int(half_up(np.array(number)))
