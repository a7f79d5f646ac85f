"""saklig weight: how the weights of a study meet their targets, and the weights for other programs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import click

from saklig.cli.help import Command
from saklig.cli.terminal import json_option, progress, say_json
from saklig.language.catalog import N_, Translator

if TYPE_CHECKING:
    from saklig.compilation.weighing import Weighed
    from saklig.design.weighting.report import Line, Spread
    from saklig.study.model import Study

METHODS = {
    "post-stratify": (N_("Wave {wave}: {n} respondents, post-stratified to {file}."),) * 2,
    "rake": (
        N_("Wave {wave}: {n} respondents, raked to {file} in {rounds} round."),
        N_("Wave {wave}: {n} respondents, raked to {file} in {rounds} rounds."),
    ),
    "calibrate": (
        N_("Wave {wave}: {n} respondents, calibrated to {file} in {rounds} round."),
        N_("Wave {wave}: {n} respondents, calibrated to {file} in {rounds} rounds."),
    ),
}
"""Of one round, and of several."""
BAR = 24
"""Characters of the longest bar."""


def command(_: Translator) -> Command:
    def weight(study: Path, out: Path | None, force: bool, as_json: bool) -> int:
        if out is not None and study.exists():
            _check_target(_, out, force)
        from saklig.compilation.compiling import read_and_bind
        from saklig.compilation.weights_file import write_weights

        with progress(_, quiet=as_json) as show:
            bound = read_and_bind(study, show)
        files = {each.wave: each.targets.name for each in bound.sources.waves if each.targets}
        if not bound.weighed:
            raise click.UsageError(
                _("{file} says of no wave how its weights are made; write [wave.weighting] under it.", file=study)
            )
        if out is not None:
            write_weights(bound, out)
        if as_json:
            waves = {wave: _machine(found) for wave, found in bound.weighed.items()}
            say_json({"waves": waves, "out": None if out is None else str(out)})
            return 0
        for wave, found in bound.weighed.items():
            made = bound.study.wave(wave).weighting
            method = "" if made is None else made.method.value
            for line in _told(_, bound.study, wave, found, files[wave], METHODS[method]):
                click.echo(line)
        if out is not None:
            click.echo(_("{file}: the weights; as confidential as the answers.", file=out))
        return 0

    made = Command(
        "weight",
        callback=weight,
        short_help=_("Show how weights meet their targets"),
        help=_(
            "Makes the weights that a study describes in [wave.weighting], and shows how they meet their targets and "
            "how unequal they are. Publishing makes the same weights itself; --out is for other programs."
        ),
        params=[
            click.Argument(["study"], type=click.Path(path_type=Path), metavar="STUDY"),
            click.Option(
                ["--out"],
                type=click.Path(path_type=Path, dir_okay=False),
                help=_("Write the weights to this CSV file."),
            ),
            click.Option(["--force"], is_flag=True, help=_("Replace a file that is there.")),
            json_option(_),
        ],
    )
    made.translator = _
    return made


def _check_target(_: Translator, out: Path, force: bool) -> None:
    if out.exists() and not force:
        raise click.UsageError(
            _("{file} exists already. Name another file with --out, or replace it with --force.", file=out)
        )
    if not out.parent.is_dir():
        raise click.UsageError(_("There is no folder {folder}. Make it first.", folder=out.parent))


def _machine(found: Weighed) -> dict[str, object]:
    report = found.made.report
    unit = 100 / report.before.total if found.in_percent else 1.0
    return {
        "targets": [
            {"variable": line.variable, "group": line.group, "respondents": line.respondents,
             "target": line.target * unit, "before": line.before * unit, "after": line.after * unit, "off": line.off}
            for line in report.lines
        ],
        "unit": "percent" if found.in_percent else "count",
        "rounds": report.rounds,
        "factors": list(report.factors),
        "before": _spread(report.before),
        "after": _spread(report.after),
    }  # fmt: skip


def _spread(spread: Spread) -> dict[str, object]:
    return {
        "respondents": spread.respondents,
        "total": spread.total,
        "smallest": spread.quantiles[0],
        "largest": spread.quantiles[-1],
        "deff": spread.deff,
        "effective": spread.effective,
    }


def _told(_: Translator, study: Study, wave: str, found: Weighed, file: str, said: tuple[str, str]) -> Iterator[str]:
    from saklig.language.numbers import count, decimal

    report = found.made.report

    def number(value: float) -> str:
        return decimal(_whole(value * 100), 2, _.language)

    words = _(said[report.rounds != 1])
    yield words.format(wave=wave, n=count(report.after.respondents, _.language), file=file, rounds=report.rounds)
    yield ""
    yield from _targets(_, study, found)
    yield ""
    before, after = report.before, report.after
    low, high = (number(each) for each in report.factors)
    yield _("Weights change by factors between {low} and {high}.", low=low, high=high)
    mean = after.total / after.respondents
    low, high = (number(after.quantiles[place] / mean) for place in (0, -1))
    yield _("They lie between {low} and {high} of their mean, which is {mean}.", low=low, high=high, mean=number(mean))
    yield _(
        "Kish’s design effect: {before} before, {after} after.", before=number(before.deff), after=number(after.deff)
    )
    yield _(
        "They tell as much as {effective} of {n} answers of equal weight.",
        effective=count(_whole(after.effective), _.language),
        n=count(after.respondents, _.language),
    )
    yield ""
    yield from _picture(_, found)


def _whole(value: float) -> int:
    """Half up, and what misses a half by rounding counts as the half: 503.5 and 503.4999999999 are the same."""
    return math.floor(value + 0.5 + 1e-9 * max(1.0, abs(value)))


def _group(_: Translator, study: Study, line: Line) -> str:
    """As people read it: "18–29", and where variables are crossed "18–29 * women"."""
    from saklig.design.weighting.membership import CROSS

    if not line.group:
        return ""
    crossed = CROSS in line.variable
    of = zip(line.variable.split(CROSS), line.group.split(CROSS) if crossed else [line.group], strict=True)
    known = {(each.id, group.id): group.label for each in study.backgrounds for group in each.groups}
    return f" {CROSS} ".join(known[name, group].best(_.language)[0] for name, group in of)


def _targets(_: Translator, study: Study, found: Weighed) -> Iterator[str]:
    """A table, its numbers to the right."""
    from saklig.language.numbers import count, decimal

    whole = found.made.report.before.total

    def shown(total: float) -> str:
        if found.in_percent:
            return decimal(_whole(total / whole * 1000), 1, _.language)
        return count(_whole(total), _.language)

    def row(line: Line) -> tuple[str, ...]:
        off = decimal(_whole(line.off * 10_000), 2, _.language)
        sums = (shown(each) for each in (line.target, line.before, line.after))
        return line.variable, _group(_, study, line), count(line.respondents, _.language), *sums, off

    sums = (
        (_("Target, %"), _("Before, %"), _("After, %")) if found.in_percent else (_("Target"), _("Before"), _("After"))
    )
    head = (_("Variable"), _("Group"), _("Answers"), *sums, _("Off, %"))
    table = [head, *map(row, found.made.report.lines)]
    widths = [max(len(each[place]) for each in table) for place in range(len(head))]
    for each in table:
        cells = [cell.ljust(width) if place < 2 else cell.rjust(width)
                 for place, (cell, width) in enumerate(zip(each, widths, strict=True))]  # fmt: skip
        yield "  ".join(cells).rstrip()


def _picture(_: Translator, found: Weighed) -> Iterator[str]:
    """Respondents by weight, in mean weights: a bar before, a bar after."""
    from saklig.disclosure.weights import EDGES, classes_of
    from saklig.language.numbers import decimal

    before, after = (classes_of(weights) for weights in (found.made.sample.weights, found.made.weights))
    edges = [decimal(edge, 2, _.language) for edge in EDGES]
    used = [place for place, sizes in enumerate(zip(before, after, strict=True)) if any(sizes)]
    if len(used) == 1:
        low, high = edges[used[0] - 1 : used[0] + 1]  # the class that holds the mean
        yield _("All weights lie between {low} and {high} of their mean, both before and after.", low=low, high=high)
        return
    names = [
        _("under {edge}", edge=edges[0]),
        *(f"{one}–{other}" for one, other in pairwise(edges)),
        _("{edge} and more", edge=edges[-1]),
    ]
    columns = []
    for title, counts, alone in (
        (_("Before"), before, N_("Before weighting, all weights lay between {low} and {high} of their mean.")),
        (_("After"), after, N_("After weighting, all weights lie between {low} and {high} of their mean.")),
    ):
        if (place := next((n for n, count in enumerate(counts) if count == sum(counts)), None)) is None:
            columns.append((title, counts))
        else:
            yield _(alone, low=edges[place - 1], high=edges[place])
            yield ""
    most = max(max(counts) for _title, counts in columns)
    head = _("Weights in mean weights")
    width = max(len(head), *(len(names[place]) for place in used))
    side = BAR + 1 + len(str(most))
    yield f"{head.ljust(width)}  {'  '.join(title.ljust(side) for title, _counts in columns)}".rstrip()
    for place in range(used[0], used[-1] + 1):
        bars = [f"{'█' * -(-counts[place] * BAR // most)} {counts[place]}".strip() for _title, counts in columns]
        yield f"{names[place].rjust(width)}  {'  '.join(bar.ljust(side) for bar in bars)}".rstrip()
