"""DuckDB by hand: a GROUP BY a table over a table in memory, and the errors by hand."""

from __future__ import annotations

import duckdb

from bench.speed.by_hand import ratios
from bench.speed.data import GROUPS, as_frame
from bench.speed.result import TABLES, Numbers, arguments, repeated, report


def work(connection: duckdb.DuckDBPyConnection) -> Numbers:
    numbers = Numbers.none()
    for q, b in TABLES:
        found = connection.sql(
            f"SELECT c, b{b + 1} AS b, q{q + 1} AS q, sum(w) AS w, count(*) AS n FROM data "
            f"WHERE q{q + 1} IS NOT NULL GROUP BY ALL"
        ).fetchnumpy()
        numbers.put((q, b), *ratios(found["c"], found["b"], found["q"], found["w"], GROUPS[b]))
    return numbers


def main() -> None:
    data, out, most = arguments()
    frame = as_frame(data).to_arrow()
    connection = duckdb.connect()
    connection.execute("CREATE TABLE data AS FROM frame")
    del frame
    seconds, processor, numbers = repeated(lambda: work(connection), least=2, most_seconds=min(30, most))
    report(seconds, processor, len(TABLES), numbers, out)


if __name__ == "__main__":
    main()
