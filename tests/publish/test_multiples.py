"""Small multiples: nothing of the picture is lost, and they give way where columns would be too narrow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saklig.edition.edition import Edition
from saklig.publish.outline.build import pages_of_questions
from saklig.publish.outline.context import contexts
from saklig.publish.outline.model import Ranking, Words
from saklig.publish.site.multiples import MOST, multiple_rows, multiples


@pytest.fixture(scope="module")
def by_size(edition: Edition) -> Ranking:
    pages = next(pages for pages in pages_of_questions(contexts(edition, "sv")[0]) if pages[0].file == "q6_1.html")
    sections = (section for page in pages for section in page.sections)
    block = next(section for section in sections if section.id == "by-storlek").blocks[0]
    assert isinstance(block, Ranking)
    return block


def test_every_number_stands_in_the_column_of_its_group(by_size: Ranking) -> None:
    found = multiples(by_size)
    assert found is not None
    assert [label.text for label, _ in found.columns] == ["Under 15 000 invånare", "15 000–49 999", "50 000 eller fler"]
    placed = {number.address for row in found.rows for _, cell in row.cells for number in cell}
    assert placed == {number.address for row in by_size.rows for number in (row.first, row.among) if number}
    for row in found.rows:
        for group, (_, cell) in zip(("under-15000", "15000-49999", "50000-plus"), row.cells, strict=True):
            assert all(number.address.endswith(f"@storlek={group}") for number in cell)
    drawn = multiple_rows(found, lambda number: f"#{number.address}")
    assert all(f'id="{address}"' in drawn for address in placed)


def test_more_groups_than_can_be_compared_are_rows(by_size: Ranking) -> None:
    twice = tuple(replace(row, label=Words(f"{row.label} {n}")) for row in by_size.rows for n in (1, 2))
    assert len(multiples(by_size).columns) <= MOST < 6
    assert multiples(replace(by_size, rows=twice)) is None


def test_everybodys_answers_are_rows(by_size: Ranking) -> None:
    assert multiples(replace(by_size, rows=tuple(replace(row, group=None) for row in by_size.rows))) is None
