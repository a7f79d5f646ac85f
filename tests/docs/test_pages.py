"""What the pages say is so: commands print what is shown, references are the code's, links lead somewhere."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from console import PageError, pages_with_commands, run_page
from make_reference import PAGES, REFERENCE, made, stale

ROOT = Path(__file__).parents[2]
PAGES_OF_ALL = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
WITH_COMMANDS = pages_with_commands()
PUNCTUATION = re.compile(r"[^\w\- ]")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path) -> None:
    assert run_page(page, tmp_path).splitlines() == page.read_text(encoding="utf-8").splitlines(), (
        f"run: python docs/console.py {name(page)}"
    )


def test_a_page_that_says_otherwise_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- write a.txt -->\n```text\none\ntwo\n```\n```console\n$ cat a.txt\none\n…\n```\n", encoding="utf-8"
    )
    folder = tmp_path / "right"
    folder.mkdir()
    assert run_page(page, folder) == page.read_text(encoding="utf-8")
    page.write_text("```console\n$ echo two\none\n```\n", encoding="utf-8")
    (tmp_path / "wrong").mkdir()
    assert "\ntwo\n" in run_page(page, tmp_path / "wrong")
    page.write_text("```console\n$ echo two\none\n…\n```\n", encoding="utf-8")
    (tmp_path / "other").mkdir()
    with pytest.raises(PageError, match="comes:\ntwo"):
        run_page(page, tmp_path / "other")


def test_reference_pages_are_what_the_code_says() -> None:
    assert not stale(), "run: make docs"


def test_a_stale_reference_is_found() -> None:
    for each in PAGES:
        text = (REFERENCE / each).read_text(encoding="utf-8")
        assert "<!-- made: " in text
        assert made(re.sub(r"(<!-- made: [a-z-]+ -->\n)", r"\1old\n", text)) == text


@pytest.mark.parametrize("page", PAGES_OF_ALL, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{target} does not exist"
        if anchor:
            assert anchor in headings(there), f"{target}: there is no such heading"


def headings(page: Path) -> set[str]:
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {PUNCTUATION.sub("", heading.lower()).replace(" ", "-") for heading in found}


@pytest.mark.parametrize("page", PAGES_OF_ALL, ids=name)
def test_pieces_of_study_files_are_toml(page: Path) -> None:
    for piece in re.findall(r"^```toml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S):
        tomllib.loads(piece)


def test_every_page_is_listed() -> None:
    for folder in (ROOT / "docs", ROOT / "docs" / "how-to"):
        listed = (folder / "README.md").read_text(encoding="utf-8")
        below = [page for page in folder.rglob("*.md") if page.name != "README.md"]
        for page in below:
            here = str(page.relative_to(folder))
            assert here in listed or (folder.name == "docs" and page.parent.name in ("how-to", "decisions")), here


def test_pictures_are_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 200_000
        assert picture.name in (ROOT / "README.md").read_text(encoding="utf-8")
