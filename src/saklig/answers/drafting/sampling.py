"""Columns of the sampling design: weight, strata, clusters, replicate weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.drafting.naming import clean
from saklig.answers.drafting.replicates import ReplicateColumns, replicate_columns
from saklig.answers.lookup import value_counts
from saklig.answers.matching import as_number, canonical, is_blank
from saklig.answers.model import Source, Variable
from saklig.language.catalog import N_

_WEIGHT_NAME = re.compile(
    r"(?:.*[_.])?(?:weights?|vikt|wgt|wt|kalvikt|kalibreringsvikt|designvikt)(?:[_.]?[a-z0-9]{1,4})?|"
    r"w[gt]t?ss(?:all|nr)?|wt[a-z]{2,6}|(?:p|d|an|psp|pw)we?i?ght|[a-z]{3,8}wt|wtfinl",
    re.IGNORECASE,
)
_SURVEY_WEIGHT = re.compile(r"p?wgtp|w_fstuwt|earnwt", re.IGNORECASE)
"""Names that large surveys' documentation has, and nothing else."""
_WEIGHT_LABEL = re.compile(r"weight(?:s|ing)?\b|\b\w*vikt(?:en|er)?\b", re.IGNORECASE)
_BODY_WEIGHT = re.compile(r"\b(?:kg|kilo\w*|pounds?|lbs|your weight|din vikt|birth ?weight|body)\b", re.IGNORECASE)
_STRATUM = re.compile(
    r"(?:v|samp|urvals|design)?[_.]?(?:strat|strata|stratum|stratu)(?:[_.]?(?:id|nr|no|var))?", re.IGNORECASE
)
_STRATUM_LABEL = re.compile(r"\b(?:variance|sampling|sample|design)?[ -]?strat(?:um|a)\b|urvalsstratum", re.IGNORECASE)
_CLUSTER = re.compile(r"(?:v|samp|design)?[_.]?(?:psu|cluster|kluster)(?:[_.]?(?:id|nr|no))?", re.IGNORECASE)
_CLUSTER_LABEL = re.compile(r"primary sampling unit|sampling (?:error )?(?:cluster|unit)|\bpsu\b", re.IGNORECASE)

NO_NUMBER = N_("looks like a weight, but holds no number")
ONE_NUMBER = N_("looks like a weight, but is the same for everyone")


@dataclass(frozen=True)
class DesignColumns:
    """Columns that hold the design; `left_out`: further such columns, each with why it is not used."""

    weight: str = ""
    strata: str = ""
    cluster: str = ""
    left_out: tuple[tuple[str, str], ...] = ()
    other_weights: tuple[str, ...] = ()
    replicates: ReplicateColumns | None = None

    @property
    def used(self) -> frozenset[str]:
        """Columns that are no questions, and yet not left out."""
        return frozenset({self.weight, self.strata, self.cluster, *(self.replicates.names if self.replicates else ())})


def design_columns(source: Source) -> DesignColumns:
    candidates = [(score, v) for v in source.variables if (score := _weight_score(v, source)) is not None]
    replicates = _replicates(source, candidates)
    numbered = set(replicates.names) if replicates else set()
    left_out: list[tuple[str, str]] = []
    candidates = [(score, variable) for score, variable in candidates if variable.name not in numbered]
    usable = sorted((candidate for candidate in candidates if candidate[0] > 0), key=lambda found: -found[0])
    weight = usable[0][1].name if usable else ""
    for score, variable in candidates:
        if variable.name != weight:
            left_out.append((variable.name, N_("another weight") if score > 0 else _weight_fault(variable)))
    other_weights = tuple(name for name, why in left_out if why not in (NO_NUMBER, ONE_NUMBER))
    strata = _first(source, _STRATUM, _STRATUM_LABEL)
    cluster = _first(source, _CLUSTER, _CLUSTER_LABEL)
    why = _unusable(strata, cluster)
    if why:
        left_out += [(variable.name, why) for variable in (strata, cluster) if variable]
        strata = cluster = None
    return DesignColumns(
        weight=weight,
        strata=strata.name if strata else "",
        cluster=cluster.name if cluster else "",
        left_out=tuple(left_out),
        other_weights=other_weights,
        replicates=replicates,
    )


