"""Spark, by way of Sail, which speaks Spark Connect and needs no Java: the same statistics as memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from random_answers import Case, cases
from raw_files import write_raw
from sameness import memory, same

from saklig.tabulation.engines.relational import is_countable
from saklig.tabulation.engines.with_spark import Spark, connect, over_parquet, over_table
from saklig.tabulation.statistics import EngineError

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


def test_a_server_that_does_not_answer_is_said():
    with pytest.raises(EngineError, match=r"sc://127\.0\.0\.1:9: no Spark Connect server answers there"):
        connect("sc://127.0.0.1:9")
