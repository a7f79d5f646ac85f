"""The picture of growth: seconds by respondents and by tables, each beside the straight line through its last point."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
"""How much, and the seconds that it took."""

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 320, 250, 62, 34, 44
INK, LINE, QUIET = "#1a1a1a", "#0b5fa5", "#767676"


def picture(rows: Sequence[Point], tables: Sequence[Point]) -> str:
    """An SVG of two panels with logarithmic axes: linear growth is a line of slope 1."""
    width = 2 * WIDTH + 80
    said = (
        f"Seconds of processor for 160 cross-tabulations, from {rows[0][1]:.2g} with {rows[0][0]:g} respondents to "
        f"{rows[-1][1]:.2g} with {rows[-1][0]:g}; and for 1 million respondents, from {tables[0][1]:.2g} with "
        f"{tables[0][0]:g} tables to {tables[-1][1]:.2g} with {tables[-1][0]:g}."
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" role="img" '
            'aria-labelledby="t d" font-family="sans-serif" font-size="12">',
            f'<title id="t">Growth with respondents and with tables</title><desc id="d">{said}</desc>',
            f'<rect width="{width}" height="{HEIGHT}" fill="#fff"/>',
            *_panel(0, "Respondents", rows),
            *_panel(WIDTH + 40, "Tables, 1 million respondents", tables),
            "</svg>",
            "",
        ]
    )


def _panel(left: float, title: str, points: Sequence[Point]) -> list[str]:
    across = _decades([x for x, _ in points])
    up = _decades([y for _, y in points] + [points[-1][1] * points[0][0] / points[-1][0]])

    def at(x: float, y: float) -> tuple[float, float]:
        share = (math.log10(x) - across[0]) / (across[1] - across[0])
        height = (math.log10(y) - up[0]) / (up[1] - up[0])
        return left + LEFT + share * (WIDTH - LEFT - 14), HEIGHT - BOTTOM - height * (HEIGHT - TOP - BOTTOM)

    found = [f'<text x="{left + LEFT}" y="18" fill="{INK}" font-weight="600">{title}</text>']
    for power in range(up[0], up[1] + 1):
        (x, y), (end, _) = at(10 ** across[0], 10**power), at(10 ** across[1], 10**power)
        found.append(f'<path d="M{x:.1f} {y:.1f}H{end:.1f}" stroke="#ddd"/>')
        found.append(f'<text x="{x - 6:.1f}" y="{y + 4:.1f}" fill="{QUIET}" text-anchor="end">{10.0**power:g} s</text>')
    for power in range(across[0], across[1] + 1):
        x, y = at(10**power, 10 ** up[0])
        found.append(f'<text x="{x:.1f}" y="{y + 18:.1f}" fill="{QUIET}" text-anchor="middle">{10**power:,}</text>')
    last_x, last_y = points[-1]
    (x1, y1), (x2, y2) = at(points[0][0], last_y * points[0][0] / last_x), at(last_x, last_y)
    found.append(f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{QUIET}" stroke-dasharray="4 4"/>')
    placed = [at(*point) for point in points]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in placed)
    found.append(f'<path d="M{path}" fill="none" stroke="{LINE}" stroke-width="2"/>')
    found += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{LINE}"/>' for x, y in placed]
    found.append(
        f'<text x="{left + LEFT}" y="{HEIGHT - 8}" fill="{QUIET}">— measured, seconds of processor '
        "  - - in proportion</text>"
    )
    return found


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)
