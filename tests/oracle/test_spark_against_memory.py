"""Spark, by way of Sail, which speaks Spark Connect and needs no Java: the same statistics as memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from random_answers import Case, cases
from raw_files import write_raw
from sameness import memory, same

from saklig.tabulation.engines.raw_relation import over_raw
from saklig.tabulation.engines.relational import is_countable
from saklig.tabulation.engines.with_spark import Spark, connect, over_parquet, over_table
from saklig.tabulation.statistics import EngineError
from saklig.tabulation.tabulate import tabulate_each
from small_parquet import SmallParquet, study_text

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

    def coded(self, column, codes, blank):
        return self.spark.coded(column, codes, blank)


def test_no_row_reaches_the_driver_however_many_respondents_and_clusters(spark: Spark, small_parquet: SmallParquet):
    draw = np.random.default_rng(7)
    n, strata = 20_000, 4
    place = draw.integers(0, 3000, n)
    columns = {
        "q": draw.integers(1, 4, n), "b": draw.integers(1, 4, n), "w": np.round(draw.uniform(0.5, 2, n), 2),
        "stratum": place % strata, "place": place,
    }  # fmt: skip
    design = ['weight = "w"', 'strata = "stratum"', 'cluster = "place"']
    small_parquet.write(study_text(design=design, answers=3, mean=True, groups=3), columns)
    study, sources = small_parquet.read()
    watched = Watched(spark)
    table = f"parquet.`{small_parquet.file}`"
    engine = replace(over_raw(watched, table, study, sources, "1", called="answers"), most=10_000)
    known = small_parquet.memory("1")
    parts = list(study.parts("1"))
    for tables, others in zip(tabulate_each(parts, engine), tabulate_each(parts, known), strict=True):
        for one, other in zip(tables, others, strict=True):
            np.testing.assert_array_equal(one.numerator, other.numerator)
            np.testing.assert_array_equal(one.df, other.df)
            np.testing.assert_allclose(one.se, other.se, rtol=2e-11)
    assert engine.facts.clusters_by_stratum.sum() > 2900
    assert max(watched.brought) <= strata * engine.frame.size


def test_a_server_that_does_not_answer_is_said():
    with pytest.raises(EngineError, match=r"sc://127\.0\.0\.1:9: no Spark Connect server answers there"):
        connect("sc://127.0.0.1:9")
