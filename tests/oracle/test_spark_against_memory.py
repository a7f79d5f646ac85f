"""Spark, by way of Sail, which speaks Spark Connect and needs no Java: the same statistics as memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from random_answers import Case, cases
from raw_files import write_raw
from sameness import memory, same

from saklig.answers.binding import bind
from saklig.answers.readers import read
from saklig.design.drawn import design_of
from saklig.study.file import read_study
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.engines.raw_relation import over_raw
from saklig.tabulation.engines.relational import is_countable
from saklig.tabulation.engines.with_spark import Spark, connect, over_parquet, over_table
from saklig.tabulation.plan import groupings
from saklig.tabulation.statistics import EngineError
from saklig.tabulation.tabulate import tabulate_each

SparkConnectServer = pytest.importorskip("pysail.spark").SparkConnectServer

FEW = settings(
    deadline=None,
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    server = SparkConnectServer("127.0.0.1", 0)
    server.start()
    _, port = server.listening_address
    session = connect(f"sc://127.0.0.1:{port}")
    yield session
    session.session.stop()
    server.stop()


@FEW
@given(case=cases())
def test_spark_reads_files_and_tables_as_memory_does(spark: Spark, case: Case):
    parts = [part for part in case.parts if is_countable(part)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.parquet"
        sources = write_raw(case, path)
        spark.session.read.parquet(str(path)).createOrReplaceTempView("answers of the year")
        for engine in (
            over_parquet(spark, str(path), case.study, sources, "1"),
            over_table(spark, "answers of the year", case.study, sources, "1"),
        ):
            assert {**vars(engine.frame), "groupings": ()} == {**vars(memory(case).frame), "groupings": ()}
            for one, other in zip(
                engine.statistics(parts, errors=True), memory(case).statistics(parts, errors=True), strict=True
            ):
                assert same(one, other)


@dataclass
class Watched:
    """A session that notes how many rows every statement brought to the driver."""

    spark: Spark
    brought: list[int] = field(default_factory=list)

    def rows(self, statement):
        found = self.spark.rows(statement)
        self.brought.append(len(next(iter(found.values()))))
        return found

    def table(self, statement):
        found = self.spark.table(statement)
        self.brought.append(found.num_rows)
        return found

    def name(self, column):
        return self.spark.name(column)

    def text(self, value):
        return self.spark.text(value)


def test_no_row_reaches_the_driver_however_many_respondents_and_clusters(spark: Spark, tmp_path: Path):
    draw = np.random.default_rng(7)
    n, strata = 20_000, 4
    place = draw.integers(0, 3000, n)
    columns = {
        "q": draw.integers(1, 4, n), "b": draw.integers(1, 4, n), "w": np.round(draw.uniform(0.5, 2, n), 2),
        "stratum": place % strata, "place": place,
    }  # fmt: skip
    pq.write_table(pa.table(columns), tmp_path / "answers.parquet")
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    study, sources = read_study(tmp_path / "study.toml")
    watched = Watched(spark)
    table = f"parquet.`{tmp_path / 'answers.parquet'}`"
    engine = replace(over_raw(watched, table, study, sources, "1", called="answers"), most=10_000)
    answers = bind(study, sources, "1", read(tmp_path / "answers.parquet"))
    known = Memory(columns=answers.columns, broken=breakdown(groupings(study, answers), design_of(study, answers)))
    parts = list(study.parts("1"))
    for tables, others in zip(tabulate_each(parts, engine), tabulate_each(parts, known), strict=True):
        for one, other in zip(tables, others, strict=True):
            np.testing.assert_array_equal(one.numerator, other.numerator)
            np.testing.assert_array_equal(one.df, other.df)
            np.testing.assert_allclose(one.se, other.se, rtol=2e-11)
    assert engine.facts.clusters_by_stratum.sum() > 2900
    assert max(watched.brought) <= strata * engine.frame.size


STUDY = """
id = "s"
title = { en = "Many places" }
[[wave]]
id = "1"
answers = "answers.parquet"
weight = "w"
strata = "stratum"
cluster = "place"
[[background]]
id = "b"
label = { en = "B" }
groups = [
  { id = "x", code = 1, label = { en = "X" } },
  { id = "y", code = 2, label = { en = "Y" } },
  { id = "z", code = 3, label = { en = "Z" } },
]
[[section]]
id = "1"
title = { en = "One" }
  [[section.question]]
  id = "q"
  kind = "scale"
  text = { en = "How?" }
  label = { en = "How" }
  mean = true
  categories = [
    { code = 1, label = { en = "Little" } },
    { code = 2, label = { en = "Some" } },
    { code = 3, label = { en = "Much" } },
  ]
"""


def test_a_server_that_does_not_answer_is_said():
    with pytest.raises(EngineError, match=r"sc://127\.0\.0\.1:9: no Spark Connect server answers there"):
        connect("sc://127.0.0.1:9")
