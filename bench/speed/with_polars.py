"""polars: a lazy group_by a table, all collected at once, and the errors by hand."""

from __future__ import annotations

import polars as pl

from bench.speed.by_hand import ratios
from bench.speed.data import GROUPS, as_frame
from bench.speed.result import TABLES, Numbers, arguments, repeated, report


def work(frame: pl.DataFrame) -> Numbers:
    lazy = frame.lazy()
    wanted = [
        lazy.select("c", f"b{b + 1}", f"q{q + 1}", "w")
        .filter(pl.col(f"q{q + 1}").is_not_null())
        .group_by("c", f"b{b + 1}", f"q{q + 1}")
        .agg(pl.col("w").sum())
        for q, b in TABLES
    ]
    numbers = Numbers.none()
    for (q, b), found in zip(TABLES, pl.collect_all(wanted), strict=True):
        columns = [found[name].to_numpy() for name in ("c", f"b{b + 1}", f"q{q + 1}", "w")]
        numbers.put((q, b), *ratios(*columns, GROUPS[b]))
    return numbers


def main() -> None:
    data, out, most = arguments()
    frame = as_frame(data)
    seconds, processor, numbers = repeated(lambda: work(frame), least=2, most_seconds=min(30, most))
    report(seconds, processor, len(TABLES), numbers, out)


if __name__ == "__main__":
    main()
