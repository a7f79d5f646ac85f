"""The replicates that a study asks for: made from its design, or supplied beside its answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.answers.model import Answers
from saklig.design.factors.replicates import Replicates
from saklig.design.model import Design, DesignError
from saklig.design.replicates.balanced import brr, fay
from saklig.design.replicates.bootstrap import bootstrap
from saklig.design.replicates.jackknife import jk1, jkn
from saklig.design.replicates.successive import sdr
from saklig.design.replicates.supplied import Recipe, supplied
from saklig.language.catalog import say
from saklig.study.replication import ReplicateMethod, Replication


def replicates_of(asked: Replication, design: Design, answers: Answers) -> Replicates:
    """Raises DesignError, naming the wave: a design that the method is not for, or columns that do not fit it."""
    place = say("wave “{wave}”", wave=answers.wave)
    if not asked.made:
        return _supplied(asked, design, answers, place)
    try:
        return _made(asked, design, answers)
    except DesignError as error:
        raise DesignError(f"{place}: {error}") from None


def _made(asked: Replication, design: Design, answers: Answers) -> Replicates:
    strata, mse = answers.stratum_ids, asked.mse
    match asked.method:
        case ReplicateMethod.JK1:
            return jk1(design, mse=mse)
        case ReplicateMethod.JKN:
            return jkn(design, mse=mse, strata=strata)
        case ReplicateMethod.BRR:
            return brr(design, mse=mse, strata=strata)
        case ReplicateMethod.FAY:
            return fay(design, asked.fay or 0.0, mse=mse, strata=strata)
        case ReplicateMethod.BOOTSTRAP:
            return bootstrap(design, asked.number or 0, asked.seed or 0, mse=mse, strata=strata)
        case ReplicateMethod.SDR:
            return sdr(design, mse=mse, strata=strata)
        case other:
            raise ValueError(f"replicates cannot be made by the method “{other}”")


def _supplied(asked: Replication, design: Design, answers: Answers, place: str) -> Replicates:
    columns = answers.replicates
    if columns is None:
        raise DesignError(say("{place}: there are no replicate weights beside the answers", place=place))
    number = columns.shape[1]
    if asked.number is not None and asked.number != number:
        raise DesignError(
            say(
                "{place}: the study says {asked} replicates, and the file has {n} columns of them; check which columns "
                "were named, or correct `number`",
                place=place,
                asked=asked.number,
                n=number,
            )
        )
    recipe = Recipe(
        method=asked.method,
        combined=answers.replicates_combined,
        scale=asked.scale,
        rscales=_for_each(asked.rscales, number),
        rho=asked.fay,
        fraction=_for_each(asked.fraction, number),
        mse=asked.mse,
    )
    return supplied(columns, answers.weights, recipe, place, design.cluster)


def _for_each(numbers: tuple[float, ...], replicates: int) -> NDArray[np.float64] | None:
    """One number stands for all."""
    if not numbers:
        return None
    found = np.array(numbers, dtype=np.float64)
    return np.full(replicates, found[0]) if len(found) == 1 else found
