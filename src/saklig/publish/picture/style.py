"""The pictures' stylesheet: the same rules for a page, whose colours are variables, and for a file of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from saklig.publish.picture.palette import DARK, LIGHT, STEPS

SANS = '"Source Sans 3","Segoe UI","Helvetica Neue",Arial,sans-serif'
SERIF = '"Source Serif 4",Georgia,"Times New Roman",serif'

Colour = Callable[[str], str]


def _coloured(colour: Colour) -> str:
    """Rules that set colours. `colour` gives a name's value: `var(--bar)` in a page, `#2f6690` in a file."""
    fills = {
        "text": "ink",
        ".paper,.gap": "paper",
        ".soft,.verb": "soft",
        ".b,.dot,.first": "bar",
        ".among": "bar-soft",
        ".bm,.dk": "missing",
        ".tdk": "missing-ink",
        ".warn": "warn",
        ".sec": "link",
    }
    fills |= {f".k{n}": f"k{n}" for n in range(STEPS + 1)} | {f".t{n}": f"t{n}" for n in range(STEPS + 1)}
    strokes = {
        ".halo": "paper",
        ".w": "whisker",
        ".z": "soft",
        ".g,.rule": "line",
        ".trace,.edge": "bar",
        ".bm": "missing-line",
        ".arrow,.hatch": "missing-line",
    }
    rules = [f".pic {_scoped(names)}{{fill:{colour(value)}}}" for names, value in fills.items()]
    rules += [f".pic {_scoped(names)}{{stroke:{colour(value)}}}" for names, value in strokes.items()]
    return "".join(rules) + (
        f".pic .few{{fill:{colour('paper')};stroke:{colour('bar')}}}"
        f".pic .box{{fill:{colour('paper')};stroke:{colour('missing-line')}}}"
        f".pic .live .box{{stroke:{colour('bar')}}}"
        f".pic .tip{{fill:{colour('soft')}}}"
        f".pic .arrow{{stroke:{colour('soft')}}}"
        f".pic .verb{{stroke:{colour('backdrop')}}}"
        f".pic .warn-tint{{fill:{colour('warn-tint')}}}"
    )


def _scoped(names: str) -> str:
    return names.replace(",", ",.pic ")


_SHAPE = (
    ".pic text{stroke:none}"
    ".pic .halo{stroke-width:4.5;stroke-opacity:.9}"
    ".pic .w{stroke-width:1.6}"
    ".pic .z{stroke-width:1.5}"
    ".pic .g,.pic .rule{stroke-width:1}"
    ".pic .dashed{stroke-dasharray:4 3}"
    ".pic .bm{stroke-width:1}"
    ".pic .few{stroke-width:1.6;stroke-dasharray:4 3}"
    ".pic .trace{fill:none;stroke-width:2.2}"
    ".pic .edge{fill:none;stroke-width:1}"
    ".pic .hatch{stroke-width:1.2}"
    ".pic .arrow{fill:none;stroke-width:1.7}"
    ".pic .box{stroke-width:1.4}"
    ".pic .live .box{stroke-width:2.2}"
    ".pic .context .box{stroke-dasharray:5 3}"
    ".pic .strong{font-weight:600}"
    ".pic .verb{font-style:italic;stroke-width:5;paint-order:stroke;stroke-linejoin:round}"
    ".pic .sec{font-weight:600}"
    ".pic .mid{text-anchor:middle}.pic .end{text-anchor:end}"
)

# In forced colours the reader's own palette decides: marks become text-coloured outlines, hatches and numbers remain.
_FORCED = (
    "@media (forced-colors:active){"
    ".pic{forced-color-adjust:none}"
    ".pic text,.pic .tip,.pic .dot{fill:CanvasText}"
    ".pic .b,.pic .first{fill:CanvasText}"
    ".pic .among,.pic .few,.pic .bm,.pic .dk,.pic .box,.pic .paper,.pic .warn-tint,.pic [class^=k]{fill:Canvas}"
    ".pic [class^=k],.pic .dk,.pic .among,.pic .few,.pic .bm,.pic .box,.pic .edge{stroke:CanvasText;stroke-width:1}"
    ".pic .w,.pic .z,.pic .g,.pic .rule,.pic .trace,.pic .arrow,.pic .hatch{stroke:CanvasText}"
    ".pic .halo,.pic .verb{stroke:Canvas}"
    ".pic .live .box{stroke:LinkText}.pic .sec{fill:LinkText}"
    "}"
)

PAGE_STYLE = (
    f".pic{{display:block;width:100%;font-family:{SANS}}}"
    f".pic .serif,.pic .verb{{font-family:{SERIF}}}"
    ".pic.strip{height:1.75rem}.pic.stack{height:2.1rem}.pic.pair{height:2.5rem}"
    ".pic.swatch{display:inline-block;width:.95em;height:.95em;margin-right:.4em;vertical-align:-.1em}"
    ".pic .part{font-size:.92rem;font-weight:600;text-anchor:middle}"
    ".pic.wide,.pic.narrow{height:auto}.pic.narrow{display:none;max-width:27rem;margin:auto}"
    ".pic a:focus-visible{outline:3px solid var(--link);outline-offset:3px}"
    "@media (max-width:40rem){.pic.wide{display:none}.pic.narrow{display:block}}"
    "@media print{.pic.wide{display:block}.pic.narrow{display:none}}"
    + _coloured(lambda name: "var(--backdrop,var(--paper))" if name == "backdrop" else f"var(--{name})")
    + _SHAPE
    + ".pic .live a:hover .box,.pic .live a:focus-visible .box{fill:var(--mark)}"
    + _FORCED
)
"""For a page that has the palette's colours as variables (`palette.variables`) on `:root`.

`--backdrop` is the colour behind an illustration where that is not the paper's.
"""


def _literal(colours: Mapping[str, str]) -> Colour:
    return lambda name: colours["paper" if name == "backdrop" else name]


def _dark_only() -> str:
    """The rules of the dark palette that differ from those of the light one."""
    return f"@media (prefers-color-scheme:dark){{{_coloured(_literal(DARK))}}}"


# A file's colours stand literally in plain rules, dark ones in a media query: programs that know neither variables nor
# media queries (converters to PNG and PDF, office programs) draw the light picture.
FILE_STYLE = (
    f".pic{{font-family:{SANS}}}.pic .serif,.pic .verb{{font-family:{SERIF}}}"
    ".pic .part{font-size:14px;font-weight:600;text-anchor:middle}"
    + _coloured(_literal(LIGHT))
    + _SHAPE
    + _dark_only()
    + _FORCED
)
