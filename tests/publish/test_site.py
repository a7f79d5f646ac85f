"""The site as files: complete, escaped, self-contained, within its size. What a browser shows: test_in_browser."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from saklig.edition.edition import Edition
from saklig.language.text import Text
from saklig.publish.outline.about import DIGG
from saklig.publish.outline.context import contexts
from saklig.publish.site.write import write_site
from saklig.study.model import Study

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp; =cmd|' /C calc'!A0"


class Elements(HTMLParser):
    """Every element of a page with its attributes, and all its text."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def site(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    write_site(edition, out)
    return out


@pytest.fixture(scope="module")
def hostile(study: Study, made: Callable[..., Edition], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose every label tries to be a script."""
    out = tmp_path_factory.mktemp("hostile")
    bad = Text.of({"sv": HOSTILE, "en": HOSTILE})
    question = study.question("q4_2")
    assert question.codes
    categories = tuple(replace(category, label=bad) for category in question.codes.categories)
    question = replace(question, text=bad, label=bad, codes=replace(question.codes, categories=categories))
    background = study.backgrounds[0]
    groups = tuple(replace(group, label=bad) for group in background.groups)
    section = replace(study.sections[1], title=bad, questions=(question,))
    shown = replace(
        study, title=bad, sections=(section,), backgrounds=(replace(background, label=bad, groups=groups),), pairs=(),
        perspectives=(), waves=study.waves[:1],
    )  # fmt: skip
    write_site(made(shown), out)
    return out


def pages(site: Path) -> Iterator[Path]:
    return (page for page in sorted(site.rglob("*.html")) if "e" not in page.relative_to(site).parts[:1])


OUTSIDE = {"accessibility.html": DIGG, "downloads.html": "https://creativecommons.org/licenses/by/4.0/"}
"""The pages with a link that leads out of the site, which nothing follows but a reader."""


def test_every_link_leads_somewhere(site: Path) -> None:
    ids = {page.resolve(): {found.get("id") for _, found in Elements(page).elements} for page in site.rglob("*.html")}
    for page in pages(site):
        for tag, attributes in Elements(page).elements:
            target = attributes.get("href") or attributes.get("src")
            if tag not in ("a", "link", "script", "img") or not target:
                continue
            if target in OUTSIDE.values():
                continue
            name, _, fragment = target.partition("#")
            found = (page.parent / unquote(name)).resolve() if name else page.resolve()
            assert found.is_file(), f"{page.relative_to(site)}: {target}"
            if fragment:
                assert unquote(fragment) in ids[found], f"{page.relative_to(site)}: {target}"


def test_no_page_asks_for_anything_outside(site: Path) -> None:
    for path in site.rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            text = path.read_text(encoding="utf-8")
            if path.name in OUTSIDE:
                text = text.replace(f'<a href="{OUTSIDE[path.name]}"', "", 1)
            found = re.findall(r"""(?:href|src|url\()\s*[=(]?\s*["']?(https?:|//)""", text)
            assert not found, path.relative_to(site)
            assert not re.search(r"\b(fetch|XMLHttpRequest|sendBeacon|WebSocket|eval)\b\s*\(", text), path.name


def test_every_page_refuses_what_is_not_its_own(site: Path) -> None:
    for page in pages(site):
        policy = next(meta["content"] for meta in Elements(page).of("meta") if "http-equiv" in meta)
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_ids_are_unique(site: Path) -> None:
    for page in pages(site):
        counted = Counter(found["id"] for _, found in Elements(page).elements if "id" in found)
        assert not [id for id, n in counted.items() if n > 1], page.relative_to(site)


def test_every_fact_has_its_place(site: Path, edition: Edition) -> None:
    """Each fact of each wave stands on exactly one page of each language, as a link to itself."""
    study = edition.study
    for folder in ("", "en/"):
        for wave in study.waves:
            latest = wave is study.waves[-1]
            found: Counter[str] = Counter()
            for page in (site / folder).glob("*.html"):
                if latest != page.name.startswith(f"{study.id}."):
                    links = Elements(page).of("a")
                    found.update(link["id"] for link in links if link.get("href") == f"#{link.get('id')}")
            wanted = {
                edition.address(fact).fragment
                for question in study.questions
                for item in (question.items or (None,))
                for fact in edition.facts_of(wave.id, question.id, item.id if item else "", by=None)
            }
            if latest:
                wanted |= {
                    f"2021..2023/{edition.address(fact).fragment}"
                    for question in study.questions
                    for item in (question.items or (None,))
                    for fact in edition.facts_of("2021", question.id, item.id if item else "", None, wave2="2023")
                }
            assert set(found) == wanted
            assert set(found.values()) == {1}


def test_labels_are_shown_and_never_run(hostile: Path) -> None:
    seen = 0
    for page in pages(hostile):
        elements = Elements(page)
        assert {
            attributes.get("type", "") or attributes.get("src", "")[-7:] for attributes in elements.of("script")
        } <= {
            "application/json",
            "site.js",
        }
        assert not elements.of("img")
        assert not [
            name for _, found in elements.elements for name in found if name.startswith("on") or name == "style"
        ]
        seen += "<script>alert(1)</script>" in elements.text
    assert seen > 10
    script = (hostile / "about" / "facts.js").read_text(encoding="utf-8")
    assert "<" not in script


def test_labels_do_not_end_a_data_block(hostile: Path) -> None:
    for page in pages(hostile):
        for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page.read_text(), re.S):
            json.loads(block)


def test_what_is_simulated_says_so_before_anything_else(site: Path) -> None:
    for page in pages(site):
        body = page.read_text(encoding="utf-8").partition("<body")[2]
        mark = "Simulated answers, not facts" if "/en/" in page.as_posix() else "Simulerade svar, inga fakta"
        before = re.sub(r"<[^>]*>", "", body.partition(mark)[0].partition(">")[2]).strip()
        assert mark in body
        assert not before, page.relative_to(site)
    for picture in site.glob("pictures/*.svg"):
        assert "Simulerade svar, inga fakta" in picture.read_text(encoding="utf-8")


def test_a_draft_is_marked_and_not_kept(study: Study, made: Callable[..., Edition], tmp_path: Path) -> None:
    write_site(made(study, draft=True), tmp_path)
    page = (tmp_path / "q4_1.html").read_text(encoding="utf-8")
    assert "Utkast, inte publicerat" in page
    assert "noindex" in page
    assert not list((tmp_path / "e").glob("*")) if (tmp_path / "e").exists() else True


def test_missing_translations_are_shown_in_the_original_with_their_language(site: Path) -> None:
    page = (site / "en" / "q2_3.html").read_text(encoding="utf-8")
    assert '<span lang="sv">Ekonomiska resurser</span>' in page
    assert '<span lang="sv">' not in (site / "q2_3.html").read_text(encoding="utf-8")


def test_withheld_numbers_are_shown_and_explained(site: Path) -> None:
    page = Elements(site / "q4_1.html")
    assert any(link.get("data-s") == "withheld" for link in page.of("a"))
    assert "redovisas inte, för att skydda dem som svarade" in page.text
    assert "osäker, få svar" in page.text


def test_answers_over_time_and_perspectives_can_leave_the_page_with_their_source(site: Path) -> None:
    for page, picture in (("q4_1.html", "q4_1.over-time"), ("index.html", "index.perspective-samhallet")):
        file = site / "pictures" / f"{picture}.svg"
        assert f'href="pictures/{file.name}" download' in (site / page).read_text(encoding="utf-8")
        said = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", file.read_text(encoding="utf-8")))
        for part in ("Exempelinstitutet", "Exempelbolaget", "290 kommuner", "76 svar", "Simulerade svar, inga fakta"):
            assert part in said, (picture, part)


def test_a_page_that_is_kept_says_without_scripts_that_it_may_have_been_replaced(site: Path, edition: Edition) -> None:
    page = (site / "e" / edition.short_id / "q4_1.html").read_text(encoding="utf-8")
    assert re.search(r"<noscript>[^<]*har ersatts[^<]*editions\.js[^<]*</noscript>", page)


def test_a_ranking_has_its_scale_and_its_columns_in_the_order_of_its_bars(site: Path) -> None:
    page = (site / "q6_1.html").read_text(encoding="utf-8")
    answers = page[page.index('id="answers-picture"') : page.index("</figure>")]
    assert "100\u00a0%</text>" in answers
    head = answers[: answers.index("</thead>")]
    assert head.index("Bland de 3 första") < head.index("På första plats")
    row = answers[answers.index("<tbody>") :]
    assert row.index("~top-3") < row.index("~first")


def test_one_column_of_numbers_has_its_intervals_beside_it(site: Path) -> None:
    page = (site / "q4_3.html").read_text(encoding="utf-8")
    assert 'class="interval">Konfidensintervall (95\u00a0%)</th>' in page
    assert '</a><td class="interval">' in page


def test_no_page_is_over_its_size(site: Path) -> None:
    assert max(page.stat().st_size for page in site.rglob("*.html")) <= 150_000


def test_pages_of_an_edition_stay_where_they_are(edition: Edition, one_wave: Edition, tmp_path: Path) -> None:
    first = replace(edition, id="a" * 64)
    write_site(first, tmp_path)
    kept = tmp_path / "e" / ("a" * 16)
    before = (kept / "q4_1.html").read_bytes()
    assert (tmp_path / "kommun.2021.q4_1.html").exists()
    write_site(replace(one_wave, id="b" * 64), tmp_path)
    assert (kept / "q4_1.html").read_bytes() == before
    assert not (tmp_path / "kommun.2021.q4_1.html").exists(), "a page of the edition before stands without its address"
    assert (tmp_path / "q4_1.html").read_bytes() == (tmp_path / "e" / ("b" * 16) / "q4_1.html").read_bytes()
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".") or path.suffix == ".new"]


def test_two_runs_write_the_same(edition: Edition, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_site(edition, tmp_path / name)
    one, two = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two


def test_the_index_holds_every_fact(site: Path, edition: Edition) -> None:
    listed = 0
    for name, wave in (("facts.js", "2023"), ("facts.2021.js", "2021"), ("facts.2021..2023.js", "2021–2023")):
        assert f"{name}" in (site / "about" / "facts.html").read_text(encoding="utf-8")
        script = (site / "about" / name).read_text(encoding="utf-8")
        content = json.loads(script.removeprefix("(window.saklig_facts ??= []).push(").removesuffix(");\n"))
        assert content["wave"] == wave
        for _, file, _, parts in content["questions"]:
            assert (site / file).is_file()
            listed += sum(bool(value) for _, _, _, groups in parts for group in groups for value in group)
    assert listed == len(edition.facts)


def test_a_language_without_an_interface_is_told_in_english(edition: Edition) -> None:
    finnish = contexts(edition, "fi")[0]
    assert finnish.marks == ("Simulated answers, not facts",)
    assert finnish.words(edition.study.title).language == "sv"
