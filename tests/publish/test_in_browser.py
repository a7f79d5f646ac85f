"""The site in headless Chromium: accessible, usable by keyboard, narrow, without scripts, and silent on the network."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from saklig.edition.citing import describe
from saklig.edition.edition import Edition
from saklig.edition.listing import Listing
from saklig.edition.weighting import WeightedGroup, WeightingReport
from saklig.edition.writing import write_listing
from saklig.publish.site.write import write_site
from saklig.study.model import Weighting, WeightingMethod

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
KINDS = (
    "index.html", "wave/2021.html", "section/4.html", "q4_1.html", "q2_3.html", "q4_3.html", "q5_3.html", "q6_1.html",
    "about/method.html", "about/protection.html", "about/facts.html", "about/downloads.html", "about/cite.html",
    "about/verify.html", "about/accessibility.html",
)  # fmt: skip
"""One page of each kind, and a question of each kind."""


@pytest.fixture(scope="module")
def site(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As it is published: beside the pages lies the list of editions."""
    out = tmp_path_factory.mktemp("site")
    write_site(edition, out)
    write_listing(Listing(study=edition.study.id).with_current(edition.id), out)
    return out


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Any, site: Path) -> Iterator[Any]:
    """Opens a page of the site; what it logs is kept in `page.said`, what it asks for outside in `page.asked`."""
    opened = []

    def open_(place: str, **options: Any) -> Any:
        page = browser.new_page(**({"reduced_motion": "reduce"} | options))
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(f"{site.as_uri()}/{place}")
        opened.append(page)
        return page

    yield open_
    for page in opened:
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", KINDS)
def test_axe_finds_nothing(open_page: Any, place: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(place, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert not page.said
    found = axe.run(page).response["violations"]
    assert not [(each["id"], each["nodes"][0]["html"][:200], each["nodes"][0]["failureSummary"]) for each in found]


@pytest.mark.parametrize("place", KINDS)
def test_axe_finds_nothing_on_a_phone(open_page: Any, place: str) -> None:
    """320 pixels: rows become grids there, and what is hidden differs."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(place, viewport={"width": 320, "height": 640}, has_touch=True)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    found = axe.run(page).response["violations"]
    assert not [(each["id"], each["nodes"][0]["html"][:200], each["nodes"][0]["failureSummary"]) for each in found]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_panel(open_page: Any, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page("q4_1.html#q4_1/4-5", color_scheme=scheme, viewport={"width": width, "height": 640})
    page.wait_for_selector("dialog[open]")
    assert not [each["id"] for each in axe.run(page).response["violations"]]


@pytest.mark.parametrize("folder", ["", "en/"])
@pytest.mark.parametrize("stat", ["difference", "mean-difference", "balance-difference", "first-difference"])
def test_a_change_is_cited_with_both_waves(open_page: Any, folder: str, stat: str, edition: Edition) -> None:
    """In the words of the program's own citation."""
    everybody = (
        fact
        for question in edition.study.questions
        for item in (question.items or (None,))
        for fact in edition.facts_of("2021", question.id, item.id if item else "", wave2="2023")
    )
    fact = next(fact for fact in everybody if fact.stat == stat)
    place = edition.address(fact).fragment
    page = open_page(f"{folder}{fact.question}.html#2021..2023/{place}")
    page.wait_for_selector("dialog[open]")
    said = page.inner_text("dialog").replace("\xa0", " ")
    assert f"kommun.2021..2023@{edition.short_id}/{place}" in said
    assert describe(edition.study, fact, "en" if folder else "sv", edition.publication).replace("\xa0", " ") in said
    assert not page.said


@pytest.mark.parametrize("place", KINDS)
def test_nothing_scrolls_sideways_on_the_narrowest_screen(open_page: Any, place: str) -> None:
    """320 pixels are also what 1280 are at 400 per cent zoom."""
    page = open_page(place, viewport={"width": 320, "height": 640})
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    wide = """[...document.querySelectorAll('main *')].filter((each) => each.getBoundingClientRect().right > 320.5
        && !each.closest('.wide, .unseen, svg')).map((each) => each.outerHTML.slice(0, 80))"""
    assert page.evaluate(wide) == []


def test_the_targets_of_weights_are_whole_on_a_phone(edition: Edition, browser: Any, tmp_path: Path) -> None:
    wave, background = edition.study.waves[-1], edition.study.backgrounds[0]
    groups = tuple(
        WeightedGroup(background=background.id, group=group.id, target=38, base=1528, before=20, after=38)
        for group in background.groups
    )
    report = WeightingReport(wave=wave.id, based=False, decimals=0, targets=(), groups=groups, missed=0, spread=None)
    made = replace(wave, weighting=Weighting(method=WeightingMethod.RAKE))
    study = replace(edition.study, waves=(*edition.study.waves[:-1], made))
    publication = replace(edition.publication, weightings=(report,))
    write_site(replace(edition, study=study, publication=publication), tmp_path)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{tmp_path.as_uri()}/about/method.html")
    table = page.locator("section[id^=weighting] .wide").first
    assert table.locator("thead th").count() == 5
    assert table.evaluate("(each) => each.scrollWidth <= each.clientWidth"), "no number is cut"
    page.close()


def test_the_panel_fits_the_narrowest_screen(open_page: Any) -> None:
    page = open_page("q4_1.html#q4_1/4-5", viewport={"width": 320, "height": 640})
    page.wait_for_selector("dialog[open]")
    assert page.evaluate("document.querySelector('dialog').scrollWidth <= document.querySelector('dialog').clientWidth")
    narrowest = "Math.min(...[...document.querySelectorAll('dialog dd')].map((each) => each.clientWidth))"
    assert page.evaluate(narrowest) > 200, "a long source in a narrow column cannot be read"


def test_nothing_moves_for_those_who_asked_for_rest(open_page: Any) -> None:
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert open_page("q4_1.html").evaluate(behaviour) == "auto"
    assert open_page("q4_1.html", reduced_motion="no-preference").evaluate(behaviour) == "smooth"


def test_pages_ask_for_nothing_outside(open_page: Any) -> None:
    for place in ("index.html", "q4_1.html#q4_1/4-5", "about/facts.html"):
        page = open_page(place)
        page.wait_for_load_state("networkidle")
        assert all(url.startswith("file:") for url in page.asked)


def test_a_number_opens_with_what_it_needs(open_page: Any) -> None:
    page = open_page("q4_1.html")
    page.click('a[id="q4_1/4-5"]')
    panel = page.wait_for_selector("dialog[open]")
    said = panel.inner_text()
    assert "Hur digitaliserad är din kommun i dag?" in said
    assert "kommun.2023@7f3ac21e7f3ac21e/q4_1/4-5" in said
    assert "Simulerade svar, inga fakta" in said
    assert page.evaluate("location.hash") == "#q4_1/4-5"
    assert "BibTeX" in said
    base = page.eval_on_selector('a[id="q4_1/4-5"]', "(link) => link.closest('tr').dataset.b")
    assert f"bas {base})" in said
    assert "Svara på en skala från 1 till 5" in said, "what 4 and 5 are belongs to the wording"
    terms = page.eval_on_selector_all("dialog dd", "(found) => found.map((each) => each.textContent)")
    assert any(re.fullmatch("\\d+–\\d+\u00a0%", term) for term in terms), "an interval of shares is in per cent"


def test_what_can_be_copied_has_a_button_on_every_kind_of_page(open_page: Any) -> None:
    for place in ("index.html", "about/cite.html", "about/verify.html", "q4_1.html"):
        page = open_page(place)
        figures = page.locator("figure.copy")
        assert figures.count() == page.locator("figure.copy button").count() > 0


def test_every_section_has_a_heading_that_is_seen(open_page: Any) -> None:
    """Save the answers' own, over which the question stands."""
    for place in KINDS:
        page = open_page(place)
        hidden = page.evaluate(
            """[...document.querySelectorAll('main section > h2')].filter((each) => each.clientHeight < 10)
            .map((each) => each.id)"""
        )
        assert set(hidden) <= {"answers-h", "method-h"}, place
        assert "answers-h" not in hidden or place.startswith("q")


@pytest.mark.parametrize("place", ["q4_1.html", "q2_3.html", "en/q4_1.html", "en/q2_3.html"])
def test_a_table_of_a_scale_is_whole_on_a_desktop(open_page: Any, place: str) -> None:
    page = open_page(place, viewport={"width": 1280, "height": 900})
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    cut = "[...document.querySelectorAll('div.wide')].filter((each) => each.scrollWidth > each.clientWidth + 1).length"
    assert page.evaluate(cut) == 0


def test_a_label_stays_beside_the_numbers_that_are_scrolled_to(open_page: Any) -> None:
    page = open_page("q2_3.html", viewport={"width": 320, "height": 640})
    place = page.evaluate(
        """() => { const table = document.querySelector('div.wide'); table.scrollLeft = 200;
        return [table.querySelector('tbody th').getBoundingClientRect().left, table.getBoundingClientRect().left]; }"""
    )
    assert place[0] == pytest.approx(place[1], abs=1)


def test_the_mark_of_a_draft_is_not_cut_off(browser: Any) -> None:
    from importlib.resources import files

    page = browser.new_page()
    page.set_content((files("saklig.publish.site") / "assets" / "draft.svg").read_text(encoding="utf-8"))
    inside = """() => { const [frame, text] = ['svg', 'text'].map((name) => document.querySelector(name)
        .getBoundingClientRect()); return text.left >= frame.left && text.right <= frame.right
        && text.top >= frame.top && text.bottom <= frame.bottom; }"""
    assert page.evaluate(inside)
    page.close()


CITED = ("q4_1.html", "q4_2.html", "q2_3.html", "q4_3.html", "q6_1.html", "kommun.2021.q4_1.html", "en/q4_1.html")


@pytest.mark.parametrize("place", CITED)
def test_the_citation_of_a_number_is_the_program_s_own(open_page: Any, edition: Edition, place: str) -> None:
    """Text, BibTeX and CSL-JSON of numbers of every kind: shares, groups, nets, means, ranks, withheld ones."""
    from saklig.edition.citing import cite_fact
    from saklig.study.address import parse_address

    page = open_page(place)
    cited = page.evaluate(
        """() => [...document.querySelectorAll('td a[id]')].filter((_, n) => n % 3 === 0).map((link) => {
            history.replaceState(null, '', '#' + link.id);
            link.click();
            const said = [...document.querySelectorAll('dialog pre')].map((pre) => pre.textContent);
            document.querySelector('dialog').close();
            return [link.dataset.s ?? '', ...said];
        })"""
    )
    assert not page.said
    language = "en" if place.startswith("en/") else "sv"
    for _status, address, _link, text, bibtex, csl in cited:
        ours = cite_fact(edition, parse_address(address), language)
        assert (text, bibtex, json.loads(csl)) == (ours.text, ours.bibtex, json.loads(ours.csl_json))
    assert len(cited) > 5
    assert place != "q2_3.html" or {status for status, *_ in cited} >= {"", "withheld"}


def test_a_panel_by_keyboard(open_page: Any) -> None:
    page = open_page("q4_1.html")
    page.focus('a[id="q4_1/1"]')
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        assert page.evaluate(inside), "the focus left the panel for the page behind it"
        reached.add(page.evaluate("document.activeElement.textContent"))
    assert {"Stäng", "Kopiera"} <= reached
    page.keyboard.press("Escape")
    assert page.query_selector("dialog[open]") is None
    assert page.evaluate("document.activeElement.id") == "q4_1/1"


def test_everything_is_reached_by_keyboard(open_page: Any) -> None:
    """Tab visits every link, button and summary that is shown, in order, with a focus that can be seen."""
    page = open_page("q5_2.html", viewport={"width": 1280, "height": 900})
    wanted = page.evaluate(
        """[...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')]
        .filter((each) => each.checkVisibility() && !each.closest('details:not([open]) > :not(summary)')).length"""
    )
    visited = 0
    first = None
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const each = document.activeElement;
            if (each === document.body) return null;
            return [each.outerHTML.slice(0, 120), getComputedStyle(each).outlineStyle]; }"""
        )
        if found is None or found[0] == first:
            break
        first = first or found[0]
        assert found[1] != "none", found[0]
        visited += 1
    assert visited == wanted


def test_without_scripts_a_number_is_marked_where_it_stands(open_page: Any) -> None:
    for address in ("q4_1/4-5", "q4_1/4-5@storlek=15000-49999"):
        page = open_page(f"q4_1.html#{address}", java_script_enabled=False)
        link = page.locator("a:target")
        assert link.get_attribute("id") == address
        assert link.is_visible(), "the table that it stands in did not open"
        assert page.locator("#cite pre").first.inner_text() == "kommun.2023@7f3ac21e7f3ac21e/q4_1"


def test_an_address_finds_the_page_that_its_answers_go_on_to(open_page: Any, site: Path) -> None:
    further = next(page.name for page in site.glob("q*@storlek*.html"))
    assert further.startswith("q2_3@")
    page = open_page("q2_3.html#q2_3.b/4-5@storlek=50000-plus,del=norrland")
    page.wait_for_function("document.querySelector('dialog[open]')")
    assert page.url.partition("#")[0].endswith(further)


def test_the_change_of_a_group_finds_the_page_that_it_stands_on(open_page: Any, edition: Edition) -> None:
    facts = edition.facts_of("2021", "q2_3", "c", ("del",), wave2="2023")
    place = edition.address(facts[0]).fragment
    page = open_page(f"q2_3.html#2021..2023/{place}")
    page.wait_for_function("document.querySelector('dialog[open]')")
    assert "@over.time,del.html" in page.url
    said = page.inner_text("dialog").replace("\xa0", " ")
    assert describe(edition.study, facts[0], "sv", edition.publication).replace("\xa0", " ") in said
    assert not page.said


def test_the_index_is_filtered(open_page: Any) -> None:
    page = open_page("about/facts.html")
    page.fill("#query", "grad 4–5 norrland")
    page.wait_for_selector("#facts tbody tr")
    assert page.locator("#facts tbody tr").count() == 8, "four numbers in each wave"
    page.fill("#query", "grad 4–5 norrland 2021")
    page.wait_for_function("document.querySelectorAll('#facts tbody tr').length === 4")
    assert "kommun.2021.q4_1.html#" in page.locator("#facts tbody a").first.get_attribute("href")
    page.fill("#query", "grad 4–5 norrland 2023")
    page.locator("#facts tbody a").first.click()
    page.wait_for_selector("dialog[open]")
    assert "q4_1/4-5" in page.evaluate("decodeURIComponent(location.hash)")


def test_printed_tables_are_open(open_page: Any) -> None:
    page = open_page("q4_1.html", java_script_enabled=False)
    page.emulate_media(media="print")
    assert page.locator("#by-storlek td a").first.bounding_box()["height"] > 0
    assert not page.locator("nav.contents").is_visible()


def test_a_folded_section_of_the_method_opens_and_is_printed_without_scripts(open_page: Any) -> None:
    page = open_page("about/method.html", java_script_enabled=False)
    section = page.locator("section[id^=item-nonresponse]").first
    assert section.locator("h2").is_visible()
    cell = section.locator("td").first
    assert not cell.is_visible()
    page.emulate_media(media="print")
    assert cell.bounding_box()["height"] > 0
    page.emulate_media(media="screen")
    section.locator("summary").click()
    assert cell.is_visible()


def test_what_is_printed_has_no_heading_over_nothing(open_page: Any) -> None:
    page = open_page("index.html")
    page.emulate_media(media="print")
    assert not page.locator("#downloads h2").is_visible()
    assert page.locator("#cite h2").is_visible()


def test_colours_that_are_forced(open_page: Any) -> None:
    page = open_page("q4_1.html#q4_1/1", forced_colors="active")
    outline = page.eval_on_selector("a:target", "(link) => getComputedStyle(link).outlineStyle")
    assert outline == "solid"


def test_an_edition_that_was_replaced_says_so(edition: Edition, browser: Any, tmp_path: Path) -> None:
    write_site(edition, tmp_path)
    listing = Listing(study="kommun").with_current(edition.id).with_current("b" * 64, "Ett fel i kodningen av q4_1.")
    write_listing(listing, tmp_path)
    page = browser.new_page()
    page.goto(f"{tmp_path.as_uri()}/e/{edition.short_id}/q4_1.html")
    note = page.wait_for_selector("#edition-note:not([hidden])")
    assert "Ett fel i kodningen av q4_1." in note.inner_text()
    assert "b" * 16 in note.inner_text()
    page.close()


def test_the_pages_of_a_withdrawn_edition_say_so_wherever_they_are(
    edition: Edition, browser: Any, tmp_path: Path
) -> None:
    write_site(edition, tmp_path)
    write_listing(Listing(study="kommun").with_current(edition.id).with_withdrawn(edition.id, "Fel fil."), tmp_path)
    page = browser.new_page()
    for file in ("index.html", "en/q4_1.html", f"e/{edition.short_id}/index.html"):
        page.goto(f"{tmp_path.as_uri()}/{file}")
        assert "Fel fil." in page.wait_for_selector("#edition-note:not([hidden])").inner_text()
    page.close()