def _replicates(source: Source, candidates: Sequence[tuple[int, Variable]]) -> ReplicateColumns | None:
    """Beside the likeliest weight that is none of them: replicate weights look like weights too."""
    for score, variable in sorted(candidates, key=lambda found: -found[0]):
        found = replicate_columns(source, variable.name if score > 0 else "")
        if found is None or variable.name not in found.names:
            return found
    return replicate_columns(source, "")


def _weight_score(variable: Variable, source: Source) -> int | None:
    """How likely a column is the weight: None not at all, 0 by its name and not by its values, else more is better."""
    declared = variable.name == source.weight
    known = _SURVEY_WEIGHT.fullmatch(variable.name.strip()) is not None
    named, label = known or _WEIGHT_NAME.fullmatch(variable.name.strip()), clean(variable.label)
    said = _WEIGHT_LABEL.search(label) is not None
    if not declared and (not (named or said) or _BODY_WEIGHT.search(label) or len(label) > 80 or label.endswith("?")):
        return None
    if any(label for value, label in variable.labels.items() if canonical(value) not in _declared(variable)):
        return None
    if _weight_fault(variable):
        return 0 if declared or named else None
    weights = _weights(variable)
    uneven = not np.array_equal(weights, np.floor(weights))
    mean = float(weights.mean())
    if not declared and not uneven and abs(mean - 1) > 0.05 and not known and not (named and said):
        return None
    exact = variable.name.strip().casefold() in ("weight", "vikt", "wt", "wgt", "wtssall") or known
    return 1 + 10 * declared + 4 * exact + 2 * said + 2 * uneven + 2 * (abs(mean - 1) < 0.05)


def _weights(variable: Variable) -> NDArray[np.float64]:
    """float64 (n,), not a number where someone has none."""
    table = np.full(len(variable.values) + 1, np.nan)
    missing, counts = _declared(variable), value_counts(variable)
    for index, value in enumerate(variable.values):
        number = None if canonical(value) in missing else as_number(value)
        if counts[index] and number is not None:
            table[index] = float(number)
    found: NDArray[np.float64] = table[variable.codes]
    return found


def _weight_fault(variable: Variable) -> str:
    """Why nobody can be weighted by the column; empty where everybody can."""
    weights = _weights(variable)
    if not np.isfinite(weights).any():
        return NO_NUMBER
    if not np.isfinite(weights).all():
        return N_("looks like a weight, but is blank or no number for some")
    if (weights < 0).any():
        return N_("looks like a weight, but is negative for some")
    return ONE_NUMBER if (weights == weights[0]).all() else ""


def _declared(variable: Variable) -> set[object]:
    return {canonical(value) for value in variable.missing}


def _first(source: Source, name: re.Pattern[str], label: re.Pattern[str]) -> Variable | None:
    named = (variable for variable in source.variables if name.fullmatch(variable.name.strip()))
    labelled = (variable for variable in source.variables if variable.label and label.search(clean(variable.label)))
    return next(named, None) or next(labelled, None)


def _unusable(strata: Variable | None, cluster: Variable | None) -> str:
    """Why the design cannot be taken from the columns; empty where it can, or where there are none."""
    for variable in (strata, cluster):
        if variable is not None and any(
            count and is_blank(value) for value, count in zip(variable.values, value_counts(variable)[:-1], strict=True)
        ):
            return N_("belongs to the sampling design, but is blank for some")
        if variable is not None and (variable.codes < 0).any():
            return N_("belongs to the sampling design, but is blank for some")
    units = [strata.codes if strata else None, cluster.codes if cluster else None]
    if strata is None and cluster is None:
        return ""
    size = len(next(codes for codes in units if codes is not None))
    stratum = units[0] if units[0] is not None else np.zeros(size, dtype=np.int32)
    unit = units[1] if units[1] is not None else np.arange(size)
    pairs = np.unique(np.stack([stratum, unit], axis=1), axis=0) if size else np.zeros((0, 2), dtype=np.int32)
    _, clusters = np.unique(pairs[:, 0], return_counts=True)
    if not clusters.size or (clusters < 2).any():
        return N_("belongs to the sampling design, but some stratum has a single cluster or respondent")
    return ""
