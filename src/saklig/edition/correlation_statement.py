"""Correlations in study.json: of groups, `publication.correlations`, and of the waves of a panel,
`publication.waves.correlations`. Short texts, since large studies have many."""

from __future__ import annotations

from saklig.edition.errors import EditionError
from saklig.edition.places import STUDY_FILE, Place
from saklig.edition.publication import GroupCorrelations, Row, WaveCorrelations
from saklig.language.catalog import say

UNTOLD = "?"
_TOLD = {str(tenths): tenths for tenths in range(-10, 10)} | {UNTOLD: None}


def from_groups(given: GroupCorrelations) -> dict[str, object]:
    """`groups`: "north south west", of two backgrounds "north,small north,large". `rows`: for each group after the
    first its tenths with each group before it, "0; 2 -1", under the category, or "category~stat"."""
    return {
        "wave": given.wave,
        "question": given.question,
        "item": given.item,
        "by": ",".join(given.by),
        "groups": " ".join(",".join(group) for group in given.groups),
        "rows": {
            _name(row): "; ".join(" ".join(map(_said, line)) for line in lines[1:])
            for row, lines in given.tenths.items()
        },
    }


def from_waves(given: WaveCorrelations) -> dict[str, object]:
    """As `from_groups`, with the tenths of every group; `by` and `groups` are empty texts where it is everybody."""
    return {
        "wave": given.wave,
        "wave2": given.wave2,
        "question": given.question,
        "item": given.item,
        "by": ",".join(given.by),
        "groups": " ".join(",".join(group) for group in given.groups),
        "rows": {_name(row): " ".join(map(_said, line)) for row, line in given.tenths.items()},
    }


def _name(row: Row) -> str:
    category, stat = row
    return f"{category}~{stat}" if stat else category


def _said(tenths: int | None) -> str:
    return UNTOLD if tenths is None else str(tenths)


def to_waves(at: Place) -> WaveCorrelations:
    """Raises EditionError where it is another form."""
    by = at.of(str, "by")
    groups = _groups(at) if by else ((),)
    return WaveCorrelations(
        wave=at.of(str, "wave"),
        wave2=at.of(str, "wave2"),
        question=at.of(str, "question"),
        item=at.of(str, "item"),
        by=tuple(by.split(",")) if by else (),
        groups=groups,
        tenths={_row(name): _line(text, len(groups)) for name, text in at.mapping("rows", (str,)).items()},
    )


def _line(text: str, groups: int) -> tuple[int | None, ...]:
    line = text.split(" ")
    if len(line) != groups or any(each not in _TOLD for each in line):
        raise EditionError(
            say(
                "{file}: the correlations of two waves are tenths from −10 to 9, one a group, and here they are not",
                file=STUDY_FILE,
            )
        )
    return tuple(_TOLD[each] for each in line)


def _groups(at: Place) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(each.split(",")) for each in at.of(str, "groups").split(" "))


def to_groups(at: Place) -> GroupCorrelations:
    """Raises EditionError where it is another form."""
    groups = _groups(at)
    return GroupCorrelations(
        wave=at.of(str, "wave"),
        question=at.of(str, "question"),
        item=at.of(str, "item"),
        by=tuple(at.of(str, "by").split(",")),
        groups=groups,
        tenths={_row(name): _lines(text, len(groups)) for name, text in at.mapping("rows", (str,)).items()},
    )


def _row(name: str) -> Row:
    category, _, stat = name.partition("~")
    return category, stat


def _lines(text: str, groups: int) -> tuple[tuple[int | None, ...], ...]:
    lines = [[], *(line.split(" ") for line in text.split("; "))]
    if [len(line) for line in lines] != list(range(groups)) or any(
        each not in _TOLD for line in lines for each in line
    ):
        raise EditionError(
            say(
                "{file}: the correlations of {n} groups are tenths from −10 to 9, of each group after the first with "
                "those before it, and here they are not",
                file=STUDY_FILE,
                n=groups,
            )
        )
    return tuple(tuple(_TOLD[each] for each in line) for line in lines)
