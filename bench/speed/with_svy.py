"""svy: a proportion by background, with its Taylor errors, once a table."""

from __future__ import annotations

import time

import svy

from bench.speed.data import CATEGORIES, GROUPS, as_frame
from bench.speed.result import Numbers, Table, arguments, patience, report


def main() -> None:
    data, out, most = arguments()
    sample = svy.Sample(as_frame(data), svy.Design(stratum="s", psu="c", wgt="w"))

    def table(wanted: Table):
        q, b = wanted
        return sample.estimation.prop(f"q{q + 1}", by=f"b{b + 1}", drop_nulls=True)

    tables = patience(table, most)
    start, used = time.perf_counter(), time.process_time()
    found = [table(each) for each in tables]
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    numbers = Numbers.none()
    for (q, b), each in zip(tables, found, strict=True):
        frame = each.to_polars().sort(f"b{b + 1}", f"q{q + 1}")
        shape = (GROUPS[b], CATEGORIES)
        numbers.put((q, b), frame["est"].to_numpy().reshape(shape), frame["se"].to_numpy().reshape(shape))
    report([seconds], [processor], len(tables), numbers, out)


if __name__ == "__main__":
    main()
