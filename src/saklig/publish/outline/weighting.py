"""The weights on the method page: how they were made, targets against respondents, and how unequal they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from saklig.edition.weighting import Spread, WeightingReport
from saklig.language.catalog import N_
from saklig.publish.outline.context import Context
from saklig.publish.outline.model import (
    Axis,
    Bin,
    Block,
    Column,
    Histogram,
    Number,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
)
from saklig.publish.outline.wording import SHARE
from saklig.study.model import Weighting, WeightingMethod

WITHHELD = ".."
WITHHELD_WORDS = {
    True: N_(
        "How unequal the weights are is withheld, since it would tell of groups that are small, or withheld themselves."
    ),
    False: N_(
        "The shares after weighting, and how unequal the weights are, are withheld, since they would tell of groups "
        "that are small, or withheld themselves."
    ),
}

ALIKE = 100
"""Kish's design effect of weights that are all alike, in hundredths."""

METHODS = {
    WeightingMethod.POST_STRATIFY: N_(
        "The answers were weighted by post-stratification: within each group all weights were multiplied alike, so "
        "that they add up to the group’s number in the population."
    ),
    WeightingMethod.RAKE: N_(
        "The answers were weighted by raking: the weights were multiplied for one variable after the other, until they "
        "add up to the numbers in the population for all of them at once."
    ),
    WeightingMethod.CALIBRATE: N_(
        "The answers were weighted by calibration: of all weights that add up to the numbers in the population, those "
        "nearest to the weights before."
    ),
}

IN_ONE_CLASS = {
    "both": (
        N_("All weights lie between {low} and {high} of their mean, both before and after."),
        N_("All weights are at least {low} of their mean, both before and after."),
    ),
    "before": (
        N_("Before weighting, all weights lay between {low} and {high} of their mean."),
        N_("Before weighting, all weights were at least {low} of their mean."),
    ),
    "after": (
        N_("After weighting, all weights lie between {low} and {high} of their mean."),
        N_("After weighting, all weights are at least {low} of their mean."),
    ),
}
"""By when all weights are in one class: of a class between two bounds, and of the last, which has only a lower one."""

Headed = Callable[[Context, str, bool], str]


def weighting_sections(context: Context, headed: Headed, *, several: bool) -> Iterator[Section]:
    """None for a wave whose weights were not made here. `headed`: a heading with the wave, where there are several."""
    report = next((each for each in context.edition.publication.weightings if each.wave == context.wave.id), None)
    made = context.wave.weighting
    if report is None or made is None:
        return
    suffix = f"-{context.wave.id}" if several else ""
    blocks: list[Block] = [Paragraph(words=Words(said)) for said in _sentences(context, report, made)]
    if report.groups:
        blocks.append(_margins(context, report, f"margins{suffix}"))
    if report.spread is None:
        blocks.append(Paragraph(words=Words(context._(WITHHELD_WORDS[_after_told(report)]))))
    else:
        blocks.append(Paragraph(words=Words(_unequal(context, report.spread))))
        blocks += [Paragraph(words=Words(said)) for said in _of_one_class(context, report.spread)]
        blocks += _pictures(context, report.spread, suffix)
    heading = headed(context, context._("How the answers were weighted"), several)
    yield Section(id=f"weighting{suffix}", heading=Words(heading), blocks=tuple(blocks))


def _sentences(context: Context, report: WeightingReport, made: Weighting) -> Iterator[str]:
    _, wording = context._, context.wording
    yield _(METHODS[made.method])
    if report.based:
        yield _("Before weighting, each answer had the weight that the sampling gave it.")
    else:
        yield _("Before weighting, all answers counted alike.")
    quantities = [target.variable for target in report.targets if not target.group]
    if quantities:
        yield _("The weights also meet the population’s totals of: {names}.", names=", ".join(quantities))
    if made.bounds is not None:
        low, high = (wording.said(round(bound * 100), 2, "") for bound in made.bounds)
        yield _("No weight was changed by a factor below {low} or above {high}.", low=low, high=high)
    if made.trim is not None:
        low, high = (wording.said(round(limit * 100), 2, "") for limit in made.trim)
        yield _("Then weights below {low} or above {high} times their mean were set to that limit.", low=low, high=high)
        if report.missed is not None:
            off = wording.said(report.missed, 2, "")
            yield _("After that, the weighted numbers are at most {percent} per cent off their targets.", percent=off)
    yield _(
        "The intervals take the weighting into account: variation in the answers that the targets explain is not "
        "counted as uncertainty."
    )


