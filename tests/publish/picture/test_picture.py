"""Every picture is a file that stands by itself: well-formed, described, escaped."""

from dataclasses import replace

import pytest
from lxml import etree

from saklig.publish.outline.model import Illustration, Words
from saklig.publish.picture import inline, strips, svg
from saklig.publish.picture.sheet import numbers_of

SVG = "{http://www.w3.org/2000/svg}"
PARSER = etree.XMLParser(resolve_entities=False)


def parsed(text):
    return etree.fromstring(text.encode(), PARSER)


def said(root):
    return " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))


def test_a_file_is_an_image_with_a_title_and_a_description(picture):
    root = parsed(svg(picture))
    assert root.get("role") == "img"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "sv"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == description.get("id")
    assert title.text == picture.frame.title.text
    said = [number.text for number in numbers_of(picture)] or [picture.frame.alternative.rstrip(".")]
    assert all(text in description.text for text in said), "every number of it, since the table stays on the page"
    assert picture.frame.marks[0] in description.text


def test_a_file_carries_its_mark_its_base_and_its_source(picture):
    words = said(parsed(svg(picture)))
    assert "Simulerade svar, inga fakta" in words
    assert "Bas: de 75 som svarade" in words
    for part in ("Exempelinstitutet", "Exempelbolaget", "290 kommuner", "7f3ac21e00d1b2c3"):
        assert part in words


def test_ids_are_used_once_in_a_file(picture):
    ids = [node.get("id") for node in parsed(svg(picture)).iter() if node.get("id")]
    assert len(ids) == len(set(ids))


def test_nothing_is_fetched_and_nothing_runs(picture):
    text = svg(picture)
    assert "<script" not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


HOSTILE = "<script>alert(1)</script>\" onload='x' & ]]> \x00\x0b\ud800 ”"


def test_text_is_escaped_and_what_xml_forbids_is_replaced(picture):
    hostile = replace(
        picture,
        frame=replace(
            picture.frame, title=Words(HOSTILE), base=HOSTILE, alternative=HOSTILE, source=HOSTILE, marks=(HOSTILE,)
        ),
    )
    root = parsed(svg(hostile))
    assert not list(root.iter(f"{SVG}script"))
    assert not [name for node in root.iter() for name in node.attrib if name.startswith("on")]
    assert root.find(f"{SVG}title").text.startswith("<script>")


def test_labels_of_rows_are_escaped(bars, stacks, ranking, lines, society):
    marked = [
        replace(bars, rows=(replace(bars.rows[0], label=Words(HOSTILE), note=HOSTILE, group=Words(HOSTILE)),)),
        replace(stacks, rows=(replace(stacks.rows[0], label=Words(HOSTILE), note=HOSTILE),)),
        replace(ranking, rows=(replace(ranking.rows[0], label=Words(HOSTILE)),), first_label=HOSTILE),
        replace(lines, lines=(replace(lines.lines[0], label=Words(HOSTILE)),), waves=(HOSTILE, "2")),
        replace(
            society, boxes=tuple(replace(box, label=Words(HOSTILE), link='x" onclick="y') for box in society.boxes)
        ),
    ]
    for picture in marked:
        root = parsed(svg(picture))
        assert not list(root.iter(f"{SVG}script"))
    for text in (*strips(marked[0]), *strips(marked[1]), *strips(marked[2]), inline(marked[3]), inline(marked[4])):
        assert "<script" not in text
        root = etree.fromstring(f"<p>{text}</p>".encode(), PARSER)
        assert not [name for node in root.iter() for name in node.attrib if name.startswith("on")]


def test_a_label_in_another_language_is_marked_with_it(bars):
    row = replace(bars.rows[0], label=Words("Not at all", "en"))
    labels = [node for node in parsed(svg(replace(bars, rows=(row,)))).iter(f"{SVG}text") if node.text == "Not at all"]
    assert [node.get("{http://www.w3.org/XML/1998/namespace}lang") for node in labels] == ["en"]


def test_a_question_is_quoted_and_a_perspective_is_not(bars, society):
    assert "”Hur digitaliserad är din kommun i dag?”" in svg(bars)
    assert "”" not in said(parsed(svg(society)))


def test_notes_explain_the_marks_that_are_drawn(bars, grouped, stacks, histogram, society):
    assert "samma tal står efter andelen" in said(parsed(svg(bars)))
    assert "konfidensintervallet (95 procent)." in said(parsed(svg(histogram)))
    assert "konfidensintervallet" in said(parsed(svg(bars)))
    assert "redovisas inte" in said(parsed(svg(bars)))
    assert "osäker" in said(parsed(svg(grouped)))
    assert "konfidensintervallet" not in said(parsed(svg(stacks)))
    assert "konfidensintervallet" not in said(parsed(svg(society)))


def test_a_picture_within_a_page_has_a_text_alternative(histogram, lines):
    for picture in (histogram, lines):
        root = etree.fromstring(f"<p>{inline(picture)}</p>".encode(), PARSER)
        assert [child.get("role") for child in root] == ["img", "img"]
        assert {child.get("aria-label") for child in root} == {picture.frame.alternative}
        assert [child.get("class") for child in root] == ["pic wide", "pic narrow"]


def test_strips_are_hidden_from_assistive_technology_since_their_table_speaks(bars, stacks, ranking):
    for picture in (bars, stacks, ranking):
        found = strips(picture)
        assert len(found) == len(picture.rows)
        assert all('aria-hidden="true"' in strip and 'focusable="false"' in strip for strip in found)


def test_what_is_drawn_as_one_has_no_strips(society):
    with pytest.raises(TypeError, match="Illustration"):
        strips(society)


def test_boxes_of_an_illustration_lead_to_their_sections_in_a_page_and_not_in_a_file(society):
    assert isinstance(society, Illustration)
    root = etree.fromstring(f"<p>{inline(society)}</p>".encode(), PARSER)
    for form in root:
        assert [link.get("href") for link in form.iter("a")] == [box.link for box in society.boxes if box.link]
        assert form.get("role") == "group"
    assert "<a " not in svg(society)


def test_a_draft_is_marked_as_one_across_its_picture(picture):
    marks = ("Simulerade svar, inga fakta", "Utkast, inte publicerat")
    draft = replace(picture, frame=replace(picture.frame, marks=marks, draft=True))
    across = [node for node in parsed(svg(draft)).iter(f"{SVG}text") if "rotate" in (node.get("transform") or "")]
    assert ["".join(node.itertext()) for node in across] == ["Utkast, inte publicerat"]
