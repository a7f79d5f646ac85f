"""Rao and Scott's tests of a table of two questions: whether the distribution is the same in all columns.

With p the shares of all cells (adding up to 1), V their covariances and n respondents, Pearson's statistic is

    X² = n · Σ (p − e)² / e,     e = row share · column share

Under independence it is distributed as Σ δᵢχ²₁, where δ, the generalised design effects, are the eigenvalues of

    Δ = (C′D⁻¹C / n)⁻¹ · C′D⁻¹VD⁻¹C,     D = diag(p), C: the interactions, orthogonal to rows and columns

First order: X² / mean(δ) as χ² with (r − 1)(c − 1) degrees. Second order: X² / Σδ · d as χ² with d = (Σδ)² / Σδ², and
as F, X² / Σδ with d and d·ν degrees, ν those of the design. Rao and Scott (1984), Annals of Statistics 12:46–60;
Thomas and Rao (1987), JASA 82:630–636; as `svychisq(statistic = "F")` and `"Chisq"` in R's survey package.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from saklig.estimation.model import Floats


@dataclass(frozen=True, kw_only=True)
class CrossTable:
    """`shares`: (r, c), of all cells together, no row or column all zero. `covariance`: (r·c, r·c), row by row.

    `respondents`: in the table. `df`: clusters − strata with somebody of the table in them.
    """

    shares: Floats
    covariance: Floats
    respondents: int
    df: int


@dataclass(frozen=True, kw_only=True)
class RaoScott:
    """`pearson`: X². `f` with `numerator` and `denominator` degrees of freedom and its `p`, the one to report.

    `first_order` and `second_order`: the χ² statistic, its degrees of freedom, its p-value. NaN where undefined.
    """

    pearson: float
    f: float
    numerator: float
    denominator: float
    p: float
    first_order: tuple[float, float, float]
    second_order: tuple[float, float, float]


def validate(table: CrossTable) -> None:
    """Raises ValueError for a table that has nothing to test, or shares that are none."""
    r, c = table.shares.shape
    if min(r, c) < 2:
        raise ValueError("a table of one row or one column has nothing to test")
    if table.covariance.shape != (r * c, r * c):
        raise ValueError("the covariances are not those of the table's cells")
    if (table.shares < 0).any() or abs(table.shares.sum() - 1) > 1e-9:
        raise ValueError("the shares of a table do not add up to 1")
    if (table.shares.sum(axis=0) == 0).any() or (table.shares.sum(axis=1) == 0).any():
        raise ValueError("a row or a column of the table is empty; leave it out")


def estimate(table: CrossTable) -> RaoScott:
    """Undefined (NaN) where no cluster is left to tell an error, and where no cell varies."""
    from scipy.special import chdtrc, fdtrc

    p, n = table.shares, table.respondents
    expected = p.sum(axis=1, keepdims=True) * p.sum(axis=0, keepdims=True)
    pearson = n * float(np.sum((p - expected) ** 2 / expected))
    delta = _design_effects(table)
    trace, square = float(np.trace(delta)), float(np.trace(delta @ delta))
    cells = float(len(delta))
    if not (trace > 0 and table.df > 0):
        nothing = (float("nan"),) * 3
        return RaoScott(
            pearson=pearson, f=nothing[0], numerator=nothing[0], denominator=nothing[0], p=nothing[0],
            first_order=nothing, second_order=nothing,
        )  # fmt: skip
    numerator = trace * trace / square
    f, first, second = pearson / trace, pearson * cells / trace, pearson * numerator / trace
    return RaoScott(
        pearson=pearson,
        f=f,
        numerator=numerator,
        denominator=numerator * table.df,
        p=float(fdtrc(numerator, numerator * table.df, f)),
        first_order=(first, cells, float(chdtrc(cells, first))),
        second_order=(second, numerator, float(chdtrc(numerator, second))),
    )


def _design_effects(table: CrossTable) -> Floats:
    """Δ, ((r − 1)(c − 1), (r − 1)(c − 1)). An empty cell has no part in it, as in R."""
    r, c = table.shares.shape
    interactions = np.kron(_contrasts(r), _contrasts(c))
    shares = table.shares.ravel()
    inverse = np.divide(1.0, shares, out=np.zeros_like(shares), where=shares > 0)
    scaled = interactions * inverse[:, None]
    simple = interactions.T @ scaled / table.respondents
    return np.asarray(np.linalg.solve(simple, scaled.T @ table.covariance @ scaled))


def _contrasts(size: int) -> Floats:
    """(size, size − 1): the differences of each level from the first, less their mean, so that they add up to zero."""
    return np.eye(size)[:, 1:] - 1.0 / size
