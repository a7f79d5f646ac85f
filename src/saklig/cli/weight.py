"""saklig weight: how the weights of a study meet their targets, and the weights for other programs."""

from __future__ import annotations

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

METHODS = {
    "post-stratify": N_("Wave {wave}: {n} respondents, post-stratified to {file}."),
    "rake": N_("Wave {wave}: {n} respondents, raked to {file} in {rounds} rounds."),
    "calibrate": N_("Wave {wave}: {n} respondents, calibrated to {file} in {rounds} rounds."),
}
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
            for line in _told(_, wave, found, files[wave], METHODS[method]):
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
    return {
        "targets": [
            {"variable": line.variable, "group": line.group, "respondents": line.respondents, "target": line.target,
             "before": line.before, "after": line.after, "off": line.off}
            for line in report.lines
        ],
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


def _told(_: Translator, wave: str, found: Weighed, file: str, said: str) -> Iterator[str]:
    from saklig.language.numbers import count, decimal

    report = found.made.report

    def number(value: float, decimals: int = 2) -> str:
        return decimal(round(value * 10**decimals), decimals, _.language)

    yield _(said, wave=wave, n=count(report.after.respondents, _.language), file=file, rounds=report.rounds)
    yield ""
    yield from _targets(_, report.lines)
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
        effective=count(round(after.effective), _.language),
        n=count(after.respondents, _.language),
    )
    yield ""
    yield from _picture(_, found)


def _targets(_: Translator, lines: tuple[Line, ...]) -> Iterator[str]:
    """A table, its numbers to the right."""
    from saklig.language.numbers import count, decimal

    def row(line: Line) -> tuple[str, ...]:
        off = decimal(round(line.off * 10_000), 2, _.language)
        sums = (count(round(each), _.language) for each in (line.target, line.before, line.after))
        return line.variable, line.group, count(line.respondents, _.language), *sums, off

    head = (_("Variable"), _("Group"), _("Answers"), _("Target"), _("Before"), _("After"), _("Off, %"))
    table = [head, *map(row, lines)]
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
    names = [
        _("under {edge}", edge=edges[0]),
        *(f"{one}–{other}" for one, other in pairwise(edges)),
    ]
    names.append(_("{edge} and more", edge=edges[-1]))
    most = max(*before, *after)
    used = [place for place, sizes in enumerate(zip(before, after, strict=True)) if any(sizes)]
    title = _("Weights in mean weights")
    width = max(len(title), *(len(names[place]) for place in used))
    side = BAR + 1 + len(str(most))
    yield f"{title.ljust(width)}  {_('Before').ljust(side)}  {_('After')}"
    for place in range(used[0], used[-1] + 1):
        bars = [f"{'█' * -(-n * BAR // most)} {n}".strip() for n in (before[place], after[place])]
        yield f"{names[place].rjust(width)}  {bars[0].ljust(side)}  {bars[1]}"
