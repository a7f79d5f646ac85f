"""How replicate weights tell the errors of a wave: the sample reweighted many times over."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from saklig.language.catalog import N_, say

FEWEST_DRAWN, MOST_DRAWN = 2, 10_000
"""Replicates of a bootstrap that is made."""


class ReplicateMethod(StrEnum):
    """How replicates were made, as R's `svrepdesign(type = …)` names them, in small letters."""

    JK1 = "jk1"
    JKN = "jkn"
    BRR = "brr"
    FAY = "fay"
    BOOTSTRAP = "bootstrap"
    SDR = "successive-difference"
    OTHER = "other"


REPLICATE_METHODS = {
    ReplicateMethod.JK1: N_("the jackknife without strata (JK1)"),
    ReplicateMethod.JKN: N_("the jackknife within strata (JKn)"),
    ReplicateMethod.BRR: N_("balanced repeated replication (BRR)"),
    ReplicateMethod.FAY: N_("balanced repeated replication by Fay’s method"),
    ReplicateMethod.BOOTSTRAP: N_("the bootstrap"),
    ReplicateMethod.SDR: N_("successive difference replication (SDR)"),
    ReplicateMethod.OTHER: N_("replicate weights of another kind"),
}
"""In words, for those who read the method."""


@dataclass(frozen=True, kw_only=True)
class Replication:
    """`made`: from the design, by the program; else supplied beside the answers.

    `number`, `seed`: of a bootstrap that is made. `fay`: Fay's ρ. Of supplied ones: `scale` and `rscales` where the
    method does not settle them, `fraction`: the sampling fraction of a jackknife, one or one for each replicate.
    `mse`: squares around the estimate itself, not around the mean of the replicates. Names as in R's survey package.
    """

    method: ReplicateMethod
    made: bool = False
    number: int | None = None
    seed: int | None = None
    fay: float | None = None
    scale: float | None = None
    rscales: tuple[float, ...] = ()
    fraction: tuple[float, ...] = ()
    mse: bool = False


def contradictions(given: Replication) -> Iterator[tuple[str, str]]:
    """(key, what is wrong and what to do), for each rule that is broken."""
    yield from _numbers_out_of_range(given)
    if given.method is ReplicateMethod.FAY and given.fay is None:
        yield "fay", say("“fay” is missing; write Fay’s factor, often fay = 0.3 or fay = 0.5")
    if given.method is not ReplicateMethod.FAY and given.fay is not None:
        yield "fay", say('belongs to the method "fay"; leave it out, or write method = "fay"')
    yield from _of_made(given) if given.made else _of_supplied(given)


def _of_made(given: Replication) -> Iterator[tuple[str, str]]:
    if given.method is ReplicateMethod.OTHER:
        yield "method", say("is for replicate weights in the data file; name their columns, or choose another method")
    for key in ("scale", "rscales", "fraction"):
        if getattr(given, key) not in (None, ()):
            yield key, say("is for replicate weights in the data file; what is made has its own")
    if given.method is ReplicateMethod.BOOTSTRAP:
        for key in ("number", "seed"):
            if getattr(given, key) is None:
                yield key, say("“{key}” is missing; write number = 500 and seed = 1", key=key)
        return
    for key in ("number", "seed"):
        if getattr(given, key) is not None:
            yield key, say('belongs to the method "bootstrap"; with this one the number follows from the design')


def _of_supplied(given: Replication) -> Iterator[tuple[str, str]]:
    if given.seed is not None:
        yield "seed", say("is for a bootstrap that is made; these replicate weights are in the data file")
    if given.method is ReplicateMethod.OTHER and given.scale is None:
        yield "scale", say("“scale” is missing; the documentation of the data says it")
    if given.method in (ReplicateMethod.OTHER, ReplicateMethod.JKN) and not given.rscales:
        yield "rscales", say("“rscales” is missing; write one number for each column, as the data’s documentation says")
    if given.fraction and given.method not in (ReplicateMethod.JK1, ReplicateMethod.JKN):
        yield "fraction", say("is for a jackknife; leave it out")


def _numbers_out_of_range(given: Replication) -> Iterator[tuple[str, str]]:
    if given.number is not None and not FEWEST_DRAWN <= given.number <= MOST_DRAWN:
        yield (
            "number",
            say("is {n}; it lies between {least} and {most}", n=given.number, least=FEWEST_DRAWN, most=MOST_DRAWN),
        )
    if given.seed is not None and not 0 <= given.seed < 2**63:
        yield "seed", say("is {n}; it is a whole number from 0", n=given.seed)
    if given.fay is not None and not 0 < given.fay < 1:
        yield "fay", say("is {n}; it lies between 0 and 1", n=f"{given.fay:g}")
    if given.scale is not None and not (given.scale > 0 and math.isfinite(given.scale)):
        yield "scale", say("is {n}; it is above zero", n=f"{given.scale:g}")
    if any(not (each >= 0 and math.isfinite(each)) for each in given.rscales):
        yield "rscales", say("holds a number below zero")
    if any(not 0 <= each <= 1 for each in given.fraction):
        yield "fraction", say("holds a number outside 0–1")
