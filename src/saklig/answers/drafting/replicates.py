"""Columns that look like replicate weights: many numbered ones, each nearly the weight or nearly one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saklig.answers.lookup import value_counts
from saklig.answers.matching import as_number, canonical
from saklig.answers.model import Source, Variable
from saklig.language.catalog import say
from saklig.study.replication import ReplicateMethod

FEWEST = 4
"""Fewer numbered columns of one name are something else."""

NEAR = 0.25
"""How far the mean of a replicate weight may lie from that of the weight, relatively."""

_NUMBERED = re.compile(r"(?P<stem>[\w.]*?[^\W0-9])(?P<number>[0-9]{1,4})")
_STEM = re.compile(
    r".*(?:rep|repl|replicate|boot|brr|jack|jk)[_.]?(?:w|wt|wgt|weights?|vikt)?[_.]?|"
    r".*(?:wt|wgt|weights?|vikt)[_.]?(?:rep|boot|brr|jk)[_.]?|"
    r"p?wgtp|pwwgt|hhwgt|w_f?sch?wt|w_fstu?r?wt|earnwt|wtm?i?rep|wtrp|bsw|fay|rw|repwtp?",
    re.IGNORECASE,
)
KNOWN: Sequence[tuple[re.Pattern[str], ReplicateMethod, float | None]] = (
    (re.compile(r"p?wgtp|repwtp?", re.IGNORECASE), ReplicateMethod.SDR, None),
    (re.compile(r"w_fstu?r?wt", re.IGNORECASE), ReplicateMethod.FAY, 0.5),
)
"""Names that a survey's documentation has: the American Community Survey and the Current Population Survey (successive
differences), PISA (Fay's method with 0.5)."""


@dataclass(frozen=True)
class ReplicateColumns:
    """`pattern`: as the study file takes it. `combined`: they are near the weight and not near one."""

    names: tuple[str, ...]
    pattern: str
    combined: bool = True

    def remark(self) -> str:
        """What `init` writes beside the wave: the key as it might be, to be checked and taken in."""
        stem = self.pattern.rstrip("*")
        known = next(((method, fay) for name, method, fay in KNOWN if name.fullmatch(stem)), None)
        method = f'"{known[0].value}"' if known else '"…"'
        more = f", fay = {known[1]}" if known and known[1] else ""
        more += "" if self.combined else ", combined = false"
        words = say(
            "{n} columns, “{first}” to “{last}”, look like replicate weights. The survey’s documentation names their "
            "method; with it, and with `sample`, the errors are computed from them:",
            n=len(self.names),
            first=self.names[0],
            last=self.names[-1],
        )
        return f'{words}\nreplicates = {{ method = {method}, columns = "{self.pattern}"{more} }}'


def replicate_columns(source: Source, weight: str) -> ReplicateColumns | None:
    """The largest group of them; None where there is none. `weight`: the column of the weight, or empty."""
    groups: dict[str, list[tuple[int, Variable]]] = {}
    for variable in source.variables:
        match = _NUMBERED.fullmatch(variable.name)
        if match and _STEM.fullmatch(match["stem"]) and variable.name != weight:
            groups.setdefault(match["stem"], []).append((int(match["number"]), variable))
    base = _mean(source.variable(weight)) if weight else None
    best: ReplicateColumns | None = None
    for stem, numbered in groups.items():
        names = tuple(variable.name for _, variable in sorted(numbered, key=lambda each: each[0]))
        if len(names) < FEWEST or (best is not None and len(names) <= len(best.names)):
            continue
        means = [_mean(variable) for _, variable in numbered]
        if base and all(mean is not None and abs(mean / base - 1) <= NEAR for mean in means):
            best = ReplicateColumns(names, f"{stem}*")
        elif all(mean is not None and abs(mean - 1) <= NEAR for mean in means):
            best = ReplicateColumns(names, f"{stem}*", combined=not base)
    return best


def _mean(variable: Variable) -> float | None:
    """Of numbers of zero and more, of which everybody has one; None otherwise, and where all are the same."""
    missing = {canonical(value) for value in variable.missing}
    counts = value_counts(variable)
    if counts[-1]:
        return None
    numbers: list[float] = []
    for value in variable.values:
        number = None if canonical(value) in missing else as_number(value)
        numbers.append(np.nan if number is None else float(number))
    found: NDArray[np.float64] = np.array(numbers)
    found, counted = found[counts[:-1] > 0], counts[:-1][counts[:-1] > 0]
    if not np.isfinite(found).all() or (found < 0).any() or len(found) < 2:
        return None
    return float((found * counted).sum() / counted.sum())
