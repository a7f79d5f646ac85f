"""The fieldwork report on the method page: what it says in both languages, and where counts are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from saklig.edition.edition import Edition
from saklig.edition.fieldwork import FieldworkReport, FieldworkRow
from saklig.language.text import Text
from saklig.publish.outline.context import contexts
from saklig.publish.outline.front import in_brief
from saklig.publish.outline.method import method_page
from saklig.publish.outline.model import Page, Paragraph, RowKind, Section, Table
from saklig.study.fieldwork import DISPOSITIONS, Eligibility

LETTERS = [each.value for each in DISPOSITIONS]


def row(by: str, group: str, counts: Mapping[str, int | None], **rates: int) -> FieldworkRow:
    full = {each: counts.get(each.value, 0) for each in DISPOSITIONS}
    answered = counts.get("I", 0)
    cases = sum(count or 0 for count in full.values()) + counts.get("hidden", 0)  # type: ignore[operator]
    return FieldworkRow(by=by, group=group, cases=cases, answered=answered, counts=full, rates=rates)


WHOLE = row("", "", {"I": 76, "R": 20, "NC": 34, "NE": 0, "O": 10}, RR2=54, RR4=54, responded=54)
REPORT = FieldworkReport(
    wave="2023",
    rows=(
        WHOLE,
        row("", "small", {"I": 37, "R": 9, "NC": 14}, RR2=62),
        row("", "large", {"I": 39, "R": 11, "NC": 20, "O": 10}, RR2=49),
        row("del", "norrland", {"I": None, "R": None, "NC": None, "O": None, "NE": None, "hidden": 30}),
    ),
    weighted={"RR2": 55},
)


def page(edition: Edition, report: FieldworkReport, language: str = "en", **wave: object) -> Page:
    waves = tuple(replace(each, **wave) if each.id == report.wave else each for each in edition.study.waves)  # type: ignore[arg-type]
    publication = replace(edition.publication, fieldwork=(report,))
    made = replace(edition, study=replace(edition.study, waves=waves), publication=publication)
    return method_page(contexts(made, language)[0])


def section(page: Page, name: str) -> Section:
    return next(each for each in page.sections if each.id.startswith(name))


def said(page: Page) -> str:
    return " ".join(each.words.text for each in section(page, "fieldwork").blocks if isinstance(each, Paragraph))


def table(page: Page, name: str, of: str = "fieldwork") -> Table:
    return next(each for each in section(page, of).blocks if isinstance(each, Table) and each.id.startswith(name))


def cells(found: Table) -> dict[str, tuple[str, ...]]:
    return {row.label.text: tuple(map(str, row.cells)) for row in found.rows}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "76 av 140 inbjudna svarade, 54 procent (AAPOR RR2)."),
        ("en", "76 of the 140 who were invited answered, 54 per cent (AAPOR RR2)."),
    ],
)
def test_one_sentence_says_it(edition: Edition, language: str, words: str) -> None:
    assert said(page(edition, REPORT, language)).startswith(words)


def test_who_was_not_of_the_population_is_not_counted_among_the_invited(edition: Edition) -> None:
    whole = row("", "", {"I": 76, "R": 50, "NE": 14, "UO": 10}, RR2=56)
    words = said(page(edition, replace(REPORT, rows=(whole,), eligible=900)))
    assert "76 of the 136 invited who belong to the population" in words
    assert "56 per cent (AAPOR RR2). Another 14 were invited" in words
    assert "90.0 per cent are counted as eligible: the same share as among the others" in words


def test_a_rate_that_would_tell_too_much_is_not_said(edition: Edition) -> None:
    whole = replace(row("", "", {"I": 76, "R": 50, "NE": None, "O": None, "hidden": 14}), rates={})
    found = page(edition, replace(REPORT, rows=(whole,), weighted={}))
    assert said(found) == "76 of the 140 who were invited answered."
    outcomes = table(found, "outcomes")
    assert cells(outcomes)["Prevented, for example by illness or language"] == ("..", "..")
    assert "..  withheld, to protect those who were invited" in outcomes.notes
    assert set(cells(table(found, "rates", "outcome-rates")).values()) == {("..",)}


def test_partial_answers_stand_under_those_they_are_counted_in(edition: Edition) -> None:
    whole = row("", "", {"I": 70, "P": 6, "R": 64}, RR2=54)
    rows = table(page(edition, replace(REPORT, rows=(whole,))), "outcomes").rows
    assert [each.label.text for each in rows if each.kind is RowKind.PART] == ["of them in part"]
    assert rows[1].label.text == "Answered"
    assert rows[2].kind is RowKind.PART


def test_e_is_said_with_its_reason(edition: Edition) -> None:
    whole = row("", "", {"I": 76, "UO": 64}, RR2=54)
    reason = Text((("sv", "Vi ringde 40 av dem."), ("en", "We rang 40 of them.")))
    report = replace(REPORT, rows=(whole,), eligible=500, estimated=False)
    words = said(page(edition, report, eligibility=Eligibility(share=0.5, reason=reason)))
    assert words.endswith("50.0 per cent are counted as eligible. We rang 40 of them.")


def test_outcomes_and_groups(edition: Edition) -> None:
    found = page(edition, REPORT)
    outcomes = cells(table(found, "outcomes"))
    assert outcomes["Invited"] == ("140", "")
    assert outcomes["Answered"] == ("76", "54")
    assert outcomes["Not reached"] == ("34", "..")
    groups = table(found, "outcomes-groups")
    assert [column.label.text for column in groups.columns][:3] == ["Invited", "Answered", "Declined"]
    assert cells(groups)["Small"] == ("60", "37", "9", "14", "0", "0", "62")
    assert cells(groups)["Norrland"] == ("30", *[".."] * 3, "..", "..", "..")
    assert [row.group.text for row in groups.rows if row.group] == ["Strata", "Strata", "Part of the country"]


def test_respondents_beside_the_frame(edition: Edition) -> None:
    frame = table(page(edition, REPORT), "frame")
    assert [column.label.text for column in frame.columns] == [
        "Of the population", "Of the invited", "Of those who answered",
    ]  # fmt: skip
    assert cells(frame) == {"Small": ("45", "43", "49"), "Large": ("55", "57", "51"), "Norrland": ("", "21", "..")}


def test_weighted_rates_stand_beside_the_others(edition: Edition) -> None:
    found = page(edition, REPORT)
    assert "Weighted by how many each stratum has in the population, the response rate is 55 per cent." in said(found)
    rates = cells(table(found, "rates", "outcome-rates"))
    assert table(found, "rates", "outcome-rates").notes[0].startswith("e: the share of the cases of unknown")
    assert rates["RR2"] == ("54", "55")
    assert rates["CON1"] == ("..", "")
    assert len(rates) == 16


def test_strata_that_are_a_background_too_stand_once(edition: Edition) -> None:
    again = tuple(
        replace(each, by="storlek", group=group)
        for each, group in zip(REPORT.strata, ("under-15000", "50000-plus"), strict=True)
    )
    groups = table(page(edition, replace(REPORT, rows=(*REPORT.rows, *again))), "outcomes-groups")
    assert {row.group.text for row in groups.rows if row.group} == {"Strata", "Part of the country"}


def test_the_front_page_says_the_same_rate(edition: Edition) -> None:
    publication = replace(edition.publication, fieldwork=(replace(REPORT, rows=(replace(WHOLE, rates={"RR2": 56}),)),))
    context = contexts(replace(edition, publication=publication), "en")[0]
    assert "response rate 56 per cent" in [term.note for term in in_brief(context).terms]


def test_without_a_report_there_is_no_section(edition: Edition) -> None:
    ids = [each.id for each in method_page(contexts(edition, "en")[0]).sections]
    assert not [each for each in ids if each.startswith(("fieldwork", "outcome-rates"))]


def test_questions_left_unanswered(edition: Edition) -> None:
    """From the facts that are printed, with their signs where they are not."""
    found = table(method_page(contexts(edition, "en")[0]), "item-nonresponse", "item-nonresponse")
    assert found.rows
    said = {cell for row in found.rows for cell in row.cells}
    assert any(str(cell).isdigit() for cell in said)
    for each in found.rows:
        assert len(each.cells) == len(found.columns)
