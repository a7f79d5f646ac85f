"""Correlations of groups in study.json: `publication.correlations`. Short texts, since large studies have many."""

from __future__ import annotations

from saklig.edition.errors import EditionError
from saklig.edition.places import STUDY_FILE, Place
from saklig.edition.publication import GroupCorrelations
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
            f"{category}~{stat}" if stat else category: "; ".join(" ".join(map(_said, line)) for line in lines[1:])
            for (category, stat), lines in given.tenths.items()
        },
    }


def _said(tenths: int | None) -> str:
    return UNTOLD if tenths is None else str(tenths)


def to_groups(at: Place) -> GroupCorrelations:
    """Raises EditionError where it is another form."""
    groups = tuple(tuple(each.split(",")) for each in at.of(str, "groups").split(" "))
    return GroupCorrelations(
        wave=at.of(str, "wave"),
        question=at.of(str, "question"),
        item=at.of(str, "item"),
        by=tuple(at.of(str, "by").split(",")),
        groups=groups,
        tenths={_row(name): _lines(text, len(groups)) for name, text in at.mapping("rows", (str,)).items()},
    )


def _row(name: str) -> tuple[str, str]:
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
