"""The fieldwork reports in study.json: written, and read without believing them."""

from __future__ import annotations

from saklig.edition.errors import EditionError
from saklig.edition.fieldwork import FieldworkReport, FieldworkRow
from saklig.edition.places import Place
from saklig.language.catalog import say
from saklig.study.fieldwork import ANSWERED, DISPOSITIONS, REASONS
from saklig.study.model import Study


def from_report(report: FieldworkReport) -> dict[str, object]:
    return {
        "wave": report.wave,
        "eligible": report.eligible,
        "estimated": report.estimated,
        "weighted": dict(report.weighted),
        "rows": [
            {
                "by": row.by,
                "group": row.group,
                "cases": row.cases,
                "answered": row.answered,
                "counts": {each.value: count for each, count in row.counts.items()},
                "rates": dict(row.rates),
                "decimals": row.decimals,
            }
            for row in report.rows
        ],
    }


def to_report(at: Place) -> FieldworkReport:
    return FieldworkReport(
        wave=at.of(str, "wave"),
        eligible=at.maybe(int, "eligible"),
        estimated=at.of(bool, "estimated"),
        weighted=at.mapping("weighted", (int,)),
        rows=tuple(_to_row(row) for row in at.each("rows")),
    )


def _to_row(at: Place) -> FieldworkRow:
    counts = at.mapping("counts", (int, type(None)))
    return FieldworkRow(
        by=at.of(str, "by"),
        group=at.of(str, "group"),
        cases=at.of(int, "cases"),
        answered=at.maybe(int, "answered"),
        counts={each: counts.get(each.value) for each in DISPOSITIONS},
        rates=at.mapping("rates", (int,)),
        decimals=at.of(int, "decimals"),
    )


def check_reports(reports: tuple[FieldworkReport, ...], study: Study) -> None:
    """Raises EditionError where a report speaks of what the study does not have, or its counts cannot be."""
    for report in reports:
        if report.wave not in {wave.id for wave in study.waves}:
            raise EditionError(say("a fieldwork report is of the wave “{wave}”, which is none", wave=report.wave[:80]))
        known = {("", ""), *(("", stratum.id) for stratum in study.wave(report.wave).strata)}
        known |= {(background.id, group.id) for background in study.backgrounds for group in background.groups}
        if not report.rows or report.whole.place != ("", ""):
            raise EditionError(
                say("the fieldwork report of the wave “{wave}” has no row of everybody", wave=report.wave)
            )
        for row in report.rows:
            if row.place not in known:
                raise EditionError(
                    say(
                        "the fieldwork report of the wave “{wave}” names “{group}”, which the study does not have",
                        wave=report.wave,
                        group=f"{row.by}={row.group}"[:80].lstrip("="),
                    )
                )
            if not _adds_up(row):
                raise EditionError(
                    say("the counts of the fieldwork report of the wave “{wave}” do not add up", wave=report.wave)
                )


def _adds_up(row: FieldworkRow) -> bool:
    others = None if row.answered is None else row.cases - row.answered
    for half, total in ((ANSWERED, row.answered), (REASONS, others)):
        printed = [count for each in half if (count := row.counts[each]) is not None]
        if min(printed, default=0) < 0 or (printed and total is None):
            return False
        if total is not None and (sum(printed) > total or (len(printed) == len(half) and sum(printed) != total)):
            return False
    return row.cases >= 0 and row.decimals in (0, 1)
