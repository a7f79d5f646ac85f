"""The key `replicates` of a wave, as `reading` reads the others."""

from __future__ import annotations

from dataclasses import dataclass

from saklig.language.catalog import say
from saklig.study.cursor import Table
from saklig.study.replication import ReplicateMethod, Replication


@dataclass(frozen=True)
class Replicated:
    """What a wave says of replicates, and of its columns where they are in the data file."""

    replication: Replication | None = None
    columns: tuple[str, ...] = ()
    combined: bool = True


def replication_of(wave: Table) -> Replicated:
    """In study.toml replicates without `columns` are made; in study.json, which has no columns, `made` says so."""
    table = wave.table("replicates")
    if table is None:
        return Replicated()
    if "method" not in table:
        names = ", ".join(method.value for method in ReplicateMethod)
        table.problem(say("“method” is missing; there are {names}", names=names))
    wired = table.reading.wired
    columns = _columns(table) if wired else ()
    combined = table.flag("combined", True) if wired else True
    if wired and not columns and "combined" in table:
        table.problem(say("is for replicate weights in the data file; name their columns"), "combined")
    method = table.choice("method", ReplicateMethod)
    replication = Replication(
        method=method or ReplicateMethod.BRR,
        made=not columns if wired else table.flag("made"),
        number=table.whole("number"),
        seed=table.whole("seed"),
        fay=table.number("fay"),
        scale=table.number("scale"),
        rscales=_numbers(table, "rscales"),
        fraction=_numbers(table, "fraction"),
        mse=table.flag("mse"),
    )
    table.finish()
    return Replicated(replication, columns, combined)


def _columns(table: Table) -> tuple[str, ...]:
    """One name or a list of them."""
    if isinstance(table.data.get("columns"), str):
        return (table.string("columns"),)
    return table.strings("columns")


def _numbers(table: Table, key: str) -> tuple[float, ...]:
    """One number or a list of them."""
    value = table.data.get(key)
    if not isinstance(value, list):
        one = table.number(key)
        return () if one is None else (one,)
    numbers = table.values(key)
    if any(isinstance(number, str) for number in numbers):
        table.problem(say("must be a list of numbers, without quotation marks"), key)
        return ()
    return tuple(number for number in numbers if not isinstance(number, str))
