"""What an edition says of how its weights were made: targets, groups before and after, and how unequal the weights are.

A group of which no question publishes how many answered has no numbers here either. How unequal the weights are is left
out where it would tell of such a group (`disclosure.weights`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Target:
    """As it was given: `group` of `variable` ("storlek", or crossed "storlek*del"); without one the total of a
    quantity."""

    variable: str
    group: str
    count: float


@dataclass(frozen=True, kw_only=True)
class WeightedGroup:
    """A published group: its shares of all in units of 10**−`decimals` per cent. `base`, `before`: None where they are
    withheld; `after`: of the weights that are used, None where it would tell of a group that is withheld."""

    background: str
    group: str
    target: int
    base: int | None
    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How unequal the weights are, before and after.

    `deff`: Kish's design effect, in hundredths. `effective`: the size of a sample of equal weights that tells as much.
    `edges`: the bounds of the classes, in hundredths of the mean weight; `before`, `after`: respondents in each class,
    one more than there are edges.
    """

    deff: int
    deff_before: int
    effective: int
    edges: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class WeightingReport:
    """Of one wave. `missed`: how far the group that is furthest off is from its target, in hundredths of a per cent of
    it; None where that would tell of a withheld group. `spread`: None where it is withheld."""

    wave: str
    based: bool
    decimals: int
    targets: tuple[Target, ...]
    groups: tuple[WeightedGroup, ...]
    missed: int | None
    spread: Spread | None
