"""Weights that meet targets, made as a part of publishing: whoever has the answers and the targets gets the same ones.

They depend on the groups that respondents belong to, on the weights before and on the targets, and on no answer to a
question: a background that is read from the column of a confidential question is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from saklig.answers.model import Answers
from saklig.answers.readers.delimited import open_delimited
from saklig.answers.readers.source_hints import Hints
from saklig.design.model import DesignError
from saklig.design.weighting.calibration import calibrate
from saklig.design.weighting.distances import Bounds, Exponential, Linear, Logit
from saklig.design.weighting.distances import Distance as Shape
from saklig.design.weighting.faults import WeightingError, plain
from saklig.design.weighting.matching import Matched, matched, scaled
from saklig.design.weighting.membership import Factor, Quantity
from saklig.design.weighting.naming import Names, names_of
from saklig.design.weighting.poststratification import post_stratify
from saklig.design.weighting.raking import rake
from saklig.design.weighting.target_rows import SLACK, read_targets
from saklig.design.weighting.targets import Margin, Targets
from saklig.design.weighting.trimming import trim
from saklig.design.weighting.weighted import Weighted
from saklig.language.catalog import say
from saklig.study.model import Distance, Study, Wave, Weighting, WeightingMethod
from saklig.study.sources import Sources

LARGEST = 10_000_000
"""Bytes of a file of targets; ten thousand groups take some 300 kB."""


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """`targets`: as read, in counts. `made`: the weights, and what was done. `based`: there were weights before.
    `in_percent`: the targets are percentages of a population of unknown size, so that their counts are no numbers of
    the population."""

    targets: Targets
    made: Weighted
    based: bool
    in_percent: bool = False


def weigh(study: Study, sources: Sources, answers: Answers) -> Weighed | None:
    """None where the wave's weights are not made. Raises DesignError naming the file of targets and what is wrong."""
    wave = study.wave(answers.wave)
    source = next(each for each in sources.waves if each.wave == wave.id)
    if wave.weighting is None or source.targets is None:
        return None
    file = source.targets.name
    try:
        targets = _targets(study, wave, source.targets, answers)
        made = _made(wave.weighting, _sample(study, answers, targets))
    except WeightingError as error:
        lines = "".join(f"\n  - {problem}" for problem in error.problems)
        raise DesignError(
            say("wave “{wave}”: weights cannot be made to meet the targets in {file}:", wave=wave.id, file=file) + lines
        ) from None
    in_percent = targets.shares and wave.population is None
    return Weighed(targets=targets, made=made, based=answers.weighted, in_percent=in_percent)


def _targets(study: Study, wave: Wave, path: Path, answers: Answers) -> Targets:
    if not path.is_file():
        raise WeightingError([say("{file}: there is no such file; it stands beside the study", file=path)])
    if path.stat().st_size > LARGEST:
        most = LARGEST // 1_000_000
        raise WeightingError([say("{file}: is larger than {most} MB; is it targets?", file=path.name, most=most)])
    rows = open_delimited(path, Hints())
    backgrounds = [each for each in study.backgrounds if each.id in answers.backgrounds]
    names = names_of(backgrounds, answers.quantities, [question.id for question in study.questions])
    units = float(wave.population) if wave.population is not None else math.fsum(answers.weights)
    found = read_targets(rows, path.name, rows.decimal_comma, names, units, answers.n)
    _check_size(found, names, answers.n, wave.population)
    # in an order of their own, so that the edition does not depend on that of the file's rows
    return Targets(
        margins=tuple(sorted(found.margins, key=lambda margin: margin.variable)),
        totals=tuple(sorted(found.totals, key=lambda total: total.variable)),
        shares=found.shares,
    )


def _check_size(targets: Targets, names: Names, respondents: int, population: int | None) -> None:
    problems = [
        _too_few(margin, names.without_target(margin.variable, margin.groups), respondents)
        for margin in targets.margins
        if margin.total < respondents * (1 - 1e-9)
    ]
    if population is not None and not problems:
        problems = [
            say(
                "“{variable}”: the targets add up to {total}, but `population` is {population}; correct one of them",
                variable=margin.variable,
                total=plain(margin.total),
                population=plain(population),
            )
            for margin in targets.margins[:1]
            if abs(margin.total - population) > 1e-9 * population
        ]
    if problems:
        raise WeightingError(problems)


def _too_few(margin: Margin, without: list[str], respondents: int) -> str:
    """What counts are that add up to fewer than have answered."""
    words: dict[str, object] = {"variable": margin.variable, "total": plain(margin.total), "n": plain(respondents)}
    if abs(margin.total - 1) <= SLACK / 100:
        return say(
            "“{variable}”: the counts add up to {total}: they are shares; write them as percentages, 50 and not 0.5, "
            "and call the column percent",
            **words,
        )
    if abs(margin.total - 100) <= SLACK:
        return say(
            "“{variable}”: the counts add up to {total}, but {n} have answered; if they are percentages, call the "
            "column percent",
            **words,
        )
    if without:
        return say(
            "“{variable}”: the counts add up to {total}, but {n} have answered; there is no target for {groups}",
            **words,
            groups=", ".join(say("“{variable}”", variable=group) for group in without),
        )
    return say(
        "“{variable}”: the counts add up to {total}, but {n} have answered; give numbers of the whole population",
        **words,
    )


def _sample(study: Study, answers: Answers, targets: Targets) -> Matched:
    """Weights before are brought to the size of the population, so that factors and bounds are of shares."""
    factors = [
        Factor(variable=each.id, groups=tuple(group.id for group in each.groups), codes=answers.backgrounds[each.id])
        for each in study.backgrounds
        if each.id in answers.backgrounds
    ]
    quantities = [Quantity(variable=name, values=values) for name, values in answers.quantities.items()]
    usable = targets.margins and math.isfinite(total := math.fsum(answers.weights)) and total > 0
    weights = scaled(answers.weights, targets.margins[0].total) if usable else answers.weights
    return matched(targets, weights, factors, quantities)


def _made(weighting: Weighting, sample: Matched) -> Weighted:
    match weighting.method:
        case WeightingMethod.POST_STRATIFY:
            found = post_stratify(sample)
        case WeightingMethod.RAKE:
            found = rake(sample)
        case WeightingMethod.CALIBRATE:
            found = calibrate(sample, _shape(weighting))
    if weighting.trim is None:
        return found
    mean = found.report.after.total / found.report.after.respondents
    return trim(found, weighting.trim[0] * mean, weighting.trim[1] * mean, strict=True)


def _shape(weighting: Weighting) -> Shape:
    bounds = Bounds(lower=weighting.bounds[0], upper=weighting.bounds[1]) if weighting.bounds else None
    made: Mapping[Distance, Callable[[], Shape]] = {
        Distance.LINEAR: lambda: Linear(bounds),
        Distance.EXPONENTIAL: lambda: Exponential(bounds or Bounds()),
        Distance.LOGIT: lambda: Logit(bounds or Bounds()),
    }
    return made[weighting.distance]()
