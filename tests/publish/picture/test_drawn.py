"""In a real browser, with a real font: no two texts meet and none is cut off."""

import shutil
from dataclasses import replace
from itertools import combinations

import pytest

from saklig.publish.outline.model import Words
from saklig.publish.picture import definitions, inline, page_style, svg

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)

TEXTS = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  if (svg.getBoundingClientRect().width <= 1) return [];
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => !text.getAttribute('transform')).map(text => {
    const box = text.getBoundingClientRect();
    return {said: text.textContent, box: [box.left, box.top, box.right, box.bottom],
            frame: [frame.left, frame.top, frame.right, frame.bottom],
            size: parseFloat(getComputedStyle(text).fontSize)};
  });
})"""


@pytest.fixture(scope="module")
def page():
    if not CHROMIUM:
        pytest.skip("no Chromium was found: pictures are not looked at in a browser")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": 1000, "height": 1200})
        browser.close()


def check(found):
    assert found
    for text in found:
        left, top, right, bottom = text["box"]
        frame = text["frame"]
        assert left >= frame[0] - 1, text
        assert right <= frame[2] + 1, text
        assert top >= frame[1] - 2, text
        assert bottom <= frame[3] + 2, text
    for one, other in combinations(found, 2):
        a, b = one["box"], other["box"]
        across = min(a[2], b[2]) - max(a[0], b[0])
        down = min(a[3], b[3]) - max(a[1], b[1])
        # A line's box is higher than its letters: two lines below each other share a little of it.
        assert across <= 1 or down <= 0.45 * min(one["size"], other["size"]), (one["said"], other["said"])


def test_no_two_texts_of_a_file_meet(page, picture):
    page.set_content(f"<body style='margin:0'>{svg(picture)}</body>")
    check(page.evaluate(TEXTS))


@pytest.mark.parametrize("kind", ["bars", "stacks", "ranking", "histogram", "lines"])
def test_long_labels_make_room_for_themselves(page, request, kind):
    picture = request.getfixturevalue(kind)
    name = {"histogram": "bins", "lines": "lines"}.get(kind, "rows")
    long = Words(
        "Kommunens samlade förmåga att möta framtida behov i samverkan med andra kommuner och regioner i landet"
    )
    rows = tuple(replace(row, label=long) for row in getattr(picture, name))
    page.set_content(f"<body style='margin:0'>{svg(replace(picture, **{name: rows}))}</body>")
    check(page.evaluate(TEXTS))


@pytest.mark.parametrize("width", [1000, 320])
@pytest.mark.parametrize("kind", ["histogram", "lines", "society", "municipality"])
def test_no_two_texts_of_a_picture_in_a_page_meet(page, request, kind, width):
    picture = request.getfixturevalue(kind)
    page.set_viewport_size({"width": width, "height": 1200})
    style = f"<style>{page_style()}body{{margin:16px}}</style>"
    page.set_content(f"<!doctype html>{style}{definitions()}{inline(picture)}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = page.evaluate(TEXTS)
    check(found)
    drawn = page.evaluate(
        "() => { const svg = [...document.querySelectorAll('svg.wide, svg.narrow')]"
        ".find(svg => svg.getBoundingClientRect().width > 1);"
        "return svg.getBoundingClientRect().width / svg.viewBox.baseVal.width }"
    )
    assert drawn * 12.5 >= 10.5, "the smallest letters are too small to read"


def test_the_source_of_a_file_is_not_cut_off_where_the_reader_s_font_is_wide(page, picture):
    """It is what a picture carries when it leaves the page. The file's first fonts are not there for it to be drawn."""
    source = (
        "Källa: Kommunen, digitaliseringen och samhället · Exempelinstitutet på uppdrag av Exempelbolaget · "
        "Kommunchefer i Sveriges 290 kommuner · 81 svar, 1–24 september 2023 · webbenkät med påminnelser per telefon · "
        "kommun.2023@9a63de6a07ea5ceb/q4_1"
    )
    told = replace(picture, frame=replace(picture.frame, source=source))
    wide = svg(told).replace('"Source Sans 3","Segoe UI","Helvetica Neue",Arial', 'Verdana,"DejaVu Sans"')
    page.set_content(f"<body style='margin:0'>{wide}</body>")
    check(page.evaluate(TEXTS))
