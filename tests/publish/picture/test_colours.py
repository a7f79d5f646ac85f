"""Legible in light and dark, for colour-blind readers and without colour (WCAG 2.1, 1.4.3 and 1.4.11)."""

from itertools import pairwise

import pytest

from saklig.publish.picture import page_style, svg
from saklig.publish.picture.palette import DARK, LIGHT, STEPS, variables

PALETTES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour):
    """Relative luminance (WCAG 2.1)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@PALETTES
@pytest.mark.parametrize("n", range(STEPS + 1))
def test_a_number_in_a_part_can_be_read(colours, n):
    assert contrast(colours[f"k{n}"], colours[f"t{n}"]) >= 4.5


@PALETTES
@pytest.mark.parametrize(
    ("text", "behind"),
    [("ink", "paper"), ("soft", "paper"), ("ink", "tint"), ("soft", "tint"), ("link", "paper"), ("link", "mark"),
     ("ink", "mark"), ("warn", "paper"), ("warn", "warn-tint"), ("missing-ink", "missing")],
)  # fmt: skip
def test_words_can_be_read(colours, text, behind):
    assert contrast(colours[text], colours[behind]) >= 4.5


@PALETTES
@pytest.mark.parametrize("mark", ["bar", "whisker", "missing-line", "soft"])
def test_marks_stand_out_from_the_paper(colours, mark):
    assert contrast(colours[mark], colours["paper"]) >= 3


@PALETTES
def test_the_two_bars_of_a_ranking_can_be_told_apart_without_colour(colours):
    assert contrast(colours["bar"], colours["bar-soft"]) >= 2


@PALETTES
def test_order_is_lightness_alone(colours):
    steps = [luminance(colours[f"k{n}"]) for n in range(STEPS + 1)]
    assert steps == sorted(steps, reverse=colours is LIGHT)
    assert all(contrast(colours[f"k{a}"], colours[f"k{b}"]) >= 1.2 for a, b in pairwise(range(0, STEPS + 1, 2)))


@PALETTES
def test_one_hue_and_nothing_red_or_green(colours):
    for n in range(STEPS + 1):
        red, green, blue = (int(colours[f"k{n}"][at : at + 2], 16) for at in (1, 3, 5))
        assert red < green < blue


def test_a_file_has_both_palettes_and_respects_forced_colours(picture):
    text = svg(picture)
    assert LIGHT["paper"] in text
    assert f"@media (prefers-color-scheme:dark){{text{{fill:{DARK['ink']}}}" in text
    assert "@media (forced-colors:active)" in text


def test_every_class_that_is_used_has_a_rule(picture):
    import re

    text = svg(picture)
    style = text[text.index("<style>") : text.index("</style>")]
    used = {name for names in re.findall(r'class="([^"]*)"', text) for name in names.split()} - {"pic", "seg"}
    assert {name for name in used if f".{name}" not in style} <= {"context", "live"}


def test_every_variable_of_the_pages_style_is_defined():
    import re

    style = page_style()
    used = set(re.findall(r"var\(--([a-z0-9-]+)", style)) - {"backdrop"}
    assert used <= set(LIGHT)
    assert set(LIGHT) == set(DARK)
    assert variables(LIGHT) in style
    assert variables(DARK) in style
