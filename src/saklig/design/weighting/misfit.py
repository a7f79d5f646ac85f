"""Where weights miss their targets, in words: the group of each margin that is furthest off."""

from __future__ import annotations

from collections.abc import Sequence

from saklig.design.weighting.faults import plain
from saklig.design.weighting.report import Line
from saklig.language.catalog import say

FEW_DIGITS = 6


def misfits_in_words(lines: Sequence[Line], tolerance: float) -> list[str]:
    """One line for each variable that is off by more than `tolerance`, the worst first."""
    worst: dict[str, Line] = {}
    for line in lines:
        if abs(line.off) > abs(worst.setdefault(line.variable, line).off):
            worst[line.variable] = line
    return [_in_words(line) for line in sorted(worst.values(), key=lambda line: -abs(line.off)) if
            abs(line.off) > tolerance]  # fmt: skip


def _in_words(line: Line) -> str:
    values = {
        "variable": line.variable,
        "group": line.group,
        "after": plain(line.after, FEW_DIGITS),
        "target": plain(line.target, FEW_DIGITS),
        "percent": plain(abs(line.off) * 100, 3),
    }
    if line.group:
        return say("“{variable}”, group “{group}”: {after} where the target is {target}, {percent} % off", **values)
    return say("“{variable}”: {after} where the target is {target}, {percent} % off", **values)
