"""Scripts, formulas and markup in every text of a study: published as text in every kind of file, executed in none."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

ATTACK = (
    "</script><script>alert(1)</script></style></title></textarea>--><svg onload=alert(1)><img src=x onerror=alert(1)>"
    "\" onfocus=\"alert(1)\" autofocus '=cmd|' /C calc'!A0 {{7*7}} ${7*7} {% raw %} ]]> &lt;b&gt; \\u003cb\\u003e "
    "@misc{x,} \\input{x} javascript:alert(1) [a](b) \u202egnp.\u202c \u2028 " + "W" * 300
)
SHOWN = "<script>alert(1)</script>"
EXAMPLE = Path(__file__).parents[2] / "examples" / "kommun"
TEXT = re.compile(r'\b(sv|en) = "(?:[^"\\]|\\.)*"')
ELEMENTS_OF_PICTURES = {"svg", "title", "desc", "defs", "style", "g", "path", "rect", "line", "circle", "text", "tspan",
                        "a", "polyline", "polygon", "marker", "pattern", "metadata", "clipPath", "use"}  # fmt: skip
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example study with every text replaced, published under the policy `public`: nothing is withheld."""
    from saklig.cli import main

    folder = tmp_path_factory.mktemp("hostile")
    for path in EXAMPLE.glob("answers-*.csv"):
        shutil.copyfile(path, folder / path.name)
    text = (EXAMPLE / "study.toml").read_text(encoding="utf-8").replace('"organisations"', '"public"')
    quoted = json.dumps(ATTACK, ensure_ascii=False)
    hostile, replaced = TEXT.subn(lambda found: f"{found[1]} = {quoted}", text)
    assert replaced > 300
    (folder / "study.toml").write_text(hostile, encoding="utf-8")
    for reason in ((), ("--reason", ATTACK)):
        given = ["publish", str(folder / "study.toml"), "--out", str(folder / "out")]
        if reason:  # another edition, whose reason is hostile too
            (edition,) = (path.name for path in (folder / "out/editions").iterdir() if path.is_dir())
            path = folder / "answers-2023.csv"
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join([lines[0], *lines[2:], lines[1].replace(",3,", ",2,", 1)]) + "\n")
            given += ["--corrects", edition, *reason]
        with pytest.raises(SystemExit) as ended:
            main(given)
        assert not ended.value.code
    return folder / "out"


def files(out: Path, suffix: str) -> list[Path]:
    """Those that stand at the top of the site; an edition's own in `e` are the same files."""
    found = [path for path in sorted(out.rglob(f"*{suffix}")) if path.is_file() and "e" not in path.parts]
    assert found
    return found


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_pages(out: Path) -> None:
    shown = 0
    for path in files(out / "site", ".html"):
        page = Page(path.read_text(encoding="utf-8"))
        for tag, attributes in page.tags:
            assert tag not in {"img", "iframe", "object", "embed", "base", "textarea"}, path
            assert not [name for name in attributes if name.startswith("on") or name in ("style", "autofocus")], path
            for name in ("href", "src"):
                assert not (attributes.get(name) or "").strip().lower().startswith(("javascript:", "data:text"))
        scripts = [attributes for tag, attributes in page.tags if tag == "script"]
        assert all(each.get("src") or each.get("type") == "application/json" for each in scripts)
        shown += SHOWN in page.text
        assert "{{7*7}} ${7*7}" in page.text
    assert shown > 50


def test_data_blocks_in_pages(out: Path) -> None:
    blocks = 0
    for path in files(out / "site", ".html"):
        for block in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', path.read_text(), re.DOTALL):
            json.loads(block)
            blocks += 1
    assert blocks


def test_pictures(out: Path) -> None:
    from lxml import etree

    shown = 0
    for path in files(out / "site", ".svg"):
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
        for element in root.iter():
            assert isinstance(element.tag, str), path  # no comment, no processing instruction, no entity
            assert etree.QName(element).localname in ELEMENTS_OF_PICTURES, element.tag
            assert not [name for name in element.attrib if str(name).lower().startswith("on")]
            assert not str(element.get("href", "")).lower().startswith(("javascript:", "data:"))
        shown += SHOWN in "".join(root.itertext())
    assert shown > 20


