"""The report on weights in study.json, and back."""

from __future__ import annotations

from typing import Any

from saklig.edition.errors import EditionError
from saklig.edition.weighting import Spread, Target, WeightedGroup, WeightingReport
from saklig.language.catalog import say

Form = dict[str, Any]


def from_report(report: WeightingReport) -> Form:
    return {
        "wave": report.wave,
        "based": report.based,
        "decimals": report.decimals,
        "targets": [[each.variable, each.group, _plain(each.count)] for each in report.targets],
        "groups": [
            [each.background, each.group, each.target, each.base, each.before, each.after] for each in report.groups
        ],
        "missed": report.missed,
        "spread": None if report.spread is None else _from_spread(report.spread),
    }


def to_report(form: object, place: str) -> WeightingReport:
    """Raises EditionError for anything but what `from_report` makes."""
    try:
        report = _to_report(form)
        if from_report(report) == form:
            return report
    except (AssertionError, KeyError, TypeError, ValueError):
        pass
    raise EditionError(say("{place} is no report on weights", place=place))


def _to_report(form: Any) -> WeightingReport:
    spread = form["spread"]
    return WeightingReport(
        wave=_text(form["wave"]),
        based=form["based"] is True,
        decimals=_whole(form["decimals"]),
        targets=tuple(Target(variable=_text(v), group=_text(g), count=float(c)) for v, g, c in form["targets"]),
        groups=tuple(_to_group(*each) for each in form["groups"]),
        missed=_maybe(form["missed"]),
        spread=None if spread is None else _to_spread(spread),
    )


def _to_group(background: object, group: object, *numbers: object) -> WeightedGroup:
    target, base, before, after = numbers
    return WeightedGroup(
        background=_text(background),
        group=_text(group),
        target=_whole(target),
        base=_maybe(base),
        before=_maybe(before),
        after=_maybe(after),
    )


def _from_spread(spread: Spread) -> Form:
    return {
        "deff": spread.deff,
        "deff_before": spread.deff_before,
        "effective": spread.effective,
        "edges": list(spread.edges),
        "before": list(spread.before),
        "after": list(spread.after),
    }


def _to_spread(form: Any) -> Spread:
    edges, before, after = (tuple(map(_whole, form[name])) for name in ("edges", "before", "after"))
    if not len(edges) + 1 == len(before) == len(after):
        raise ValueError("classes without bounds")
    return Spread(
        deff=_whole(form["deff"]),
        deff_before=_whole(form["deff_before"]),
        effective=_whole(form["effective"]),
        edges=edges,
        before=before,
        after=after,
    )


def _plain(count: float) -> float | int:
    """Whole numbers as such, so that equal targets have the same text."""
    return int(count) if count == int(count) else count


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("no whole number")
    return value


def _maybe(value: object) -> int | None:
    return None if value is None else _whole(value)
