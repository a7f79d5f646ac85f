"""What the weighted answers shall add up to: population counts by group, and totals of quantities."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from saklig.design.weighting.faults import WeightingError, plain, raise_any
from saklig.language.catalog import say

SAME_TOTAL = 1e-13
"""Margins whose totals differ by more than this share do not describe the same population."""


@dataclass(frozen=True, kw_only=True)
class Margin:
    """How many units of the population are in each group of a variable ("age", or crossed "age*sex").

    `places`: where each count was found, "targets.csv, line 3", for messages; or none.
    Raises WeightingError: no groups, a group twice, a count that is missing or negative, nothing but zeros.
    """

    variable: str
    groups: tuple[str, ...]
    counts: tuple[float, ...]
    places: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if len(self.groups) != len(self.counts):
            raise ValueError(f"{len(self.groups)} groups, but {len(self.counts)} counts")
        problems = [
            self._places(group)
            + say(
                "“{variable}”: the group “{group}” has {n} targets; leave one of them",
                variable=self.variable,
                group=group,
                n=times,
            )
            for group, times in Counter(self.groups).items()
            if times > 1
        ]
        for group, count in zip(self.groups, self.counts, strict=True):
            where = self.place(group)
            if not math.isfinite(count):
                wrong = say(
                    "“{variable}”, group “{group}”: its target is missing; give the number of units in the population",
                    variable=self.variable,
                    group=group,
                )
                problems.append(where + wrong)
            elif count < 0:
                wrong = say(
                    "“{variable}”, group “{group}”: its target is {count}; a number of units cannot be negative",
                    variable=self.variable,
                    group=group,
                    count=plain(count),
                )
                problems.append(where + wrong)
        if not any(self.counts):
            problems.append(
                say("“{variable}”: no group has a target above zero; give the counts", variable=self.variable)
            )
        raise_any(problems)

    @property
    def total(self) -> float:
        return math.fsum(self.counts)

    def _places(self, group: str) -> str:
        """Before a message on a group that stands several times: all of them."""
        found = [place for place, each in zip(self.places, self.groups, strict=False) if each == group]
        return f"{'; '.join(found)}: " if found else ""

    def place(self, group: str) -> str:
        """Before a message: where the group's count was found, or nothing."""
        return f"{self.places[self.groups.index(group)]}: " if self.places and group in self.groups else ""


@dataclass(frozen=True, kw_only=True)
class Total:
    """What a quantity (income, pupils) adds up to in the population. Raises WeightingError where it is missing."""

    variable: str
    total: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.total):
            wrong = say(
                "“{variable}”: its total is missing; give what it adds up to in the population", variable=self.variable
            )
            raise WeightingError([wrong])


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Margins and totals of one population. `shares`: the counts are made of percentages.

    Raises WeightingError: nothing at all, a variable twice, margins that do not add up to the same total.
    """

    margins: tuple[Margin, ...]
    totals: tuple[Total, ...] = ()
    shares: bool = False

    def __post_init__(self) -> None:
        names = [*(each.variable for each in self.margins), *(each.variable for each in self.totals)]
        if not names:
            raise WeightingError([say("there are no targets; give at least one variable with its counts")])
        problems = [
            say("“{variable}”: it stands {n} times among the targets; give each variable once", variable=name, n=times)
            for name, times in Counter(names).items()
            if times > 1
        ]
        for margin in self.margins[1:]:
            first = self.margins[0]
            if abs(margin.total - first.total) > SAME_TOTAL * first.total:
                wrong = say(
                    "the counts of “{variable}” add up to {total}, but those of “{first}” to {other}; all variables "
                    "must describe the same population, so correct the counts of one of them",
                    variable=margin.variable,
                    total=plain(margin.total),
                    first=first.variable,
                    other=plain(first.total),
                )
                problems.append(wrong)
        raise_any(problems)
