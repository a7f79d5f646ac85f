"""The Academic Performance Index samples of R's survey package, as answers and designs of ours."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from saklig.answers.model import ANSWERED, NO_ANSWER, Answers, Coded, Measured
from saklig.design.drawn import design_of, fixed_point_weights
from saklig.design.model import Design, Stage
from saklig.language.text import Text
from saklig.study.model import Category, CodeList, Kind, Part, Question, Section, Stratum, Study, Wave, question_parts
from saklig.tabulation.table import Grouping

GOLDEN = Path(__file__).parent.parent / "golden"
DESIGNS = ("srs_fpc", "srs", "strat_fpc", "strat", "clus1_fpc", "clus2")


@dataclass(frozen=True)
class Sampled:
    rows: list[dict[str, str]]
    design: Design

    def levels(self, variable: str) -> list[str]:
        return sorted({row[variable] for row in self.rows})

    def coded(self, variable: str) -> tuple[Part, Coded]:
        levels = self.levels(variable)
        categories = tuple(Category(id=level.lower(), label=words(level), code=level) for level in levels)
        question = Question(
            id="q", kind=Kind.SINGLE, text=words("?"), label=words("?"), codes=CodeList(id="c", categories=categories)
        )
        codes = np.array([levels.index(row[variable]) for row in self.rows], dtype=np.int16)
        return next(iter(question_parts(question))), Coded(codes)

    def measured(self, variable: str) -> tuple[Part, Measured]:
        question = Question(id="q", kind=Kind.NUMERIC, text=words("?"), label=words("?"))
        given = np.array([bool(row[variable]) for row in self.rows])
        values = np.array([int(row[variable] or 0) for row in self.rows], dtype=np.int64)
        codes = np.where(given, ANSWERED, NO_ANSWER).astype(np.int16)
        return next(iter(question_parts(question))), Measured(codes=codes, values=values, decimals=0)

    def grouping(self, variable: str = "") -> Grouping:
        if not variable:
            return Grouping(by=(), groups=((),), codes=np.zeros(len(self.rows), dtype=np.int32))
        levels = self.levels(variable)
        codes = np.array([levels.index(row[variable]) for row in self.rows], dtype=np.int32)
        return Grouping(by=(variable,), groups=tuple((level,) for level in levels), codes=codes)


def words(text: str) -> Text:
    return Text.of({"en": text})


def read(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


def positions(values: list[str]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    order = {value: position for position, value in enumerate(dict.fromkeys(values))}
    return np.array([order[value] for value in values], dtype=np.int32)


def numbers_of(units: np.ndarray[tuple[int], np.dtype[np.int32]], values: list[float]) -> np.ndarray:
    result = np.zeros(int(units.max()) + 1)
    result[units] = values
    return result


def api(name: str) -> Sampled:
    """The design as `golden.R` declares it. The population is what the weights add up to, as R's `deff` takes it."""
    base, finite = name.removesuffix("_fpc"), name.endswith("_fpc") or name == "clus2"
    rows = read(f"api{base}.csv")
    n = len(rows)
    stratum = positions([row["stype"] for row in rows]) if base == "strat" else np.zeros(n, dtype=np.int32)
    cluster = positions([row["dnum"] for row in rows]) if base.startswith("clus") else None
    first = positions([f"{s}" for s in stratum]) if cluster is None else cluster
    drawn = np.bincount(stratum if cluster is None else np.zeros(int(first.max()) + 1, dtype=int)).astype(np.int64)
    sizes = numbers_of(stratum, [float(row["fpc1" if base == "clus2" else "fpc"]) for row in rows])
    fraction = drawn / sizes if finite else np.zeros(len(drawn))
    weight = np.array([float(row["pw"]) for row in rows])
    later: tuple[Stage, ...] = ()
    if base == "clus2":
        assert cluster is not None
        count = np.bincount(cluster).astype(np.int64)
        within = count / numbers_of(cluster, [float(row["fpc2"]) for row in rows])
        weight = 1 / (fraction[0] * within[cluster])
        later = (Stage(units=None, count=count, fraction=within),)
    weights, scale = fixed_point_weights(weight, "api")
    population = np.bincount(stratum, weights=weight)
    return Sampled(
        rows,
        Design(
            weights=weights,
            scale=scale,
            stratum=stratum,
            cluster=cluster,
            clusters_by_stratum=drawn,
            fraction=fraction,
            population=np.rint(population).astype(np.int64),
            later=later,
        ),
    )


