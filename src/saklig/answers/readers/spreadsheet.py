"""Workbooks: .xlsx and .ods. Formulas are data: the value that the program last computed, never run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from saklig.answers.model import Source
from saklig.answers.readers.archives import broken, check_workbook
from saklig.answers.readers.columns import whole
from saklig.answers.readers.faults import fault
from saklig.answers.readers.source_hints import Hints
from saklig.answers.readers.tabular import Rows, read_table
from saklig.language.catalog import say

FORMATS = {".xlsx": "Excel", ".ods": "OpenDocument"}


def read_workbook(path: Path, hints: Hints) -> Source:
    """The first sheet that holds anything, or the one that `hints.sheet` names."""
    check_workbook(path)
    return read_table(path, FORMATS.get(path.suffix.lower(), "Excel"), _sheet(path, hints), hints)


@dataclass(frozen=True)
class Sheet(Rows):
    """A sheet's cells, in rows of equal length; `first` is the number of the sheet's first row."""

    name: str
    others: int
    first: int
    cells: list[list[Any]]

    @property
    def decimal_comma(self) -> bool:
        return True

    @property
    def found(self) -> tuple[str, ...]:
        return (
            say("sheet “{name}” of {n}", name=self.name, n=self.others + 1)
            if self.others
            else say("sheet “{name}”", name=self.name),
        )

    def place(self, number: int) -> str:
        return say("sheet “{name}”, row {row}", name=self.name, row=number)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        for number, row in enumerate(self.cells, self.first):
            yield number, [_text(cell) for cell in row]


def _sheet(path: Path, hints: Hints) -> Sheet:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as workbook:
            names = list(workbook.sheet_names)
            if hints.sheet and hints.sheet not in names:
                raise fault(
                    path,
                    say("there is no sheet “{sheet}”", sheet=hints.sheet),
                    say("There are: {names}", names=", ".join(names[:20])),
                )
            for name in [hints.sheet] if hints.sheet else names:
                sheet = workbook.get_sheet_by_name(name)
                cells = sheet.to_python(skip_empty_area=True)
                if any(cell != "" for row in cells for cell in row):
                    first = (sheet.start or (0, 0))[0] + 1
                    return Sheet(name, len(names) - 1, first, _without_empty_columns(cells))
    except CalamineError as error:
        raise broken(path, error) from None
    except MemoryError:
        raise fault(
            path, say("the workbook needs more memory than this machine has"), say("Export the sheet as CSV")
        ) from None
    except BaseException as error:
        # A panic in the library's Rust code comes as an exception of its own, outside Exception.
        if type(error).__name__ == "PanicException":
            raise broken(path, error) from None
        raise
    raise fault(path, say("the workbook holds no cells with anything in them"), say("Export the answers again"))


def _without_empty_columns(cells: list[list[Any]]) -> list[list[Any]]:
    """Without the columns at the right edge that formatting alone has left behind."""
    width = max((place + 1 for row in cells for place, cell in enumerate(row) if cell != ""), default=0)
    return [row[:width] for row in cells]


def _text(cell: Any) -> str:
    """The cell as a CSV file would carry it, so that both are decided by the same rules."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(whole(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, time):
        return cell.isoformat("seconds")
    if isinstance(cell, date | int | timedelta):
        return str(cell)
    raise TypeError(f"a sheet holds a cell of the unforeseen type {type(cell).__name__}")
