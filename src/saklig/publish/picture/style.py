"""The pictures' stylesheet: the same rules for a page, whose colours are variables, and for a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from saklig.publish.picture.palette import DARK, LIGHT, STEPS

SANS = '"Source Sans 3","Segoe UI","Helvetica Neue",Arial,sans-serif'
SERIF = '"Source Serif 4",Georgia,"Times New Roman",serif'

Colour = Callable[[str], str]


def _coloured(colour: Colour, levels: bool = True) -> str:
    """Rules that set colours, each name under `.pic` once it is put in a page.

    `colour` gives a name's value: `var(--bar)` in a page, `#2f6690` in a file. `levels`: of a stacked distribution.
    """
    fills = {
        "text": "ink",
        ".paper": "paper",
        ".soft,.verb": "soft",
        ".b,.dot,.first": "bar",
        ".among": "bar-soft",
        ".bm,.dk": "missing",
        ".warn": "warn",
        ".sec": "link",
        ".tip": "soft",
        ".few,.box": "paper",
        ".warn-tint": "warn-tint",
    }
    strokes = {
        ".halo": "paper",
        ".w": "whisker",
        ".z,.arrow": "soft",
        ".g,.rule": "line",
        ".trace,.edge,.few": "bar",
        ".bm,.hatch,.box": "missing-line",
        ".live .box": "bar",
        ".verb": "backdrop",
    }
    if levels:
        fills |= {".tdk": "missing-ink"}
        fills |= {f".{kind}{n}": f"{kind}{n}" for kind in "kt" for n in range(STEPS + 1)}
    return "".join(
        f"{names}{{{what}:{colour(value)}}}"
        for what, rules in (("fill", fills), ("stroke", strokes))
        for names, value in rules.items()
    )


_SHAPE = (
    "text{stroke:none}"
    ".halo{stroke-width:4.5;stroke-opacity:.9}"
    ".w{stroke-width:1.6}"
    ".z{stroke-width:1.5}"
    ".g,.rule,.bm{stroke-width:1}"
    ".few{stroke-width:1.6;stroke-dasharray:4 3}"
    ".trace{fill:none;stroke-width:2.2}"
    ".edge{fill:none;stroke-width:1}"
    ".hatch{stroke-width:1.2}"
    ".arrow{fill:none;stroke-width:1.7}"
    ".box{stroke-width:1.4}"
    ".live .box{stroke-width:2.2}"
    ".dashed{stroke-dasharray:4 3}"
    ".context .box{stroke-dasharray:5 3}"
    ".strong,.sec{font-weight:600}"
    ".verb{font-style:italic;stroke-width:5;paint-order:stroke;stroke-linejoin:round}"
    ".mid{text-anchor:middle}.end{text-anchor:end}"
    f".serif,.verb{{font-family:{SERIF}}}"
)

# In forced colours the reader's own palette decides, save for the steps of a scale: they keep their colours and those
# of the numbers in them, which are legible on them, and get an outline.
_FORCED = (
    "text,.soft,.verb,.warn,.tdk,.tip,.dot,.b,.first{fill:CanvasText}"
    ".among,.few,.bm,.dk,.box,.paper,.warn-tint{fill:Canvas}"
    ".among,.few,.bm,.dk,.box,.edge,.seg{stroke:CanvasText;stroke-width:1}"
    ".w,.z,.g,.rule,.trace,.arrow,.hatch{stroke:CanvasText}"
    ".halo,.verb{stroke:Canvas}"
    ".live .box{stroke:LinkText}.sec{fill:LinkText}"
)


def _within(rules: str) -> str:
    """The rules for what stands within a picture, so that nothing else of a page is touched."""
    found = []
    for rule in rules.split("}")[:-1]:
        names, declarations = rule.split("{")
        found.append(",".join(f".pic {name}" for name in names.split(",")) + "{" + declarations + "}")
    return "".join(found)


PAGE_STYLE = (
    f".pic{{display:block;width:100%;font-family:{SANS}}}"
    ".pic.strip{height:1.75rem}.pic.stack{height:2.1rem}.pic.pair{height:2.5rem}"
    ".pic.swatch{display:inline-block;width:.95em;height:.95em;margin-right:.4em;vertical-align:-.1em}"
    ".pic.stack>rect{height:100%}"
    ".pic.stack>text{font-size:.92rem;font-weight:600;text-anchor:middle;dominant-baseline:central}"
    ".pic.wide,.pic.narrow{height:auto}.pic.narrow{display:none;max-width:27rem;margin:auto}"
    ".pic a:focus-visible{outline:3px solid var(--link);outline-offset:3px}"
    "@media (max-width:40rem){.pic.wide{display:none}.pic.narrow{display:block}}"
    "@media print{.pic.wide{display:block}.pic.narrow{display:none}}"
    + _within(
        _coloured(lambda name: "var(--backdrop,var(--paper))" if name == "backdrop" else f"var(--{name})") + _SHAPE
    )
    + ".pic .live a:hover .box,.pic .live a:focus-visible .box{fill:var(--mark)}"
    + f"@media (forced-colors:active){{.pic{{forced-color-adjust:none}}{_within(_FORCED)}}}"
)
"""For a page that has the palette's colours as variables (`palette.variables`) on `:root`.

`--backdrop` is the colour behind an illustration where that is not the paper's.
"""


def _literal(colours: Mapping[str, str]) -> Colour:
    return lambda name: colours["paper" if name == "backdrop" else name]


@cache
def file_style(levels: bool) -> str:
    """For a file of its own. `levels`: it holds a stacked distribution.

    Colours stand literally in plain rules, dark ones in a media query: programs that know neither variables nor media
    queries (converters to PNG and PDF, office programs) draw the light picture.
    """
    return (
        f"svg{{font-family:{SANS}}}"
        + _coloured(_literal(LIGHT), levels)
        + _SHAPE
        + f"@media (prefers-color-scheme:dark){{{_coloured(_literal(DARK), levels)}}}"
        + f"@media (forced-colors:active){{svg{{forced-color-adjust:none}}{_FORCED}}}"
    )