@pytest.fixture(scope="session")
def sampled() -> Callable[[str], Sampled]:
    made = {name: api(name) for name in DESIGNS}
    return made.__getitem__


@pytest.fixture(scope="session")
def golden() -> list[dict[str, str]]:
    return read("golden.csv")


@pytest.fixture(scope="session")
def districts() -> Callable[[str], Sampled]:
    """`apiblocks.csv` of `replicates.R`: districts as clusters, in strata by `block` or `pair`, or in none ("")."""

    def made(strata: str) -> Sampled:
        rows = [row for row in read("apiblocks.csv") if not strata or row[strata]]
        stratum = positions([row[strata] if strata else "" for row in rows])
        cluster = positions([row["dnum"] for row in rows])
        weights, scale = fixed_point_weights(np.array([float(row["w"]) for row in rows]), "api")
        drawn = np.bincount(numbers_of(cluster, list(stratum)).astype(int)).astype(np.int64)
        unknown = np.full(len(drawn), -1, dtype=np.int64)
        design = Design(
            weights=weights,
            scale=scale,
            stratum=stratum,
            cluster=cluster,
            clusters_by_stratum=drawn,
            fraction=np.zeros(len(drawn)),
            population=unknown,
        )
        return Sampled(rows, design)

    return made


@pytest.fixture(scope="session")
def golden_replicates() -> list[dict[str, str]]:
    return read("replicates.csv")


def as_surveyed(
    rows: list[dict[str, str]] | str,
    *,
    weight: str = "pw",
    strata: str = "",
    cluster: Sequence[str] = (),
    fpc: Sequence[str] = (),
    listed: Sequence[Stratum] = (),
    **wave: object,
) -> Sampled:
    """The design that a study file makes of the columns of a sample, as `designs.R` declares it. `rows`: or a file;
    `listed`: the wave's strata, and `wave`: what it says besides."""
    rows = read(rows) if isinstance(rows, str) else rows
    ids = sorted({row[strata] for row in rows}) if strata else []
    units = [positions([row[name] for row in rows]) for name in cluster]
    answers = Answers(
        wave="1",
        n=len(rows),
        columns={},
        backgrounds={},
        weights=np.array([float(row[weight]) for row in rows]),
        weighted=True,
        strata=np.array([ids.index(row[strata]) for row in rows], dtype=np.int32) if strata else None,
        stratum_ids=tuple(ids),
        clusters=units[0] if units else None,
        within=tuple(units[1:]),
        fpc=tuple(np.array([float(row[name]) for row in rows]) for name in fpc),
    )
    question = Question(id="q", kind=Kind.NUMERIC, text=words("?"), label=words("?"))
    study = Study(
        id="s",
        title=words("s"),
        languages=("en",),
        sections=(Section(id="1", title=words("1"), questions=(question,)),),
        waves=(Wave(id="1", label=words("1"), strata=tuple(listed), **wave),),  # type: ignore[arg-type]
    )
    return Sampled(rows, design_of(study, answers))


@pytest.fixture(scope="session")
def declared() -> Callable[..., Sampled]:
    return as_surveyed


@pytest.fixture(scope="session")
def golden_designs() -> list[dict[str, str]]:
    return read("designs.csv")


@pytest.fixture(scope="session")
def comparisons() -> list[dict[str, str]]:
    return read("comparisons.csv")
