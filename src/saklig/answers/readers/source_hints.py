"""What a caller may know of a file beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Hints:
    """Empty fields are found out, and `Source.found` says what was found.

    `encoding`: of text files. `delimiter`: of CSV. `sheet`: of a workbook. `beside`: the second file where there are
    two (the catalogue, codebook, questionnaire or data), in place of the one of the same name in the same folder.
    `columns`: read these alone; of a file with free text this saves most of the memory.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    beside: Path | None = None
    columns: frozenset[str] | None = None

    def wants(self, column: str) -> bool:
        return self.columns is None or column in self.columns
