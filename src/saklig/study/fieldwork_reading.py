"""A wave's `[wave.fieldwork]`: what became of those who were invited, or the file that tells it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from saklig.language.catalog import say
from saklig.study.cursor import Table
from saklig.study.fieldwork import Disposition, Eligibility, dispositions_in_words
from saklig.study.sources import FieldworkSource


def eligibility_of(table: Table | None) -> Eligibility | None:
    """What the table says of the cases of unknown eligibility; None where it says nothing."""
    if table is None:
        return None
    share, reason = table.number("eligibility"), table.text("reason")
    if share is None and reason is not None:
        table.problem(say("is the reason for `eligibility`, which is missing; write eligibility = 0.9"), "reason")
    return None if share is None else Eligibility(share=share, reason=reason)


def fieldwork_source_of(table: Table, folder: Path) -> FieldworkSource:
    """Where the cases stand, or how many there are of each disposition. `folder`: what the file is relative to."""
    cases = table.string("cases")
    counts = _counts(table)
    if cases and counts:
        table.problem(say("the cases are counted twice: in `cases` and here; keep one"), "dispositions")
    if not cases and "dispositions" not in table:
        table.problem(say('write cases = "sample.csv", or the counts: dispositions = { I = 76, R = 12, NC = 52 }'))
    disposition = table.string("disposition")
    if cases and not disposition:
        table.problem(say('“{key}” is missing; write {key} = "…"', key="disposition"))
    return FieldworkSource(
        cases=folder / cases if cases else None,
        case=table.string("case"),
        disposition=disposition,
        codes=_codes(table),
        strata=table.string("strata"),
        counts=counts,
    )


def _codes(table: Table) -> dict[str, Disposition]:
    """The file's codes → what they stand for. Keys of TOML are texts; 1 and "1" are the same code."""
    named = table.table("codes")
    if named is None:
        return {}
    found = {code: disposition for code in named.data if (disposition := _named(named.string(code), named, code))}
    named.finish()
    return found


def _named(letters: str, table: Table, key: str) -> Disposition | None:
    try:
        return Disposition(letters.upper())
    except ValueError:
        known = dispositions_in_words()
        table.problem(
            say("“{letters}” is no disposition of AAPOR’s; there are {names}", letters=letters, names=known), key
        )
        return None


def _counts(wave: Table) -> dict[str, Mapping[Disposition, int]]:
    """Stratum → disposition → cases; the stratum is empty where the counts are those of the whole wave."""
    table = wave.table("dispositions")
    if table is None:
        return {}
    if not table.data:
        wave.problem(say("holds no counts; write dispositions = { I = 76, R = 12, NC = 52 }"), "dispositions")
    by_stratum = [isinstance(value, Mapping) for value in table.data.values()]
    if any(by_stratum) and not all(by_stratum):
        wave.problem(say("holds counts both of the whole and by stratum; keep those by stratum"), "dispositions")
        return {}
    if not any(by_stratum):
        return {"": _counted(table)} if table.data else {}
    return {name: _counted(inner) for name in table.data if (inner := table.table(name)) is not None}


def _counted(table: Table) -> Mapping[Disposition, int]:
    found: dict[Disposition, int] = {}
    for name in table.data:
        count = table.whole(name)
        disposition = _named(name, table, name)
        if count is not None and count < 0:
            table.problem(say("{count} is negative; it is a number of cases", count=count), name)
        elif count is not None and disposition is not None:
            found[disposition] = count
    return found
