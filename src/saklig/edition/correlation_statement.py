"""Correlations in study.json: `publication.correlations` within a wave, and of the waves of a panel
`publication.waves.correlations`. Names and tenths are one text each, since large studies have many."""

from __future__ import annotations

from collections.abc import Sequence

from saklig.edition.errors import EditionError
from saklig.edition.places import STUDY_FILE, Place
from saklig.edition.publication import Axis, Correlations, WaveCorrelations
from saklig.language.catalog import say

UNTOLD = "?"
_TOLD = {str(tenths): tenths for tenths in range(-10, 10)} | {UNTOLD: None}


def from_correlations(given: Correlations) -> dict[str, object]:
    """`names`: "north south west". `rows`: for each name after the first its tenths with each before it, "0; 2 -1"."""
    rows = {row: "; ".join(_written(line) for line in lines[1:]) for row, lines in given.tenths.items()}
    return {"axis": given.axis.value, "wave": given.wave, **_table(given), "rows": rows}


def from_waves(given: WaveCorrelations) -> dict[str, object]:
    """`rows`: the tenths of every name, "3 ?"; of everybody `by` and `names` are empty."""
    rows = {row: _written(line) for row, line in given.tenths.items()}
    return {"wave": given.wave, "wave2": given.wave2, **_table(given), "rows": rows}


def _table(given: Correlations | WaveCorrelations) -> dict[str, object]:
    return {
        "question": given.question,
        "item": given.item,
        "by": ",".join(given.by),
        "names": " ".join(given.names),
    }


def _written(line: Sequence[int | None]) -> str:
    return " ".join(UNTOLD if tenths is None else str(tenths) for tenths in line)


def to_correlations(at: Place) -> Correlations:
    """Raises EditionError where it is another form."""
    names = tuple(at.of(str, "names").split(" "))
    return Correlations(
        axis=at.one_of(Axis, "axis"),
        wave=at.of(str, "wave"),
        question=at.of(str, "question"),
        item=at.of(str, "item"),
        by=_by(at),
        names=names,
        tenths={row: _lines(text, len(names)) for row, text in at.mapping("rows", (str,)).items()},
    )


def to_waves(at: Place) -> WaveCorrelations:
    """Raises EditionError where it is another form."""
    names = tuple(at.of(str, "names").split(" "))
    return WaveCorrelations(
        wave=at.of(str, "wave"),
        wave2=at.of(str, "wave2"),
        question=at.of(str, "question"),
        item=at.of(str, "item"),
        by=_by(at),
        names=names,
        tenths={row: _line(text, len(names)) for row, text in at.mapping("rows", (str,)).items()},
    )


def _by(at: Place) -> tuple[str, ...]:
    return tuple(filter(None, at.of(str, "by").split(",")))


def _lines(text: str, names: int) -> tuple[tuple[int | None, ...], ...]:
    lines = text.split("; ")
    if len(lines) != names - 1:
        raise _other_form()
    return ((), *(_line(line, before) for before, line in enumerate(lines, start=1)))


def _line(text: str, tenths: int) -> tuple[int | None, ...]:
    line = text.split(" ")
    if len(line) != tenths or any(each not in _TOLD for each in line):
        raise _other_form()
    return tuple(_TOLD[each] for each in line)


def _other_form() -> EditionError:
    return EditionError(
        say(
            "{file}: correlations are tenths from −10 to 9, one for each pair of numbers, and here they are not",
            file=STUDY_FILE,
        )
    )
