"""The colours, light and dark: one calm hue whose lightness is order, never good or bad; grey for what is missing.

Steps 0–12 rise in contrast with the paper, so that the last of a scale stands out as much in the dark as in the light.
`t0`–`t12` are the colours of a number that stands in a part of that step: at least 4.5:1 (WCAG 2.1, 1.4.3; tested). The
lightness was set in OKLCH at hue 242 and jumps where neither ink nor white would be legible. Drawn without colour, the
steps keep their order, and what is missing is hatched.
"""

from __future__ import annotations

from collections.abc import Mapping

STEPS = 12

_DARK_INK = "#0c141c"
_WHITE = "#ffffff"


def _with_steps(colours: dict[str, str], steps: tuple[str, ...], inks: tuple[str, ...]) -> Mapping[str, str]:
    return (
        colours
        | {f"k{n}": colour for n, colour in enumerate(steps)}
        | {f"t{n}": colour for n, colour in enumerate(inks)}
    )


LIGHT: Mapping[str, str] = _with_steps(
    {
        "paper": "#ffffff",
        "tint": "#f3f5f7",
        "ink": "#16202b",
        "soft": "#4b5a69",
        "line": "#d5dbe1",
        "link": "#0b4f8a",
        "bar": "#2f6690",
        "bar-soft": "#9ebfda",
        "whisker": "#16202b",
        "missing": "#e3e3e0",
        "missing-line": "#7d7d78",
        "missing-ink": "#16202b",
        "mark": "#fff3c4",
        "warn": "#7a4b00",
        "warn-tint": "#fff1cf",
    },
    (
        "#dae8f4", "#c8dae9", "#b3cde1", "#9ebfda", "#86b0d1", "#70a2c7", "#5d94bd",
        "#3e79a3", "#336c94", "#2a5d81", "#244f6d", "#20425b", "#1c3648",
    ),
    (_DARK_INK,) * 7 + (_WHITE,) * 6,
)  # fmt: skip

DARK: Mapping[str, str] = _with_steps(
    {
        "paper": "#12181f",
        "tint": "#1b232c",
        "ink": "#edf1f5",
        "soft": "#a9b6c3",
        "line": "#34404c",
        "link": "#8ec5f2",
        "bar": "#6aa5cf",
        "bar-soft": "#2f5a7c",
        "whisker": "#edf1f5",
        "missing": "#3a3f44",
        "missing-line": "#8d949b",
        "missing-ink": "#ffffff",
        "mark": "#4a3f10",
        "warn": "#f0cf8a",
        "warn-tint": "#332a12",
    },
    (
        "#1d384c", "#20455f", "#255171", "#2a5e83", "#336c94", "#3d78a1", "#5d94bd",
        "#6ea0c6", "#82aecf", "#97bbd7", "#acc8df", "#c1d6e6", "#d7e5f1",
    ),
    (_WHITE,) * 6 + (_DARK_INK,) * 7,
)  # fmt: skip


def step(shade: float | None) -> str:
    """The class of a level's `shade` (0–1): `k0` … `k12`, or `dk` for "don't know"."""
    return "dk" if shade is None else f"k{round(shade * STEPS)}"


def variables(colours: Mapping[str, str]) -> str:
    """The colours as CSS declarations, for a page's `:root`."""
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())
