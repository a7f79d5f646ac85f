"""Perspectives: boxes on their author's grid, arrows with verbs; on a narrow page one column, in the author's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from saklig.publish.outline.model import Illustration, MapArrow, MapBox
from saklig.publish.picture import arrows, lettering
from saklig.publish.picture.arrows import GAP, UNDER, VERB, Place, Way, verb_lines, way
from saklig.publish.picture.markup import Body, escaped, figure, lines

SIZE, SMALL = 16.0, 14.0
LEADING = 1.25
INSET = 14.0
"""Above and below what a box says."""
SIDE = 8.0
"""To the left and the right of it."""
NARROW = 480.0
"""Below this width the boxes stand in one column."""

TIP = (
    '<marker id="{}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6.5" markerHeight="6.5" '
    'orient="auto-start-reverse"><path class="tip" d="M0 .8 9.5 5 0 9.2z"/></marker>'
)


def body(picture: Illustration, width: float, tip: str = "tip", linked: bool = False) -> Body:
    """`tip`: the id of the arrowhead. `linked`: boxes lead to their pages."""
    narrow = width < NARROW
    boxes = [_as_column(box, n) for n, box in enumerate(picture.boxes)] if narrow else list(picture.boxes)
    lanes = arrows.lanes(boxes, picture.arrows)
    left, right = (arrows.side(picture.arrows, lanes, side) for side in (True, False))
    places, height = _placed(boxes, left, width - left - right, _gaps(boxes, picture.arrows), linked)
    edges = (left, width - right)
    marks = "".join(
        arrows.round_the_side(arrow, places[arrow.origin], places[arrow.target], edges, lanes[n], tip)
        if n in lanes
        else arrows.drawn(arrow, places, picture.arrows, tip)
        for n, arrow in enumerate(picture.arrows)
    )
    last = max(place.row for place in places.values())
    ends = ((places[arrow.origin].box, places[arrow.target].box) for arrow in picture.arrows)
    under = any(start.row == last and way(start, end, boxes) is Way.UNDER for start, end in ends)
    marks += "".join(_box(place, linked) for place in places.values())
    return Body(marks, height + (UNDER + VERB + 6 if under else 0))


def _as_column(box: MapBox, row: int) -> MapBox:
    return MapBox(
        id=box.id, label=box.label, column=1, row=row + 1, detail=box.detail, link=box.link, goes_to=box.goes_to,
        context=box.context,
    )  # fmt: skip


def _gaps(boxes: Sequence[MapBox], found: Sequence[MapArrow]) -> Mapping[int, float]:
    """The room right of each column: as much as the longest verb between neighbours there."""
    at = {box.id: box for box in boxes}
    gaps: dict[int, float] = {}
    for arrow in found:
        start, end = at[arrow.origin], at[arrow.target]
        if start.row == end.row and abs(start.column - end.column) == 1:
            column = min(start.column, end.column)
            longest = max(lettering.width(said, VERB) for said in verb_lines(arrow.verb))
            gaps[column] = max(gaps.get(column, 0.0), longest + 26)
    return gaps


def _placed(
    boxes: Sequence[MapBox], left: float, width: float, gaps: Mapping[int, float], linked: bool
) -> tuple[dict[str, Place], float]:
    columns, rows = max(box.column for box in boxes), max(box.row for box in boxes)
    room = [max(gaps.get(n, 0.0), 44.0) for n in range(1, columns)]
    wide = (width - sum(room)) / columns
    heights = dict.fromkeys(range(1, rows + 1), 0.0)
    for box in boxes:
        heights[box.row] = max(heights[box.row], _box_height(box, wide, linked))
    tops, y = {}, 2.0
    for row in range(1, rows + 1):
        tops[row] = y
        y += heights[row] + GAP if heights[row] else 0.0
    lefts = [left + 1.5 + n * wide + sum(room[:n]) for n in range(columns)]
    places = {
        box.id: Place(box, box.column, box.row, lefts[box.column - 1], tops[box.row], wide - 3, heights[box.row])
        for box in boxes
    }
    return places, y - GAP + 2


def _label_lines(box: MapBox, wide: float) -> tuple[str, ...]:
    return lettering.balanced(box.label.text, SIZE * lettering.BOLD, wide - 2 * SIDE)


def _detail_lines(box: MapBox, wide: float) -> tuple[str, ...]:
    return lettering.balanced(box.detail.text, SMALL, wide - 2 * SIDE) if box.detail else ()


def _goes_to_lines(box: MapBox, wide: float) -> tuple[str, ...]:
    return lettering.balanced(f"{box.goes_to} ›", SMALL, wide - 2 * SIDE) if box.goes_to else ()


def _box_height(box: MapBox, wide: float, linked: bool) -> float:
    text_height = len(_label_lines(box, wide)) * SIZE + len(_detail_lines(box, wide)) * SMALL
    if linked:
        text_height += len(_goes_to_lines(box, wide)) * SMALL
    return text_height * LEADING + 2 * INSET


def _box(place: Place, linked: bool) -> str:
    box = place.box
    label, detail = _label_lines(box, place.w), _detail_lines(box, place.w)
    goes_to = _goes_to_lines(box, place.w) if linked else ()
    text_height = (len(label) * SIZE + (len(detail) + len(goes_to)) * SMALL) * LEADING
    x, _ = place.middle
    y = place.y + (place.h - text_height) / 2
    marks = (
        f'<rect class="box" x="{figure(place.x)}" y="{figure(place.y)}" width="{figure(place.w)}" '
        f'height="{figure(place.h)}" rx="6"/>'
    )
    marks += lines(label, x, y + SIZE, SIZE, "mid strong", LEADING, box.label.language)
    y += len(label) * SIZE * LEADING
    if box.detail:
        marks += lines(detail, x, y + SMALL, SMALL, "mid", LEADING, box.detail.language)
        y += len(detail) * SMALL * LEADING
    marks += lines(goes_to, x, y + SMALL, SMALL, "mid sec", LEADING)
    names = " ".join(name for name, on in (("live", bool(box.link)), ("context", box.context)) if on)
    if linked and box.link:
        marks = f'<a href="{escaped(box.link)}">{marks}</a>'
    return f'<g class="{names}">{marks}</g>' if names else f"<g>{marks}</g>"
