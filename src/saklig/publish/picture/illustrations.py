"""Perspectives: boxes on their author's grid, arrows with verbs; on a narrow page one column, in the author's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from saklig.publish.outline.model import Illustration, MapArrow, MapBox, Words
from saklig.publish.picture import lettering
from saklig.publish.picture.markup import Body, escaped, figure, lines, text

SIZE, SMALL, VERB = 16.0, 14.0, 14.5
LEADING = 1.25
INSET = 14.0
GAP = 62.0
"""Between two rows of boxes."""
LANE = 26.0
"""Between two arrows that go round the outside."""
PAIR = 16.0
"""Half the distance between two arrows that answer each other."""
NARROW = 480.0

TIP = (
    '<marker id="{}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="6.5" markerHeight="6.5" '
    'orient="auto-start-reverse"><path class="tip" d="M0 .8 9.5 5 0 9.2z"/></marker>'
)


@dataclass(frozen=True, slots=True)
class Place:
    """A box as it is drawn."""

    box: MapBox
    column: int
    row: int
    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2


def body(picture: Illustration, width: float, tip: str = "tip", linked: bool = False) -> Body:
    """`tip`: the id of the arrowhead. `linked`: boxes lead to their pages."""
    narrow = width < NARROW
    boxes = [_as_column(box, n) for n, box in enumerate(picture.boxes)] if narrow else list(picture.boxes)
    lanes = _lanes(boxes, picture.arrows)
    side = len(lanes) * LANE + (_side_verbs(lanes) if lanes else 0)
    places, height = _placed(boxes, width - side, _gaps(boxes, picture.arrows), linked)
    marks = "".join(_arrow(arrow, places, picture.arrows, lanes, width - side, tip) for arrow in picture.arrows)
    return Body(marks + "".join(_box(place, linked) for place in places.values()), height)


def _as_column(box: MapBox, row: int) -> MapBox:
    return MapBox(
        id=box.id, label=box.label, column=1, row=row + 1, detail=box.detail, link=box.link, goes_to=box.goes_to,
        context=box.context,
    )  # fmt: skip


def _gaps(boxes: Sequence[MapBox], arrows: Sequence[MapArrow]) -> Mapping[int, float]:
    """The room right of each column: as much as the longest verb between neighbours there."""
    at = {box.id: box for box in boxes}
    gaps: dict[int, float] = {}
    for arrow in arrows:
        start, end = at[arrow.origin], at[arrow.target]
        if start.row == end.row and abs(start.column - end.column) == 1:
            column = min(start.column, end.column)
            longest = max(lettering.width(said, VERB) for said in _verb_lines(arrow.verb))
            gaps[column] = max(gaps.get(column, 0.0), longest + 26)
    return gaps


def _verb_lines(verb: Words) -> tuple[str, ...]:
    return lettering.wrapped(verb.text, VERB, 110)


def _placed(
    boxes: Sequence[MapBox], width: float, gaps: Mapping[int, float], linked: bool
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
    lefts = [1.0 + n * wide + sum(room[:n]) for n in range(columns)]
    places = {
        box.id: Place(box, box.column, box.row, lefts[box.column - 1], tops[box.row], wide - 2, heights[box.row])
        for box in boxes
    }
    return places, y - GAP + 2


def _label_lines(box: MapBox, wide: float) -> tuple[str, ...]:
    return lettering.wrapped(box.label.text, SIZE * lettering.BOLD, wide - 2 * INSET)


def _detail_lines(box: MapBox, wide: float) -> tuple[str, ...]:
    return lettering.wrapped(box.detail.text, SMALL, wide - 2 * INSET) if box.detail else ()


def _goes_to_lines(box: MapBox, wide: float) -> tuple[str, ...]:
    return lettering.wrapped(f"{box.goes_to} ›", SMALL, wide - 2 * INSET) if box.goes_to else ()


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


# How an arrow goes ---------------------------------------------------------------------------------------------------


def _straight(start: MapBox, end: MapBox, boxes: Sequence[MapBox]) -> bool:
    """Whether the two stand in one row or column with nothing between them."""
    if start.row == end.row:
        low, high = sorted((start.column, end.column))
        return not any(box.row == start.row and low < box.column < high for box in boxes)
    if start.column == end.column:
        low, high = sorted((start.row, end.row))
        return not any(box.column == start.column and low < box.row < high for box in boxes)
    return False


def _corner(start: MapBox, end: MapBox, boxes: Sequence[MapBox]) -> str:
    """Which way round a corner is free: across first, down first, or neither."""
    taken = {(box.column, box.row) for box in boxes}

    def free(column: int, row: int) -> bool:
        low, high = sorted((start.column, end.column))
        above, under = sorted((start.row, end.row))
        on_row = any((n, row) in taken for n in range(low, high + 1) if (n, row) not in _cells(start, end))
        on_column = any((column, n) in taken for n in range(above, under + 1) if (column, n) not in _cells(start, end))
        return (column, row) not in taken and not on_row and not on_column

    if free(end.column, start.row):
        return "across"
    return "down" if free(start.column, end.row) else ""


def _cells(*boxes: MapBox) -> set[tuple[int, int]]:
    return {(box.column, box.row) for box in boxes}


def _lanes(boxes: Sequence[MapBox], arrows: Sequence[MapArrow]) -> list[MapArrow]:
    """The arrows for which there is no way between the boxes: they go round the right side, a lane each."""
    at = {box.id: box for box in boxes}
    found = [
        arrow
        for arrow in arrows
        if arrow.origin != arrow.target
        and not _straight(at[arrow.origin], at[arrow.target], boxes)
        and (
            at[arrow.origin].row == at[arrow.target].row
            or at[arrow.origin].column == at[arrow.target].column
            or not _corner(at[arrow.origin], at[arrow.target], boxes)
        )
    ]
    return sorted(found, key=lambda arrow: abs(at[arrow.origin].row - at[arrow.target].row))


def _side_verbs(lanes: Sequence[MapArrow]) -> float:
    return max(lettering.width(said, VERB) for arrow in lanes for said in _lane_lines(arrow.verb)) + 6


def _lane_lines(verb: Words) -> tuple[str, ...]:
    return lettering.wrapped(verb.text, VERB, 76)


def _arrow(
    arrow: MapArrow,
    places: Mapping[str, Place],
    arrows: Sequence[MapArrow],
    lanes: Sequence[MapArrow],
    right: float,
    tip: str,
) -> str:
    start, end = places[arrow.origin], places[arrow.target]
    boxes = [place.box for place in places.values()]
    answered = any(other.origin == arrow.target and other.target == arrow.origin for other in arrows)
    if arrow in lanes:
        return _round(arrow, start, end, right, lanes.index(arrow), tip)
    if start.row == end.row:
        return _across(arrow, start, end, answered, tip)
    if start.column == end.column:
        return _down(arrow, start, end, answered, tip)
    return _bent(arrow, start, end, _corner(start.box, end.box, boxes), tip)


def _path(d: str, tip: str) -> str:
    return f'<path class="arrow" d="{d}" marker-end="url(#{tip})"/>'


def _across(arrow: MapArrow, start: Place, end: Place, answered: bool, tip: str) -> str:
    rightward = end.x > start.x
    y = start.middle[1] + (0 if not answered else -PAIR if rightward else PAIR)
    x1, x2 = (start.x + start.w, end.x) if rightward else (start.x, end.x + end.w)
    found = _verb_lines(arrow.verb)
    above = not answered or rightward
    first = y - 8 - (len(found) - 1) * VERB * 1.2 if above else y + VERB + 5
    marks = _path(f"M{figure(x1)} {figure(y)}H{figure(x2)}", tip)
    return marks + lines(found, (x1 + x2) / 2, first, VERB, "verb mid", 1.2, arrow.verb.language)


def _down(arrow: MapArrow, start: Place, end: Place, answered: bool, tip: str) -> str:
    downward = end.y > start.y
    x = start.middle[0] + (0 if not answered else -PAIR if downward else PAIR)
    y1, y2 = (start.y + start.h, end.y) if downward else (start.y, end.y + end.h)
    leftward = answered and downward
    marks = _path(f"M{figure(x)} {figure(y1)}V{figure(y2)}", tip)
    at = (y1 + y2) / 2 + VERB * 0.32
    return marks + text(arrow.verb, x + (-9 if leftward else 9), at, VERB, "verb end" if leftward else "verb")


def _bent(arrow: MapArrow, start: Place, end: Place, way: str, tip: str) -> str:
    (sx, sy), (ex, ey) = start.middle, end.middle
    bend = 10.0
    if way == "across":  # leaves sideways, arrives from above or below
        rightward, downward = ex > sx, ey > sy
        x1, y2 = (start.x + start.w if rightward else start.x), (end.y if downward else end.y + end.h)
        turn, fall = (bend if rightward else -bend), (bend if downward else -bend)
        d = (
            f"M{figure(x1)} {figure(sy)}H{figure(ex - turn)}Q{figure(ex)} {figure(sy)} {figure(ex)} "
            f"{figure(sy + fall)}V{figure(y2)}"
        )
        return _path(d, tip) + text(arrow.verb, (x1 + ex) / 2, sy - 8, VERB, "verb mid")
    rightward, downward = ex > sx, ey > sy
    y1, x2 = (start.y + start.h if downward else start.y), (end.x if rightward else end.x + end.w)
    turn, fall = (bend if rightward else -bend), (bend if downward else -bend)
    d = (
        f"M{figure(sx)} {figure(y1)}V{figure(ey - fall)}Q{figure(sx)} {figure(ey)} {figure(sx + turn)} "
        f"{figure(ey)}H{figure(x2)}"
    )
    return _path(d, tip) + text(arrow.verb, (sx + x2) / 2, ey - 8, VERB, "verb mid")


def _round(arrow: MapArrow, start: Place, end: Place, right: float, lane: int, tip: str) -> str:
    """Out to the right, along the side in its own lane, and in again."""
    x = right + (lane + 1) * LANE - 6
    y1, y2 = start.middle[1], end.middle[1]
    up = -10.0 if y2 < y1 else 10.0
    d = (
        f"M{figure(start.x + start.w)} {figure(y1)}H{figure(x - 10)}Q{figure(x)} {figure(y1)} {figure(x)} "
        f"{figure(y1 + up)}V{figure(y2 - up)}Q{figure(x)} {figure(y2)} {figure(x - 10)} {figure(y2)}"
        f"H{figure(end.x + end.w)}"
    )
    found = _lane_lines(arrow.verb)
    middle = (y1 + y2) / 2 - (len(found) - 1) * VERB * 0.6 + VERB * 0.3
    return _path(d, tip) + lines(found, x + 8, middle, VERB, "verb", 1.2, arrow.verb.language)
