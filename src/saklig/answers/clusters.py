"""The columns of a sample of several stages: clusters, what was drawn within them, and how many there were to draw."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saklig.answers.findings import Findings, rows_in_words
from saklig.answers.lookup import find_variable
from saklig.answers.matching import as_number, canonical, is_blank
from saklig.answers.model import Source
from saklig.answers.sampling import Rows
from saklig.language.catalog import say, say_n
from saklig.study.model import Wave


def bind_clusters(name: str, source: Source, rows: Rows, place: str, findings: Findings) -> NDArray[np.int32] | None:
    """int32 (n,), positions of the cluster column's values, as in the file: not yet unique over strata."""
    variable = find_variable(source, name, place, findings)
    if variable is None:
        return None
    blank = np.array([is_blank(value) for value in variable.values] + [True])
    absent: NDArray[np.bool_] = blank[variable.codes]
    if absent.any():
        findings.error(
            place,
            say(
                "the cluster (column “{name}”) is missing for {rows}",
                name=name,
                rows=rows_in_words(absent, rows),
            ),
        )
        return None
    return variable.codes.astype(np.int32)


def bind_fpc(
    names: tuple[str, ...], source: Source, rows: Rows, place: str, findings: Findings
) -> tuple[NDArray[np.float64], ...]:
    """float64 (n,) each stage: how many units there were to draw from, or the fraction of them that was drawn.

    All are counts or all are fractions, as in R's `svydesign`: one number above 1 makes them counts.
    """
    found = [_sizes(name, source, rows, place, findings) for name in names]
    sizes = [each for each in found if each is not None]
    if len(sizes) < len(names):
        return ()
    if any((each > 1).any() for each in sizes):
        for name, each in zip(names, sizes, strict=True):
            if (each < 1).any():
                findings.error(
                    place,
                    say(
                        "`fpc` (column “{name}”) is below 1 for {rows}, while others are above 1; give counts of units "
                        "everywhere, or fractions everywhere",
                        name=name,
                        rows=rows_in_words(each < 1, rows),
                    ),
                )
    return tuple(sizes)


def _sizes(name: str, source: Source, rows: Rows, place: str, findings: Findings) -> NDArray[np.float64] | None:
    variable = find_variable(source, name, place, findings)
    if variable is None:
        return None
    table = np.full(len(variable.values) + 1, np.nan)
    missing = frozenset(map(canonical, variable.missing))
    for index, value in enumerate(variable.values):
        number = None if is_blank(value) or canonical(value) in missing else as_number(value)
        table[index] = np.nan if number is None else float(number)
    sizes: NDArray[np.float64] = table[variable.codes]
    unusable = ~np.isfinite(sizes) | (sizes < 0)
    if unusable.any():
        findings.error(
            place,
            say(
                "`fpc` (column “{name}”) is missing, negative or no number for {rows}; it is how many units there were "
                "to draw from, or the fraction of them that was drawn (0: drawn with replacement)",
                name=name,
                rows=rows_in_words(unusable, rows),
            ),
        )
        return None
    return sizes


def check_nesting(
    clusters: NDArray[np.int32] | None, strata: NDArray[np.int32] | None, place: str, findings: Findings
) -> None:
    """A cluster that stands in several strata may be one of each, numbered anew, or an error: it is said."""
    if clusters is None or strata is None:
        return
    pairs = np.unique(np.stack([strata, clusters]), axis=1)
    several = int((np.bincount(pairs[1]) > 1).sum())
    if several:
        findings.remark(
            place,
            say_n(
                "{n} cluster stands in more than one stratum, and is counted as a different cluster in each; if it is "
                "not, correct the columns",
                "{n} clusters stand in more than one stratum, and are counted as different clusters in each; if they "
                "are not, correct the columns",
                several,
            ),
        )


def check_drawn(
    clusters: NDArray[np.int32] | None,
    strata: NDArray[np.int32] | None,
    stratum_ids: tuple[str, ...],
    wave: Wave,
    place: str,
    findings: Findings,
) -> None:
    """Clusters that were drawn beside those that answered: more is an error, fewer is said."""
    given = {stratum.id: stratum.clusters for stratum in wave.strata if stratum.clusters is not None}
    if wave.clusters is None and not given:
        return
    if clusters is None:
        findings.error(place, say("`clusters` counts clusters, but no column holds them; name it with `cluster`"))
        return
    if strata is None:
        _compare("", wave.clusters, len(np.unique(clusters)), place, findings)
        return
    if not given:
        findings.error(place, say("`clusters` is one number, but the sample has strata; give it by stratum"))
        return
    pairs = np.unique(np.stack([strata, clusters]), axis=1)
    answered = np.bincount(pairs[0], minlength=len(stratum_ids))
    for position, name in enumerate(stratum_ids):
        _compare(name, given.get(name), int(answered[position]), place, findings)


def _compare(stratum: str, drawn: int | None, answered: int, place: str, findings: Findings) -> None:
    if drawn is None or drawn == answered:
        return
    if stratum:
        place = say("{place}, stratum “{stratum}”", place=place, stratum=stratum)
    if answered > drawn:
        findings.error(
            place,
            say(
                "there are answers from {answered} clusters, but {drawn} were drawn; correct `clusters`",
                answered=answered,
                drawn=drawn,
            ),
        )
    else:
        findings.remark(
            place,
            say_n(
                "{n} of {drawn} clusters that were drawn has no answers; in the intervals it counts as one that does "
                "not differ from the others",
                "{n} of {drawn} clusters that were drawn have no answers; in the intervals they count as ones that do "
                "not differ from the others",
                drawn - answered,
                drawn=drawn,
            ),
        )