def _margins(context: Context, report: WeightingReport, id: str) -> Table:
    _, wording = context._, context.wording
    rows, heading, told = [], "", _after_told(report)
    for each in report.groups:
        background = context.study.background(each.background)
        label = next(group.label for group in background.groups if group.id == each.group)
        shares = (each.target, each.before, each.after) if told else (each.target, each.before)
        cells = (WITHHELD if share is None else wording.said(share, report.decimals, SHARE) for share in shares)
        row = Row(
            label=context.words(label),
            cells=(*cells, WITHHELD if each.base is None else context.count(each.base)),
            group=context.words(background.label) if each.background != heading else None,
        )
        heading = each.background
        rows.append(row)
    withheld = any(WITHHELD in row.cells for row in rows)
    before, after = _("Before"), (_("After"),) if told else ()
    return Table(
        id=f"{id}-table",
        caption=_("Targets, and the answers before and after weighting")
        if told
        else _("Targets, and the answers before weighting"),
        stub=_("Group"),
        columns=tuple(Column(label=Words(name)) for name in (_("In the population"), before, *after, _("Answers"))),
        rows=tuple(rows),
        notes=(_("..  withheld, to protect those who answered"),) if withheld else (),
    )


def _after_told(report: WeightingReport) -> bool:
    """Whether the share of any group after weighting is published."""
    return any(each.after is not None for each in report.groups)


def _unequal(context: Context, spread: Spread) -> str:
    said = context.wording.said
    return context._(
        "Kish’s design effect of the weights is {after} (before: {before}). {n} answers so weighted tell as much as "
        "{effective} of equal weight.",
        after=said(spread.deff, 2, ""),
        before=said(spread.deff_before, 2, ""),
        n=context.count(sum(spread.after)),
        effective=context.count(spread.effective),
    )


def _pictures(context: Context, spread: Spread, suffix: str) -> Iterator[Histogram]:
    """Before and after, in the same classes; no picture of weights that are all in one."""
    _ = context._
    names = _classes(context, spread)
    used = [n for n, sizes in enumerate(zip(spread.before, spread.after, strict=True)) if any(sizes)]
    shown = range(used[0], used[-1] + 1)
    pictures = (
        (f"weights-before{suffix}", _("Weights before weighting"), spread.before),
        (f"weights-after{suffix}", _("Weights after weighting"), spread.after),
    )
    for id, title, counts in pictures:
        if _only_class(counts) is None:
            yield _histogram(context, id, title, [(names[n], counts[n]) for n in shown])


def _only_class(counts: tuple[int, ...]) -> int | None:
    """The class that holds everybody, if one does."""
    used = [place for place, count in enumerate(counts) if count]
    return used[0] if len(used) == 1 else None


def _of_one_class(context: Context, spread: Spread) -> Iterator[str]:
    """In words, what a picture would show as a single bar."""
    before, after = _only_class(spread.before), _only_class(spread.after)
    if not spread.edges:
        return
    if after is not None:
        yield _one_class(context, spread.edges, after, IN_ONE_CLASS["both" if before == after else "after"])
    elif before is not None and spread.deff_before != ALIKE:
        yield _one_class(context, spread.edges, before, IN_ONE_CLASS["before"])


def _one_class(context: Context, edges: tuple[int, ...], place: int, words: tuple[str, str]) -> str:
    bounds = [context.wording.said(edge, 2, "") for edge in (0, *edges)]
    between, least = words
    if place == len(edges):
        return context._(least, low=bounds[place])
    return context._(between, low=bounds[place], high=bounds[place + 1])


def _classes(context: Context, spread: Spread) -> list[str]:
    _, said = context._, context.wording.said
    edges = [said(edge, 2, "") for edge in spread.edges]
    if not edges:
        return [_("any weight")]
    inner = [f"{low}–{high}" for low, high in pairwise(edges)]
    return [_("under {edge}", edge=edges[0]), *inner, _("{edge} and more", edge=edges[-1])]


def _histogram(context: Context, id: str, title: str, classes: list[tuple[str, int]]) -> Histogram:
    _, wording = context._, context.wording
    total = sum(count for _name, count in classes)
    shares = [(2 * count * 100 + total) // (2 * total) for _name, count in classes]
    texts = [wording.said(share, 0, SHARE) for share in shares]
    pairs = zip(classes, shares, texts, strict=True)
    bins = tuple(
        Bin(
            label=Words(name),
            lower=None,
            upper=None,
            number=Number(address="", text=text, short=text, value=float(share), count=count, base=total),
        )
        for (name, count), share, text in pairs
    )
    rows = tuple(
        Row(label=Words(name), cells=(context.count(count), text))
        for (name, count), text in zip(classes, texts, strict=True)
    )
    subtitle = _("Answers by weight, as a multiple of the mean weight")
    n = context.count(total)
    ticks = tuple((float(at), wording.said(at, 0, SHARE)) for at in (0, 25, 50, 75, 100))
    return Histogram(
        frame=context.frame(
            id,
            Words(title),
            subtitle=subtitle,
            base=_.ngettext("Base: {n} answer", "Base: {n} answers", total, n=n),
            alternative="; ".join(f"{name}: {text}" for (name, _count), text in zip(classes, texts, strict=True)),
            heading=Words(title),
        ),
        axis=Axis(lower=0, upper=1, ticks=(), label=subtitle),
        shares=Axis(lower=0, upper=100, ticks=ticks, label=_("Per cent")),
        bins=bins,
        markers=(),
        table=Table(
            id=f"{id}-table",
            caption=title,
            stub=subtitle,
            columns=(Column(label=Words(_("Answers"))), Column(label=Words(_("Share")))),
            rows=rows,
        ),
    )
