"""The Academic Performance Index samples of R's survey package as respondents to be weighted, and their variances."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from saklig.design.weighting.membership import Factor, Quantity
from saklig.design.weighting.targets import Margin, Targets, Total
from saklig.estimation.variance import Stage, StageSums, stage_factor, stage_variance

GOLDEN = Path(__file__).parents[2] / "golden"

STYPE = Margin(variable="stype", groups=("E", "H", "M"), counts=(4421, 755, 1018))
WIDE = Margin(variable="sch_wide", groups=("No", "Yes"), counts=(1072, 5122))
COMP = Margin(variable="comp_imp", groups=("No", "Yes"), counts=(1717, 4477))
CROSS = Margin(
    variable="stype*comp_imp",
    groups=("E*No", "H*No", "M*No", "E*Yes", "H*Yes", "M*Yes"),
    counts=(952, 421, 344, 3469, 334, 674),
)
API99 = Total(variable="api99", total=3914069)


@dataclass(frozen=True)
class Sampled:
    rows: list[dict[str, str]]
    stratum: NDArray[np.int64]
    cluster: NDArray[np.int64]
    fraction: NDArray[np.float64]

    @property
    def weights(self) -> NDArray[np.float64]:
        return np.array([float(row["pw"]) for row in self.rows])

    def factor(self, variable: str) -> Factor:
        groups = tuple(sorted({row[variable] for row in self.rows}))
        return Factor(
            variable=variable, groups=groups, codes=np.array([groups.index(row[variable]) for row in self.rows])
        )

    @property
    def factors(self) -> tuple[Factor, ...]:
        return tuple(self.factor(variable) for variable in ("stype", "sch_wide", "comp_imp"))

    def values(self, variable: str) -> NDArray[np.float64]:
        return np.array([float(row[variable] or "nan") for row in self.rows])

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        return (Quantity(variable="api99", values=self.values("api99")),)

    def se(self, contributions: NDArray[np.float64]) -> float:
        """The standard error of a sum of contributions (n,), by the formula that every estimate of ours uses."""
        units, first, unit = np.unique(self.cluster, return_index=True, return_inverse=True)
        order = np.argsort(self.stratum[first], kind="stable")
        strata = self.stratum[first][order]
        sums = np.bincount(unit, weights=contributions)[order]
        drawn = np.bincount(strata).astype(np.float64)
        stage = Stage(
            drawn=drawn,
            factor=stage_factor(drawn, self.fraction, np.ones(len(drawn))),
            group=np.zeros(len(drawn), dtype=np.int64),
            starts=np.array([0]),
            groups=np.array([0]),
            unit_starts=np.searchsorted(strata, np.arange(len(drawn))),
        )
        assert len(units) == len(sums)
        found = stage_variance(
            stage,
            StageSums(y=sums[:, None], x=np.zeros((len(sums), 1)), size=np.zeros((len(sums), 1))),
            np.zeros((1, 1)),
        )
        return float(np.sqrt(found[0, 0]))


def read(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


def api(name: str) -> Sampled:
    rows = read(f"api{name}.csv")
    _, stratum = np.unique([row["stype"] if name == "strat" else "" for row in rows], return_inverse=True)
    _, cluster = np.unique(
        [row["dnum"] if name == "clus1" else str(i) for i, row in enumerate(rows)], return_inverse=True
    )
    size = np.zeros(int(stratum.max()) + 1)
    size[stratum] = [float(row["fpc"]) for row in rows]
    drawn = np.array([len(np.unique(cluster[stratum == each])) for each in range(len(size))])
    return Sampled(rows, stratum, cluster, drawn / size)


@pytest.fixture(scope="session")
def sampled() -> Callable[[str], Sampled]:
    return {name: api(name) for name in ("srs", "strat", "clus1")}.__getitem__


def targets(*parts: Margin | Total) -> Targets:
    return Targets(
        margins=tuple(part for part in parts if isinstance(part, Margin)),
        totals=tuple(part for part in parts if isinstance(part, Total)),
    )
