"""Spark as an engine, over Spark Connect: the cluster counts, and no row of a respondent reaches the driver.

The client is the extra `spark` (`pip install "saklig[spark]"`). Every statement is one that `statement` and
`raw_relation` write; what comes back are distinct values of columns, counts of strata, and sums.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from saklig.language.catalog import say
from saklig.study.model import Study
from saklig.study.sources import Sources
from saklig.tabulation.engines.raw_relation import by_cases, over_raw
from saklig.tabulation.engines.relational import Relational, Rows, whole
from saklig.tabulation.statistics import EngineError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql.connect.session import SparkSession


FIRST_TRIES = 2
"""How often a server is asked for a sign of life."""


@dataclass(frozen=True)
class Spark:
    """A session of a cluster."""

    session: SparkSession

    def rows(self, statement: str) -> Rows:
        """What the statement counts; nothing of it is NULL."""
        found = self.table(statement)
        return {name: whole(found.column(name).to_numpy()) for name in found.column_names}

    def table(self, statement: str) -> pa.Table:
        """A small table of any types."""
        return self.session.sql(statement).toArrow()

    def name(self, column: str) -> str:
        """A column's name, quoted."""
        return "`" + column.replace("`", "``") + "`"

    def text(self, value: str) -> str:
        """A text, quoted."""
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def coded(self, column: str, codes: Mapping[Any, int], blank: int) -> str:
        """As `RawSession` has it."""
        return by_cases(self, column, codes, blank)


def connect(remote: str) -> Spark:
    """A session of the cluster at `remote`, "sc://host:15002".

    Raises EngineError where the client is not installed or nobody answers there.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pyspark

            # Its import looks for a Spark on this machine, of which the client needs none, and ends the program.
            os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
            from pyspark.errors import PySparkException
            from pyspark.sql.connect.client.retries import DefaultPolicy
            from pyspark.sql.connect.session import SparkSession
    except ImportError:
        raise EngineError(
            say("the Spark client is not installed; install it with: pip install “saklig[spark]”")
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pandas, which is not used, and of every attempt that failed
            session = SparkSession.builder.remote(remote).create()
            patient = session.client.get_retry_policies()
            session.client.set_retry_policies([DefaultPolicy(max_retries=FIRST_TRIES)])  # else for ten minutes
            session.sql("SELECT 1").toArrow()
            session.client.set_retry_policies(patient)
    except (PySparkException, OSError, ValueError) as error:
        raise EngineError(
            say(
                "{remote}: no Spark Connect server answers there ({kind}); start one, or correct the address",
                remote=remote,
                kind=type(error).__name__,
            )
        ) from None
    return Spark(session)


def over_parquet(session: Spark, path: str, study: Study, sources: Sources, wave: str) -> Relational:
    """The engine over Parquet files that the cluster can read (`s3://…`, `hdfs://…`, a shared folder).

    Raises as `over_raw`.
    """
    return over_raw(session, f"parquet.{session.name(path)}", study, sources, wave, called=path)


def over_table(session: Spark, table: str, study: Study, sources: Sources, wave: str) -> Relational:
    """The engine over a table of the cluster's catalogue, "schema.table". Raises as `over_raw`."""
    quoted = ".".join(session.name(part) for part in table.split("."))
    return over_raw(session, quoted, study, sources, wave, called=table)
