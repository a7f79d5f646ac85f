"""To which groups the respondents belong, and how much of a quantity each of them has."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

CROSS = "*"
"""Between the variables, and between the groups, of a crossed factor: "age*sex", "16–29*women"."""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """`codes`: int (n,), the position of each respondent's group in `groups`, −1 where it is not known."""

    variable: str
    groups: tuple[str, ...]
    codes: NDArray[np.integer]

    def __post_init__(self) -> None:
        if len(set(self.groups)) != len(self.groups):
            raise ValueError(f"{self.variable} has two groups of the same name")
        if len(self.codes) and not (self.codes.min() >= -1 and self.codes.max() < len(self.groups)):
            raise ValueError(f"{self.variable} has codes outside its {len(self.groups)} groups")


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """`values`: float64 (n,), NaN where the respondent's is not known."""

    variable: str
    values: NDArray[np.float64]


def crossed(factors: tuple[Factor, ...]) -> Factor:
    """Every combination of the factors' groups as one factor, the last of them running fastest."""
    codes = np.zeros(len(factors[0].codes), dtype=np.int64)
    known = np.ones(len(codes), dtype=bool)
    for factor in factors:
        codes = codes * len(factor.groups) + factor.codes
        known &= factor.codes >= 0
    return Factor(
        variable=CROSS.join(factor.variable for factor in factors),
        groups=tuple(CROSS.join(groups) for groups in product(*(factor.groups for factor in factors))),
        codes=np.where(known, codes, -1),
    )
