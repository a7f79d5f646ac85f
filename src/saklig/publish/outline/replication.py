"""How replicate weights told the errors, in words for the method page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from saklig.language.numbers import exact
from saklig.publish.outline.context import Context
from saklig.study.model import REPLICATE_METHODS, ReplicateMethod, Replication

FINITE = (ReplicateMethod.JK1, ReplicateMethod.JKN, ReplicateMethod.BOOTSTRAP)
"""Methods of which those that are made take a finite population into account."""
SHOWN_NUMBERS = 12


def finite_population(given: Replication) -> bool:
    """Whether replicates that are made take the finite population into account."""
    return given.made and given.method in FINITE


def by_replicates(context: Context, given: Replication, number: int) -> Iterator[str]:
    """Sentences: the method, how many, and every constant that somebody needs who computes the errors again."""
    _, n, method = context._, context.count(number), context._(REPLICATE_METHODS[given.method])
    yield _("The errors are computed from {n} sets of replicate weights, by {method}.", n=n, method=method)
    yield _("They were made from the sampling design.") if given.made else _("They came with the answers.")
    if given.seed is not None:
        yield _(
            "The draws of the bootstrap begin from the seed {seed}, and are the same on every machine.", seed=given.seed
        )
    if given.fay is not None:
        yield _("Fay’s factor is {number}.", number=_number(context, given.fay))
    if given.scale is not None:
        yield _("The sum of squares is multiplied by {number}.", number=_number(context, given.scale))
    if given.rscales:
        yield _("Each replicate’s square is multiplied by: {numbers}.", numbers=_numbers(context, given.rscales))
    if given.fraction:
        yield _("The sampling fractions are {numbers}.", numbers=_numbers(context, given.fraction))
    if given.mse:
        yield _("The variance is computed from how far the replicates’ estimates lie from the estimate itself.")
    else:
        yield _("The variance is computed from how far the replicates’ estimates lie from their mean.")
    yield _("Degrees of freedom are the rank of the replicate weights of those in the group, minus one.")


def _number(context: Context, number: float) -> str:
    return exact(number, context.language)


def _numbers(context: Context, numbers: Sequence[float]) -> str:
    """All where they are few or the same, else the first."""
    if len(set(numbers)) == 1:
        return _number(context, numbers[0])
    shown = "; ".join(_number(context, number) for number in numbers[:SHOWN_NUMBERS])
    return f"{shown}; …" if len(numbers) > SHOWN_NUMBERS else shown
