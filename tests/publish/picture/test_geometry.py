"""What is drawn is as long as the numbers say, on one scale from zero."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import etree

from saklig.edition.facts import Status
from saklig.publish.outline.model import Axis, Number, RowKind, Words
from saklig.publish.picture import inline, lettering, strips, svg
from saklig.publish.picture.markup import Scale, figure
from saklig.publish.picture.palette import step
from saklig.publish.picture.waves import runs

SVG = "{http://www.w3.org/2000/svg}"
BARS = {"b", "bm", "few"}


def strip(picture, place):
    return etree.fromstring(strips(picture)[place])


def per_cent(node, name):
    text = node.get(name)
    assert text.endswith("%")
    return float(text[:-1])


def has(node, name):
    return name in (node.get("class") or "").split()


def test_a_strips_bar_and_whisker_are_its_number_and_interval(bars):
    for place, row in enumerate(bars.rows):
        drawn = strip(bars, place)
        found = [node for node in drawn.iter("rect") if has(node, "b") or has(node, "bm") or has(node, "few")]
        if row.kind is RowKind.STATISTIC or row.number.value is None:
            assert not found
            continue
        (bar,) = found
        assert per_cent(bar, "x") == 0
        assert per_cent(bar, "width") == row.number.value
        whisker = [node for node in drawn.iter("line") if has(node, "w")]
        if row.number.lower is None:
            assert not whisker
            continue
        assert per_cent(whisker[0], "x1") == row.number.lower
        assert per_cent(whisker[0], "x2") == row.number.upper
        assert [per_cent(cap, "x1") for cap in whisker[1:]] == [row.number.lower, row.number.upper]


def test_a_files_bars_are_in_proportion_and_start_at_zero(bars, grouped):
    for picture in (bars, grouped):
        root = etree.fromstring(svg(picture).encode())
        zero = next(float(node.get("x1")) for node in root.iter(f"{SVG}line") if has(node, "z"))
        drawn = [node for node in root.iter(f"{SVG}rect") if has(node, "b") or has(node, "bm") or has(node, "few")]
        rows = [row for row in picture.rows if row.number.value is not None and row.kind is not RowKind.STATISTIC]
        assert len(drawn) == len(rows)
        longest = max(rows, key=lambda row: row.number.value)
        unit = max(float(node.get("width")) for node in drawn) / longest.number.value
        for node, row in zip(drawn, rows, strict=True):
            assert float(node.get("x")) == pytest.approx(zero, abs=0.01)
            assert float(node.get("width")) == pytest.approx(unit * row.number.value, abs=0.02)


def test_a_files_whiskers_end_at_the_bounds(bars):
    root = etree.fromstring(svg(bars).encode())
    zero = next(float(node.get("x1")) for node in root.iter(f"{SVG}line") if has(node, "z"))
    bar = next(node for node in root.iter(f"{SVG}rect") if has(node, "b"))
    unit = float(bar.get("width")) / bars.rows[0].number.value
    whisker = next(node for node in root.iter(f"{SVG}line") if has(node, "w") and node.get("y1") == node.get("y2"))
    assert float(whisker.get("x1")) == pytest.approx(zero + 3 * unit, abs=0.02)
    assert float(whisker.get("x2")) == pytest.approx(zero + 14 * unit, abs=0.02)


def test_a_balance_goes_both_ways_from_zero(bars):
    axis = Axis(lower=-100, upper=100, ticks=((0.0, "0"),), label="")
    for value, start, width in ((30, 50, 15), (-30, 35, 15)):
        number = replace(bars.rows[0].number, value=float(value), lower=None, upper=None)
        picture = replace(bars, axis=axis, rows=(replace(bars.rows[0], number=number),))
        (bar,) = (node for node in strip(picture, 0).iter("rect") if has(node, "b"))
        assert (per_cent(bar, "x"), per_cent(bar, "width")) == (start, width)


def test_a_withheld_row_shows_its_sign_and_no_mark(bars):
    withheld = [place for place, row in enumerate(bars.rows) if row.number.status is Status.WITHHELD]
    (place,) = withheld
    assert not list(strip(bars, place).iter("rect"))
    texts = [node.text for node in etree.fromstring(svg(bars).encode()).iter(f"{SVG}text")]
    assert texts.count("..") == 1


def test_a_number_on_few_answers_is_an_open_dashed_bar(bars):
    few = [place for place, row in enumerate(bars.rows) if row.number.few]
    for place in few:
        assert any(has(node, "few") for node in strip(bars, place).iter("rect"))
    assert ".few{stroke-width:1.6;stroke-dasharray" in svg(bars)


def segments(picture, place):
    return [node for node in strip(picture, place).iter("rect") if has(node, "seg")]


def test_a_stacks_parts_follow_each_other_in_proportion_and_fill_the_row(stacks):
    for place, row in enumerate(stacks.rows):
        found = segments(stacks, place)
        values = [part.value for part in row.parts if part.value]
        assert len(found) == len(values)
        at = 0.0
        for node, value in zip(found, values, strict=True):
            assert per_cent(node, "x") == pytest.approx(at, abs=0.02)
            assert per_cent(node, "width") == pytest.approx(100 * value / sum(values), abs=0.01)
            at += per_cent(node, "width")
        assert not values or at == pytest.approx(100, abs=0.05)


def test_printed_parts_that_add_up_to_101_still_fill_the_row(stacks):
    parts = tuple(replace(stacks.rows[0].parts[0], value=float(value), short=str(value)) for value in (34, 34, 33))
    picture = replace(stacks, rows=(replace(stacks.rows[0], parts=parts),), levels=stacks.levels[:3])
    assert sum(per_cent(node, "width") for node in segments(picture, 0)) == pytest.approx(100, abs=0.03)


def test_one_part_of_a_hundred_is_the_whole_row_and_none_is_empty(stacks):
    (whole,) = segments(stacks, 3)
    assert (per_cent(whole, "x"), per_cent(whole, "width")) == (0, 100)
    assert segments(stacks, 4) == []
    assert "redovisas inte" in svg(stacks)


def test_tiny_parts_have_their_numbers_below_and_apart(stacks):
    root = etree.fromstring(svg(stacks).encode())
    small = [node for node in root.iter(f"{SVG}text") if node.get("font-size") == "11.5"]
    by_row = {}
    for node in small:
        by_row.setdefault(node.get("y"), []).append(float(node.get("x")))
    assert sorted(map(len, by_row.values())) == [1, 1, 2]
    for places in by_row.values():
        assert all(right - left >= 9 for left, right in pairwise(places))


def test_every_number_of_a_stack_is_written_in_the_file(stacks):
    texts = [node.text for node in etree.fromstring(svg(stacks).encode()).iter(f"{SVG}text")]
    for row in stacks.rows:
        for part in row.parts:
            assert not part.value or part.short in texts


def test_lightness_follows_the_order_shown():
    assert [step(shade) for shade in (0, 0.25, 0.5, 0.75, 1)] == ["k0", "k3", "k6", "k9", "k12"]
    assert len({step(n / 10) for n in range(11)}) == 11
    assert step(None) == "dk"


def test_a_ranking_has_the_two_shares_as_bars_from_zero(ranking):
    for place, row in enumerate(ranking.rows):
        found = list(strip(ranking, place).iter("rect"))
        numbers = [number for number in (row.among, row.first) if number]
        assert [per_cent(node, "width") for node in found] == [number.value for number in numbers]
        assert {per_cent(node, "x") for node in found} == {0}


def test_columns_stand_at_their_classes_and_are_as_high_as_their_shares(histogram):
    root = etree.fromstring(svg(histogram).encode())
    columns = [node for node in root.iter(f"{SVG}rect") if has(node, "b")]
    heights = [float(node.get("height")) for node in columns]
    values = [part.number.value for part in histogram.bins]
    assert heights == pytest.approx([heights[1] / values[1] * value for value in values], abs=0.02)
    middles = [float(node.get("x")) + float(node.get("width")) / 2 for node in columns]
    assert middles == sorted(middles)
    median = next(node for node in root.iter(f"{SVG}rect") if has(node, "tip"))
    low, high = columns[1], columns[2]
    assert float(low.get("x")) < float(median.get("x")) < float(high.get("x"))  # 37, in 21–40


def test_open_classes_do_not_stand_on_the_axis_of_numbers(histogram):
    bins = (replace(histogram.bins[0], lower=None), *histogram.bins[1:])
    root = etree.fromstring(svg(replace(histogram, bins=bins)).encode())
    widths = {node.get("width") for node in root.iter(f"{SVG}rect") if has(node, "b")}
    assert len(widths) == 1


def test_a_line_is_broken_where_the_wording_changed_and_where_a_number_is_missing(lines):
    joined = [[[n for n, _ in run] for run in runs(series)] for series in lines.lines]
    assert joined == [[[0], [1]], [[0], [1]], [[0]], [[0, 1]]]
    root = etree.fromstring(svg(lines).encode())
    assert len([node for node in root.iter(f"{SVG}polyline") if has(node, "trace")]) == 1
    assert "2023 lades exempel till i frågan." in "".join(root.itertext())


def test_points_stand_at_their_time(lines):
    picture = replace(
        lines, waves=("2010", "2020", "2022"), times=(2010.0, 2020.0, 2022.0),
        lines=(replace(lines.lines[0], points=(lines.lines[0].points[0],) * 3, breaks=()),),
    )  # fmt: skip
    root = etree.fromstring(svg(picture).encode())
    xs = [float(node.get("cx")) for node in root.iter(f"{SVG}circle")]
    assert (xs[1] - xs[0]) / (xs[2] - xs[0]) == pytest.approx(10 / 12, abs=0.001)


def boxes(root):
    return [
        tuple(float(node.get(name)) for name in ("x", "y", "width", "height"))
        for node in root.iter(f"{SVG}rect")
        if has(node, "box")
    ]


def test_boxes_do_not_overlap_and_keep_their_authors_order(society, municipality):
    for picture in (society, municipality):
        found = boxes(etree.fromstring(svg(picture).encode()))
        assert len(found) == len(picture.boxes)
        for (x1, y1, w1, h1), first in zip(found, picture.boxes, strict=True):
            for (x2, y2, w2, h2), second in zip(found, picture.boxes, strict=True):
                if first is second:
                    continue
                assert x1 + w1 <= x2 or x2 + w2 <= x1 or y1 + h1 <= y2 or y2 + h2 <= y1
                assert (x1 < x2) == (first.column < second.column)
                assert (y1 < y2) == (first.row < second.row)


@pytest.mark.parametrize("verb", ["ger", "makes possible", "ställer krav på", "samverkar med och påverkas av"])
def test_words_of_an_illustration_stay_within_it_and_clear_of_the_lanes(society, municipality, verb):
    for picture in (society, municipality):
        said = replace(picture, arrows=tuple(replace(arrow, verb=Words(verb)) for arrow in picture.arrows))
        root = etree.fromstring(f"<p>{inline(said)}</p>".encode())
        for form in root:
            wide = float(form.get("viewBox").split()[2])
            lane = max(float(x) for path in form.iter("path") for x in re.findall(r"[HM]([0-9.]+)", path.get("d")))
            for node in form.iter("text"):
                x, length = float(node.get("x")), lettering.width(node.text, float(node.get("font-size")))
                left = x - length if has(node, "end") else x - length / 2 if has(node, "mid") else x
                assert left >= 0
                assert left + length <= wide
                assert not left < lane < left + length or form.get("class") == "pic wide"


def test_two_arrows_that_answer_each_other_go_beside_each_other(municipality):
    root = etree.fromstring(f"<p>{inline(municipality)}</p>".encode())
    for form in root:
        first, second = [path.get("d") for path in form.iter("path") if has(path, "arrow")][:2]
        starts = [tuple(map(float, re.findall(r"[0-9.]+", d)[:2])) for d in (first, second)]
        apart = [abs(a - b) for a, b in zip(*starts, strict=True)]
        assert min(apart) >= 20


def test_every_arrow_is_drawn_with_its_verb(society, municipality):
    for picture in (society, municipality):
        root = etree.fromstring(svg(picture).encode())
        assert len([node for node in root.iter(f"{SVG}path") if has(node, "arrow")]) == len(picture.arrows)
        texts = {node.text for node in root.iter(f"{SVG}text")}
        assert {arrow.verb.text for arrow in picture.arrows} <= texts


def test_nothing_is_drawn_outside_the_file(picture):
    root = etree.fromstring(svg(picture).encode())
    wide, high = (float(root.get(name)) for name in ("width", "height"))
    for node in root.iter(f"{SVG}rect"):
        if node.getparent().tag != f"{SVG}pattern":
            assert float(node.get("x", 0)) + float(node.get("width")) <= wide + 0.01
            assert float(node.get("height")) <= high + 0.01
    assert all(float(node.get("y", 0)) <= high for node in root.iter(f"{SVG}text"))


def test_very_long_words_and_many_rows_stay_within_the_file(bars):
    word = "Kommunaldigitaliseringskapacitetsutvecklingsmöjlighetsbedömning" * 2
    long = replace(bars, rows=tuple(replace(row, label=Words(word)) for row in bars.rows * 4))
    root = etree.fromstring(svg(long).encode())
    zero = next(float(node.get("x1")) for node in root.iter(f"{SVG}line") if has(node, "z"))
    assert zero < 0.45 * float(root.get("width"))


def test_a_range_of_numbers_is_parted_after_its_dash_and_a_number_never() -> None:
    assert lettering.wrapped("81–100", 12, lettering.width("81–10", 12)) == ("81–", "100")
    assert lettering.wrapped("1000000", 12, lettering.width("1000", 12)) == ("1000000",)
    assert lettering.wrapped("i/o/städer", 12, lettering.width("städer", 12)) == ("i/o/", "städer")
    assert lettering.wrapped("städer/tätorter", 12, lettering.width("städer/tät", 12)) == ("städer/", "tätorter")


def test_words_are_carried_over_by_four_letters_or_more() -> None:
    found = lettering.wrapped("verksamhetsfrågorna", 16, lettering.width("verksamhetsfrågor-", 16))
    assert len(found[-1]) >= 4


def test_a_scale_is_linear_and_keeps_to_its_ends():
    scale = Scale(0, 50, 100, 200)
    assert [scale(value) for value in (0, 25, 50, 80, -5)] == [100, 200, 300, 300, 100]


def test_lengths_are_written_shortly():
    assert [figure(value) for value in (12.0, 12.5, 12.346, -0.001)] == ["12", "12.5", "12.35", "0"]


def test_a_picture_without_rows_is_still_a_file(bars, stacks, ranking):
    for picture in (bars, stacks, ranking):
        etree.fromstring(svg(replace(picture, rows=())).encode())


def test_a_number_without_an_answer_says_so(bars):
    number = Number(address="q/1", text="–", short="–", status=Status.NO_ANSWERS)
    picture = replace(bars, rows=(replace(bars.rows[0], number=number),))
    assert ">–</text>" in svg(picture)
