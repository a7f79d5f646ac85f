"""The survey that everybody tabulates: made from a fixed seed, and kept as one file a column.

20 questions of 5 categories, 4–9 % without an answer; 8 backgrounds of 2 to 12 groups; unequal weights; 20 strata of 50
clusters. Answers hang together within a cluster, so that the design matters to the errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

QUESTIONS, CATEGORIES = 20, 5
GROUPS = (2, 3, 4, 5, 6, 8, 10, 12)
STRATA, CLUSTERS = 20, 1000
SEED = 20261126

MISSING = -1


@dataclass(frozen=True)
class Data:
    """`questions`: int8 (n,), a category or MISSING. `backgrounds`: int8 (n,), a group."""

    questions: tuple[np.ndarray, ...]
    backgrounds: tuple[np.ndarray, ...]
    weight: np.ndarray
    stratum: np.ndarray
    cluster: np.ndarray


def names() -> list[str]:
    """The columns, in the order of the files."""
    questions = [f"q{number + 1}" for number in range(QUESTIONS)]
    backgrounds = [f"b{number + 1}" for number in range(len(GROUPS))]
    return [*questions, *backgrounds, "w", "s", "c"]


def made(folder: Path, n: int, *, in_order: bool) -> Path:
    """The folder of the columns, made where it is not there; `in_order`: sorted by cluster."""
    place = folder / f"{n}{'-in-order' if in_order else ''}"
    if not (place / "done").exists():
        place.mkdir(parents=True, exist_ok=True)
        for name, column in _columns(n, in_order=in_order):
            np.save(place / f"{name}.npy", column)
        (place / "done").touch()
    return place


def _columns(n: int, *, in_order: bool):
    random = np.random.default_rng(SEED)
    cluster = random.integers(0, CLUSTERS, n).astype(np.int16)
    if in_order:
        cluster.sort()
    for number in range(QUESTIONS):
        bounds = np.cumsum(random.dirichlet(np.full(CATEGORIES, 4.0)))[:-1]
        drift = random.normal(0, 0.08, CLUSTERS)[cluster]
        codes = np.searchsorted(bounds, np.clip(random.random(n) + drift, 0, 1)).astype(np.int8)
        codes[random.random(n) < random.uniform(0.04, 0.09)] = MISSING
        yield f"q{number + 1}", codes
    for number, groups in enumerate(GROUPS):
        yield f"b{number + 1}", random.integers(0, groups, n).astype(np.int8)
    yield "w", np.round(random.lognormal(0, 0.35, n), 4)
    yield "s", (cluster // (CLUSTERS // STRATA)).astype(np.int16)
    yield "c", cluster


def read(folder: Path) -> Data:
    column = {name: np.load(folder / f"{name}.npy") for name in names()}
    return Data(
        questions=tuple(column[f"q{number + 1}"] for number in range(QUESTIONS)),
        backgrounds=tuple(column[f"b{number + 1}"] for number in range(len(GROUPS))),
        weight=column["w"],
        stratum=column["s"],
        cluster=column["c"],
    )


def as_frame(folder: Path):
    """A polars frame; who did not answer has null."""
    import polars as pl

    column = {name: np.load(folder / f"{name}.npy") for name in names()}
    frame = pl.DataFrame(column)
    return frame.with_columns(
        pl.when(pl.col(name) == MISSING).then(None).otherwise(pl.col(name)).alias(name)
        for name in names()
        if name.startswith("q")
    )


def as_csv(folder: Path) -> Path:
    """For R, made once; who did not answer has an empty field."""
    path = folder / "data.csv"
    if not path.exists():
        as_frame(folder).write_csv(path.with_suffix(".part"))
        path.with_suffix(".part").rename(path)
    return path
