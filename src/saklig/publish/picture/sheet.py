"""A picture as a file of its own: what was asked, of whom, the drawing, and where it comes from."""

from __future__ import annotations

from saklig.language.catalog import translator
from saklig.publish.outline.model import (
    Bars,
    Frame,
    Histogram,
    Illustration,
    Lines,
    Number,
    Picture,
    Ranking,
    Stacks,
    Words,
)
from saklig.publish.picture import lettering
from saklig.publish.picture.markup import HATCH, Body, escaped, figure, line, lines, text
from saklig.publish.picture.style import file_style
from saklig.publish.picture.words import described

WIDTH = 760.0
MARGIN = 32.0
INNER = WIDTH - 2 * MARGIN
TITLE, SUBTITLE, SMALL = 24.0, 16.0, 12.5

QUOTES = {"sv": "”{}”", "en": "“{}”"}
"""A question is quoted: somebody said these words."""


def sheet(picture: Picture, body: Body) -> str:
    """The whole file, with a title, a description, its marks and its source."""
    frame = picture.frame
    marks = [_banner(frame)] if frame.marks else []
    y = 66.0 if frame.marks else 30.0
    quoted = frame.title.text if isinstance(picture, Illustration) else _quoted(frame.title, frame.language)
    found = lettering.balanced(quoted, TITLE, INNER)
    marks.append(lines(found, MARGIN, y + TITLE * 0.8, TITLE, "serif", 1.25, frame.title.language))
    y += len(found) * TITLE * 1.25 + 4
    for said, names in ((frame.subtitle, "strong"), (frame.base, "soft")):
        if said:
            wrapped = lettering.wrapped(said, SUBTITLE * lettering.BOLD, INNER)
            marks.append(lines(wrapped, MARGIN, y + SUBTITLE, SUBTITLE, names))
            y += len(wrapped) * SUBTITLE * 1.28 + 3
    y += 14
    marks.append(f'<g transform="translate({figure(MARGIN)} {figure(y)})">{body.marks}</g>')
    y += body.height + 10
    for note in notes(picture):
        wrapped = lettering.wrapped(note, SMALL, INNER)
        marks.append(lines(wrapped, MARGIN, y + SMALL, SMALL, "soft"))
        y += len(wrapped) * SMALL * 1.28 + 3
    y += 10
    marks.append(line(MARGIN, y, WIDTH - MARGIN, y, "rule"))
    wrapped = lettering.wrapped(frame.source, SMALL, INNER)
    marks.append(lines(wrapped, MARGIN, y + 8 + SMALL, SMALL, "soft"))
    y += 8 + len(wrapped) * SMALL * 1.28 + 20
    if frame.draft and frame.marks:
        marks.append(_across(frame.marks[-1], y))
    return _file(picture, "".join(marks), y, file_style(isinstance(picture, Stacks)))


def _file(picture: Picture, marks: str, height: float, style: str) -> str:
    frame = picture.frame
    id = escaped(frame.id)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" xml:lang="{escaped(frame.language)}" '
        f'viewBox="0 0 {figure(WIDTH)} {figure(height)}" width="{figure(WIDTH)}" height="{figure(height)}" '
        f'aria-labelledby="{id}-title" aria-describedby="{id}-desc">'
        f'<title id="{id}-title">{escaped(frame.title.text)}</title>'
        f'<desc id="{id}-desc">{escaped(described(picture))}</desc>'
        f"<style>{style}</style><defs>{HATCH}{_STRIPES}{_TIP}</defs>"
        f'<rect class="paper" width="{figure(WIDTH)}" height="{figure(height)}"/>{marks}</svg>\n'
    )


_STRIPES = (
    '<pattern id="stripes" width="28" height="28" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect class="warn-tint" width="14" height="28"/></pattern>'
)
_TIP = (
    '<marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6.5" markerHeight="6.5" '
    'orient="auto-start-reverse"><path class="tip" d="M0 .8 9.5 5 0 9.2z"/></marker>'
)


def _banner(frame: Frame) -> str:
    said = " · ".join(frame.marks)
    return (
        f'<rect width="{figure(WIDTH)}" height="38" fill="url(#stripes)"/>'
        + text(said, WIDTH / 2, 25, 15, "warn strong mid")
        + line(0, 38, WIDTH, 38, "rule")
    )


def _across(mark: str, height: float) -> str:
    """A draft's mark, large and faint, from corner to corner."""
    size = min(90.0, 0.9 * WIDTH / max(lettering.width(mark, 1), 1))
    return (
        f'<text class="mid strong" font-size="{figure(size)}" opacity=".09" '
        f'transform="translate({figure(WIDTH / 2)} {figure(height / 2)}) rotate(-24)">{escaped(mark)}</text>'
    )


def _quoted(title: Words, language: str) -> str:
    if title.text[:1] in '”“"«':
        return title.text
    return QUOTES.get((title.language or language)[:2], QUOTES["en"]).format(title.text)


def notes(picture: Picture) -> list[str]:
    """What a reader of the picture alone needs to be told about its marks."""
    _ = translator(picture.frame.language)
    found = list(getattr(picture, "notes", ()))
    numbers = numbers_of(picture)
    if not isinstance(picture, Stacks) and any(number.lower is not None for number in numbers):
        with_numbers = _(
            "The thin line is the 95 per cent confidence interval; the same numbers stand after the share."
        )
        alone = _("The thin line is the 95 per cent confidence interval.")
        modelled = _("The thin line is a modelled interval; no sample was drawn.")
        said = with_numbers if isinstance(picture, Bars | Ranking) else alone
        found.append(modelled if picture.frame.modelled else said)
    if any(number.few for number in numbers):
        outlined = _("Dashed outline: uncertain, few answers.")
        found.append(
            _("Few answers in some groups: those shares are uncertain.") if isinstance(picture, Stacks) else outlined
        )
    signs = {number.text for number in numbers if not number.shown}
    if ".." in signs or (isinstance(picture, Stacks) and any(not row.shown for row in picture.rows)):
        found.append(_("Two dots (..): withheld, to protect those who answered."))
    return found


def numbers_of(picture: Picture) -> list[Number]:
    """Every number that the picture shows."""
    match picture:
        case Bars():
            return [row.number for row in picture.rows]
        case Stacks():
            return [part for row in picture.rows for part in row.parts]
        case Ranking():
            return [number for row in picture.rows for number in (row.among, row.first) if number]
        case Histogram():
            return [part.number for part in picture.bins] + [mark.number for mark in picture.markers]
        case Lines():
            return [point for series in picture.lines for point in series.points if point]
        case Illustration():
            return []
