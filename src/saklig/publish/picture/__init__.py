"""Pictures as SVG, made of an outline's values.

A whole picture, as a file that may leave its page: `svg(picture)`.

In a page, whose stylesheet holds `page_style()` and whose body holds `definitions()`, once, before the first picture:
`strips(picture)` for bars, stacks and rankings, one strip a row, to stand in the cells of the page's own table;
`swatch(level)` and `ranking_swatches()` for their legends; `inline(picture)` for distributions of numbers, lines over
waves and illustrations, drawn as one in a wide and a narrow form of which the stylesheet shows one.
"""

from __future__ import annotations

from saklig.publish.outline.model import Bars, Histogram, Illustration, Lines, Picture, Ranking, Stacks
from saklig.publish.picture import bars, distributions, illustrations, rankings, stacks, waves
from saklig.publish.picture.markup import Body, escaped, figure
from saklig.publish.picture.palette import DARK, LIGHT, variables
from saklig.publish.picture.sheet import INNER, sheet
from saklig.publish.picture.strips import definitions, ranking_swatches, strips, swatch
from saklig.publish.picture.style import PAGE_STYLE

__all__ = ["definitions", "inline", "page_style", "ranking_swatches", "strips", "svg", "swatch"]

WIDE, NARROW = 720.0, 300.0
SIDE_BY_SIDE = 560.0
"""The wide form of an illustration, of which two stand beside each other."""


def svg(picture: Picture) -> str:
    """The picture as a file of its own: title, base, marks, numbers, source; for light and dark."""
    return sheet(picture, _body(picture, INNER))


def inline(picture: Histogram | Lines | Illustration) -> str:
    """The picture within a page. An illustration's boxes are links, with their text; the others are images."""
    wide = SIDE_BY_SIDE if isinstance(picture, Illustration) else WIDE
    return "".join(_inline(picture, width, name) for width, name in ((wide, "wide"), (NARROW, "narrow")))


def page_style() -> str:
    """The rules for pictures in a page, and the palette's colours as variables on `:root`, light and dark."""
    return (
        f":root{{{variables(LIGHT)}}}@media (prefers-color-scheme:dark){{:root{{{variables(DARK)}}}}}"
        f"@media print{{:root{{{variables(LIGHT)}}}}}{PAGE_STYLE}"
    )


def _body(picture: Picture, width: float) -> Body:
    match picture:
        case Bars():
            return bars.body(picture, width)
        case Stacks():
            return stacks.body(picture, width)
        case Ranking():
            return rankings.body(picture, width)
        case Histogram():
            return distributions.body(picture, width)
        case Lines():
            return waves.body(picture, width)
        case Illustration():
            return illustrations.body(picture, width)
    raise TypeError(f"no picture is drawn of a {type(picture).__name__}")


def _inline(picture: Histogram | Lines | Illustration, width: float, name: str) -> str:
    id = f"{escaped(picture.frame.id)}-{name}"
    if isinstance(picture, Illustration):
        body = illustrations.body(picture, width, f"{id}-tip", linked=True)
        look = f'role="group" aria-label="{escaped(picture.frame.alternative or picture.frame.title.text)}"'
        defs = f"<defs>{illustrations.TIP.format(f'{id}-tip')}</defs>"
    else:
        body, defs = _body(picture, width), ""
        look = f'role="img" aria-label="{escaped(picture.frame.alternative)}"'
    box = f"0 0 {figure(width)} {figure(body.height)}"
    return f'<svg class="pic {name}" viewBox="{box}" {look} focusable="false">{defs}{body.marks}</svg>'
