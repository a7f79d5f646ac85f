"""The design that the intervals rest on, in words: what was drawn, in which stages, from how large a population."""

from __future__ import annotations

from collections.abc import Iterator

from saklig.edition.publication import Sampling
from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.replication import finite_population
from saklig.study.model import Lonely

LONE_STRATA = {
    Lonely.ADJUST: N_(
        "Where one unit alone was drawn from a stratum or cluster, its error is taken from its distance to the mean of "
        "the whole sample."
    ),
    Lonely.AVERAGE: N_(
        "Where one unit alone was drawn from a stratum, the stratum’s error is taken to be as that of the other strata "
        "on average."
    ),
    Lonely.REMOVE: N_(
        "Where one unit alone was drawn from a stratum or cluster, its error cannot be told and is left out, so that "
        "intervals may be too narrow."
    ),
    Lonely.CERTAINTY: N_(
        "Where one unit alone was drawn from a stratum or cluster, it was bound to be drawn and adds no error."
    ),
}
"""What one unit drawn from several is taken to tell of the error; said where there are such."""

ENDLESS = N_("The population is taken to be so large that its size does not matter.")


def design_in_words(context: Context) -> Iterator[str]:
    """Nothing where the edition does not say it."""
    sampling = context.response.sampling if context.response else None
    replicates = context.wave.replicates if context.response and context.response.replicates else None
    if sampling is None or (replicates and not replicates.made):
        return
    yield _drawn(context, sampling)
    yield from _silent(context, sampling)
    if replicates and not finite_population(replicates):
        yield context._(ENDLESS)
        return
    yield _population(context, sampling)
    if sampling.lone and context.wave.lonely in LONE_STRATA:
        yield context._(LONE_STRATA[context.wave.lonely])


def _drawn(context: Context, sampling: Sampling) -> str:
    _, first = context._, sampling.stages[0]
    strata, stages = context.count(sampling.strata), context.count(len(sampling.stages))
    drawn = context.count(first.drawn)
    if not first.clusters:
        if sampling.strata == 1:
            return _("The intervals are those of a simple random sample of respondents.")
        return _(
            "The intervals are those of a stratified sample: a simple random sample of respondents in each of {strata} "
            "strata.",
            strata=strata,
        )
    if len(sampling.stages) == 1 and sampling.strata == 1:
        return _("The intervals are those of a cluster sample: {drawn} clusters, drawn at random.", drawn=drawn)
    if len(sampling.stages) == 1:
        return _(
            "The intervals are those of a cluster sample: {drawn} clusters, drawn at random within {strata} strata.",
            drawn=drawn,
            strata=strata,
        )
    if sampling.strata == 1:
        return _(
            "The intervals are those of a sample in {stages} stages: {drawn} clusters drawn at random, and then units "
            "at random within what was drawn before.",
            stages=stages,
            drawn=drawn,
        )
    return _(
        "The intervals are those of a sample in {stages} stages: {drawn} clusters drawn at random within {strata} "
        "strata, and then units at random within what was drawn before.",
        stages=stages,
        drawn=drawn,
        strata=strata,
    )


def _silent(context: Context, sampling: Sampling) -> Iterator[str]:
    first = sampling.stages[0]
    if first.clusters and first.answered < first.drawn:
        yield context._(
            "There are answers from {answered} of the {drawn} clusters. Those without answers count as clusters that "
            "do not differ from the others.",
            answered=context.count(first.answered),
            drawn=context.count(first.drawn),
        )


def _population(context: Context, sampling: Sampling) -> str:
    _, first, last = context._, sampling.stages[0], sampling.stages[-1]
    if last.clusters and not last.finite:
        return _(
            "What was drawn within the clusters is taken into account by way of the clusters alone (first-stage "
            "approximation), as if they were drawn with replacement, so that intervals are too wide rather than too "
            "narrow."
        )
    if not first.finite:
        return _(ENDLESS)
    return _("The finite population is taken into account.")
