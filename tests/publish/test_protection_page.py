"""The page that says what is not shown: it promises what was tested, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from saklig.edition.edition import Edition
from saklig.publish.outline.context import contexts
from saklig.publish.outline.model import Paragraph, Table, Words
from saklig.publish.outline.protection import GUARANTEE, protection_page


def words_of(edition: Edition, **changed: object) -> Iterator[str]:
    """Every paragraph and every label of a row, in English."""
    publication = edition.publication
    protection = replace(publication.protection, **changed)  # type: ignore[arg-type]
    page = protection_page(contexts(replace(edition, publication=replace(publication, protection=protection)), "en")[0])
    for block in (block for section in page.sections for block in section.blocks):
        match block:
            case Paragraph(words=Words(text=text)):
                yield text
            case Table():
                yield from (row.label.text for row in block.rows)


def test_the_guarantee_is_said_where_it_was_tested(edition: Edition) -> None:
    assert any(GUARANTEE in words for words in words_of(edition))
    assert not any(GUARANTEE in words for words in words_of(edition, audit="counts"))


def test_it_names_the_editions_that_were_taken_into_account(edition: Edition) -> None:
    assert not any("published before" in words for words in words_of(edition))
    told = " ".join(words_of(edition, audited_with=("0123456789abcdef", "fedcba9876543210")))
    assert "published before it: 0123456789abcdef, fedcba9876543210." in told


def test_who_is_audited_is_a_limit_only_where_participation_is_secret(edition: Edition) -> None:
    values = {"threshold": 5, "audit_to": 500, "audit_below": 50}
    for participation, said in (("known", False), ("secret", True)):
        labels = list(words_of(edition, values=values | {"participation": participation}))
        assert ("Every respondent is tested, if there are at most" in labels) == said


def test_reports_on_fieldwork_and_weights_are_told_of_where_there_are_any(edition: Edition) -> None:
    def told(**reports: object) -> str:
        publication = replace(edition.publication, **reports)  # type: ignore[arg-type]
        return " ".join(words_of(replace(edition, publication=publication)))

    assert "did not answer are protected too" not in told(fieldwork=(), weightings=())
    assert "did not answer are protected too" in told(fieldwork=(object(),))
    assert "no single weight is told" not in told(fieldwork=(), weightings=())
    assert "no single weight is told" in told(weightings=(object(),))