def test_scripts_with_data(out: Path) -> None:
    for path in [*files(out, "facts*.js"), *files(out, "editions.js")]:
        text = path.read_text(encoding="utf-8")
        assert "<" not in text
        assert "\u2028" not in text
        for statement in re.findall(r"= (\{.*\}|\[.*\]);?\s*$", text, re.DOTALL):
            json.loads(statement)
    assert (
        ATTACK
        in json.loads((out / "editions/editions.js").read_text()[len("window.saklig_editions = ") : -2])["editions"][0][
            "reason"
        ]
    )


def test_the_editions_files(out: Path) -> None:
    for path in files(out / "editions", "study.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["study"]["title"]["sv"] == ATTACK
    for path in files(out / "editions", "datapackage.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["title"] == ATTACK
    for path in files(out / "editions", "README"):
        assert SHOWN in path.read_text(encoding="utf-8")


def test_citations(out: Path) -> None:
    from saklig.edition.citing import cite_fact
    from saklig.edition.reading import open_edition

    edition = open_edition(next(path for path in (out / "editions").iterdir() if path.is_dir()))
    fact = edition.facts.rows(slice(0, 1))[0]
    for language in ("sv", "en"):
        cited = cite_fact(edition, edition.address(fact), language)
        (entry,) = json.loads(cited.csl_json)
        assert entry["title"] == ATTACK
        assert SHOWN in cited.text
        assert "\\input" not in cited.bibtex
        assert re.search(r"(?<!\\)[%#&$]", cited.bibtex) is None
        opened = re.findall(r"(?<!\\)\{", cited.bibtex)
        closed = re.findall(r"(?<!\\)\}", cited.bibtex)
        assert len(opened) == len(closed)


def test_a_formula_starts_no_cell(out: Path) -> None:
    """Nothing that a spreadsheet opens on a double click is published: no .csv and no .tsv holds a label."""
    assert not [path for path in out.rglob("*") if path.suffix in {".csv", ".tsv", ".xls", ".xlsx"}]


def test_what_the_program_says(out: Path, saklig: Callable[..., Any]) -> None:
    for given in (["fact", "kommun/q2_1/1", "--in", out], ["fact", "kommun/q2_1", "--in", out]):
        said = saklig(*given)
        assert said.code == 0
        assert SHOWN in said.out
        assert "\x1b" not in said.out


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page()
        opened.add_init_script("window.alert = window.confirm = window.prompt = () => { window.broken = true; };")
        yield opened
        browser.close()


BROKEN = """() => [...document.querySelectorAll('*')].filter((element) =>
  ['IMG', 'IFRAME', 'OBJECT', 'EMBED'].includes(element.tagName)
  || [...element.attributes].some((attribute) => attribute.name.startsWith('on') || attribute.name === 'autofocus')
  || (element.tagName === 'SCRIPT' && !element.src && element.type !== 'application/json')
  || /^(javascript|data):/i.test(element.getAttribute('href') || '')
).map((element) => element.outerHTML.slice(0, 200))"""


@pytest.mark.parametrize(
    "place",
    ["index.html", "en/index.html", "q2_1.html", "q2_3.html", "q5_3.html", "q6_1.html", "en/q4_3.html", "en/q6_2.html",
     "section/2.html", "about/method.html", "about/protection.html", "about/facts.html", "about/cite.html",
     "pictures/q2_1.answers.svg"],
)  # fmt: skip
def test_a_browser_runs_nothing(out: Path, page: Any, place: str) -> None:
    page.goto((out / "site" / place).as_uri())
    # The address of a number opens what stands behind it: wording, interval, citation.
    numbers = page.evaluate("() => [...document.querySelectorAll('a[id]')].map((number) => number.id)")
    for number in [each for each in numbers if "~" in each][:1] + numbers[:1]:
        page.evaluate("(id) => { location.hash = id; }", number)
        page.wait_for_timeout(50)
        assert page.evaluate("() => document.querySelectorAll('dialog[open]').length") == 1
    for field in page.query_selector_all("input[type=search], input[type=text]")[:1]:
        field.fill("a")
        page.wait_for_timeout(300)
    assert page.evaluate(BROKEN) == []
    assert not page.evaluate("() => Boolean(window.broken)")
    text = page.evaluate("() => document.documentElement.textContent")
    assert SHOWN in text
    if place.endswith(".html"):
        assert "</script><script>alert(1)" in page.evaluate("() => document.title")
        if "q4_3" in place:
            return  # its unit, which stays beside each number, is as long as the rest
        width = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert width <= 0, "a long word makes the page scroll sideways"
