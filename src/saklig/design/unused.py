"""What a study says of its sample and no number makes use of: nobody shall believe that it counted."""

from __future__ import annotations

from collections.abc import Iterator

from saklig.answers.model import Answers
from saklig.design.model import Design
from saklig.language.catalog import say, say_n
from saklig.study.model import Lonely, Sample, Study, Wave
from saklig.study.replication import ReplicateMethod

FEW_REPLICATES = 100
"""Of a bootstrap: from so many on its errors vary by chance by less than some 7 per cent, by 1/√(2(R − 1)) (Efron and
Tibshirani 1993, section 6.4)."""


def remarks_on_design(study: Study, answers: Answers, design: Design) -> tuple[str, ...]:
    """For `check`: none of this makes a number wrong."""
    wave = study.wave(answers.wave)
    place = say("wave “{wave}”", wave=wave.id)
    found = _without_errors(study, answers, wave) if not design.intervals else _with_errors(answers, design, wave)
    return tuple(f"{place}: {remark}" for remark in found)


def _without_errors(study: Study, answers: Answers, wave: Wave) -> Iterator[str]:
    idle = [
        f"`{key}`"
        for key, given in (
            ("cluster", answers.clusters is not None),
            ("fpc", bool(answers.fpc)),
            ("lonely", wave.lonely is not Lonely.FAIL),
            ("replicates", wave.replicates is not None),
        )
        if given
    ]
    if not idle:
        return
    keys = ", ".join(idle)
    if study.sample is Sample.SELF_SELECTED:
        yield say_n(
            "{keys} is not used: a sample that chose itself has no intervals; leave it out, or say in `modelled` by "
            "what reasoning there may be intervals",
            "{keys} are not used: a sample that chose itself has no intervals; leave them out, or say in `modelled` by "
            "what reasoning there may be intervals",
            len(idle),
            keys=keys,
        )
    else:
        yield say_n(
            "{keys} is not used: this census has no intervals; leave it out",
            "{keys} are not used: this census has no intervals; leave them out",
            len(idle),
            keys=keys,
        )


def _with_errors(answers: Answers, design: Design, wave: Wave) -> Iterator[str]:
    if wave.lonely is not Lonely.FAIL:
        yield from _lonely(answers, design, wave)
    made = wave.replicates
    few = made is not None and made.made and made.method is ReplicateMethod.BOOTSTRAP
    if made is not None and few and made.number is not None and made.number < FEW_REPLICATES:
        yield say(
            "the bootstrap has {n} replicates, so that by chance alone the errors are some {percent} per cent too "
            "large or too small; write number = 500",
            n=made.number,
            percent=round(100 / (2 * (made.number - 1)) ** 0.5),
        )


def _lonely(answers: Answers, design: Design, wave: Wave) -> Iterator[str]:
    if wave.replicates is not None:
        yield say("`lonely` is not used: the errors are those of the replicates; leave it out")
    elif answers.strata is None and not design.later:
        yield say(
            "`lonely` is not used: it is about strata of one unit, and the sample has none; name the column that holds "
            "the strata with `strata`, or leave it out"
        )
