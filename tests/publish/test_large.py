"""A section of many questions, and a question with many answers broken down by many groups: no page grows too large."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from saklig.edition.edition import Edition
from saklig.language.text import Text
from saklig.publish.site.render import MOST_CONTENTS
from saklig.publish.site.write import write_site
from saklig.study.model import Background, Category, CodeList, Group, Study

QUESTIONS = 150


def words(text: str) -> Text:
    return Text((("sv", text), ("en", text)))


@pytest.fixture(scope="module")
def site(study: Study, made: Callable[..., Edition], tmp_path_factory: pytest.TempPathFactory) -> Path:
    question = next(question for question in study.questions if question.id == "q4_2")
    codes = CodeList(
        id="many",
        categories=tuple(Category(id=f"{n}", label=words(f"A fairly long answer {n}"), code=n) for n in range(1, 41)),
    )
    groups = tuple(Group(id=f"g{n}", label=words(f"The group {n}"), codes=(n,)) for n in range(1, 13))
    many = tuple(
        replace(question, id=f"a{n}", label=words(f"The short label of {n}"), codes=codes if n == 1 else question.codes)
        for n in range(1, QUESTIONS + 1)
    )
    large = replace(
        study,
        languages=("sv",),
        waves=study.waves[:1],
        sections=(replace(study.sections[0], questions=many),),
        backgrounds=(Background(id="region", label=words("Region"), groups=groups),),
        pairs=(),
        perspectives=(),
    )
    out = tmp_path_factory.mktemp("large")
    write_site(made(large), out)
    return out


def contents(page: Path) -> list[str]:
    nav = re.search(r'<nav class="contents".*?</nav>', page.read_text(encoding="utf-8"), re.DOTALL)
    assert nav is not None
    return re.findall(r'href="([^"]+)"', nav[0])


@pytest.mark.parametrize("number", [1, 20, 75, 149, 150])
def test_the_nearest_questions_stand_beside_a_page_and_the_way_to_all(site: Path, number: int) -> None:
    links = contents(site / f"a{number}.html")
    assert len(links) == 1 + MOST_CONTENTS + 1
    assert links[0] == links[-1] == "section/2.html"
    near = [int(link.removeprefix("a").removesuffix(".html")) for link in links[1:-1]]
    assert near == list(range(near[0], near[0] + MOST_CONTENTS))
    assert number in near
    assert near[0] == 1 or near[-1] == QUESTIONS or near[0] < number - 20 < number + 20 < near[-1]


def test_more_bars_than_can_be_read_are_a_table(site: Path) -> None:
    page = (site / "a1@region.html").read_text(encoding="utf-8")
    assert page.count('id="a1/') == 12 * 40 + 12  # with those who did not answer
    assert 'class="strip"' not in page


def test_no_page_is_over_its_size(site: Path) -> None:
    assert max(page.stat().st_size for page in site.rglob("*.html")) <= 150_000
