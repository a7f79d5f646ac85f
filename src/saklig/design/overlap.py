"""How the samples of two waves hang together, as far as the study and its answers say.

Two samples that were drawn without regard to each other give independent estimates, whoever happens to be in both. A
study seldom says how it was; where the same were asked again, in a panel, in a small population, the estimates of the
two waves go together, and nothing may be gained from taking them for independent.
"""

from __future__ import annotations

from collections.abc import Iterator

from saklig.answers.model import Answers
from saklig.edition.publication import Samples
from saklig.study.model import Sample, Study, Wave

LARGEST_FRACTION = 0.1
"""Of a population: if more were invited, or answered, in both waves, they may well be the same."""


def samples_of(study: Study, earlier: Answers, answers: Answers) -> Samples:
    """Of two waves, `earlier` the first of them."""
    if earlier.persons is not None and answers.persons is not None and not study.wave(answers.wave).independent:
        return Samples.PERSONS
    if study.wave(answers.wave).independent:
        return Samples.INDEPENDENT
    if study.sample is not Sample.PROBABILITY:
        return Samples.OVERLAPPING
    fractions = [max(_fractions(study.wave(each.wave), each), default=0.0) for each in (earlier, answers)]
    return Samples.OVERLAPPING if min(fractions) > LARGEST_FRACTION else Samples.INDEPENDENT


def _fractions(wave: Wave, answers: Answers) -> Iterator[float]:
    """Of the population and of each stratum, the invited and the respondents; what is not known is left out."""
    counts = {} if answers.strata is None else dict(zip(answers.stratum_ids, _sizes(answers), strict=True))
    units = [(wave.population, wave.invited, answers.n)]
    units += [(each.population, each.invited, counts.get(each.id, 0)) for each in wave.strata]
    for population, invited, respondents in units:
        if population:
            yield max(invited or 0, respondents) / population


def _sizes(answers: Answers) -> list[int]:
    assert answers.strata is not None, "asked of stratified answers only"
    return [int((answers.strata == place).sum()) for place in range(len(answers.stratum_ids))]
