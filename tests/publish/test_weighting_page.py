"""The weights on the method page: targets against answers, how unequal the weights are, and what is withheld of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saklig.edition.edition import Edition
from saklig.edition.weighting import Spread, Target, WeightedGroup, WeightingReport
from saklig.publish.outline.context import contexts
from saklig.publish.outline.method import method_page
from saklig.publish.outline.model import Histogram, Paragraph, Section, Table, Term, Terms
from saklig.publish.picture import inline, svg
from saklig.study.model import Weighting, WeightingMethod, unreported

SPREAD = Spread(
    deff=119, deff_before=104, effective=50, edges=(50, 80, 125), before=(0, 10, 40, 10), after=(0, 33, 0, 27)
)


def weighted(edition: Edition, made: Weighting, **changed: object) -> Edition:
    """The edition as if the weights of its last wave had been made to meet targets by its first background."""
    wave = edition.study.waves[-1]
    background = edition.study.backgrounds[0]
    shares = [(38, 20, 33, 38), (62, None, None, None)]
    report = WeightingReport(
        wave=wave.id,
        based=False,
        decimals=0,
        targets=(Target(variable=background.id, group=background.groups[0].id, count=400.0),),
        groups=tuple(
            WeightedGroup(
                background=background.id, group=group.id, target=target, base=base, before=before, after=after
            )
            for group, (target, base, before, after) in zip(background.groups, shares, strict=False)
        ),
        missed=0,
        spread=SPREAD,
    )
    waves = (*edition.study.waves[:-1], replace(wave, weighting=made))
    return replace(
        edition,
        study=replace(edition.study, waves=waves),
        publication=replace(edition.publication, weightings=(replace(report, **changed),)),  # type: ignore[arg-type]
    )


def section_of(edition: Edition, language: str = "en") -> Section:
    page = method_page(contexts(edition, language)[0])
    return next(each for each in page.sections if each.id.startswith("weighting"))


def words_of(section: Section) -> str:
    return " ".join(block.words.text for block in section.blocks if isinstance(block, Paragraph))


def test_how_it_was_weighted_is_reported_where_every_wave_says_it(edition: Edition) -> None:
    def term(made: Edition) -> Term:
        aapor = next(each for each in method_page(contexts(made, "sv")[0]).sections if each.id == "aapor").blocks[0]
        assert isinstance(aapor, Terms)
        return next(each for each in aapor.terms if each.code == "A9")

    made = Weighting(method=WeightingMethod.RAKE)
    one = weighted(edition, made)
    assert term(one).absent, "the first wave does not say it"
    assert "weighting" in unreported(one.study)
    waves = tuple(replace(wave, weighting=made) for wave in one.study.waves)
    every = replace(one, study=replace(one.study, waves=waves))
    assert (term(every).absent, term(every).values[0].text) == (False, "Se Så viktades svaren, nedan")
    assert "weighting" not in unreported(every.study)


def test_targets_stand_beside_the_answers_before_and_after(edition: Edition) -> None:
    section = section_of(weighted(edition, Weighting(method=WeightingMethod.RAKE)))
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert [row.cells for row in table.rows] == [("38%", "33%", "38%", "20"), ("62%", "..", "..", "..")]
    assert [row.group is not None for row in table.rows] == [True, False]
    assert table.notes == ("..  withheld, to protect those who answered",)
    said = words_of(section)
    assert "weighted by raking" in said
    assert "Before weighting, all answers counted alike." in said
    assert "is 1.19 (before: 1.04). 60 answers so weighted tell as much as 50 of equal weight." in said


def test_the_weights_are_drawn_before_and_after_in_the_same_classes(edition: Edition) -> None:
    section = section_of(weighted(edition, Weighting(method=WeightingMethod.RAKE)), "sv")
    before, after = (block for block in section.blocks if isinstance(block, Histogram))
    assert [part.label.text for part in before.bins] == ["0,50–0,80", "0,80–1,25", "1,25 och mer"]
    assert [part.number.text for part in after.bins] == ["55\u00a0%", "0\u00a0%", "45\u00a0%"]
    assert [row.cells[0] for row in after.table.rows] == ["33", "0", "27"]
    assert before.frame.id != after.frame.id
    for picture in (before, after):
        assert picture.frame.alternative
        assert "<svg" in svg(picture)
        assert inline(picture).count("<svg") == 2


@pytest.mark.parametrize(
    ("made", "changed", "said"),
    [
        (Weighting(method=WeightingMethod.POST_STRATIFY), {"based": True}, "the weight that the sampling gave"),
        (Weighting(method=WeightingMethod.CALIBRATE, bounds=(0.3, 3.0)), {}, "by a factor below 0.30 or above 3.00."),
        (Weighting(method=WeightingMethod.RAKE, trim=(0.2, 5.0)), {"missed": 153}, "1.53 per cent off their targets."),
        (Weighting(method=WeightingMethod.RAKE, trim=(0.2, 5.0)), {"missed": None}, "below 0.20 or above 5.00 times"),
        (Weighting(method=WeightingMethod.RAKE), {"spread": None}, "How unequal the weights are is withheld, since it"),
        (Weighting(method=WeightingMethod.CALIBRATE), {"targets": (Target(variable="pupils", group="", count=9),)},
         "meet the population’s totals of: pupils."),
    ],
)  # fmt: skip
def test_what_was_done_is_said(edition: Edition, made: Weighting, changed: dict[str, object], said: str) -> None:
    section = section_of(weighted(edition, made, **changed))
    assert said in words_of(section)
    if changed.get("spread", SPREAD) is None:
        assert not any(isinstance(block, Histogram) for block in section.blocks)


def test_weights_that_were_all_alike_are_not_drawn(edition: Edition) -> None:
    alike = replace(SPREAD, deff_before=100, before=(0, 0, 60, 0))
    section = section_of(weighted(edition, Weighting(method=WeightingMethod.RAKE), spread=alike))
    (after,) = (block for block in section.blocks if isinstance(block, Histogram))
    assert after.frame.id.startswith("weights-after")


@pytest.mark.parametrize(
    ("changed", "said", "drawn"),
    [
        ({"before": (0, 0, 60, 0), "after": (0, 0, 60, 0)},
         "All weights lie between 0.80 and 1.25 of their mean, both before and after.", []),
        ({"before": (0, 0, 60, 0)}, "Before weighting, all weights lay between 0.80 and 1.25 of", ["weights-after"]),
        ({"after": (0, 0, 60, 0)}, "After weighting, all weights lie between 0.80 and 1.25 of", ["weights-before"]),
        ({"edges": (80,), "before": (0, 60), "after": (30, 30)},
         "Before weighting, all weights were at least 0.80 of", ["weights-after"]),
        ({"edges": (125,), "before": (30, 30), "after": (60, 0)},
         "After weighting, all weights lie between 0.00 and 1.25 of", ["weights-before"]),
        ({"edges": (), "before": (60,), "after": (60,)}, "", []),
    ],
)  # fmt: skip
def test_weights_of_one_class_are_told_and_not_drawn(
    edition: Edition, changed: dict[str, object], said: str, drawn: list[str]
) -> None:
    spread = replace(SPREAD, **changed)  # type: ignore[arg-type]
    section = section_of(weighted(edition, Weighting(method=WeightingMethod.RAKE), spread=spread))
    words = words_of(section)
    assert said in words
    assert ("of their mean" in words) == bool(said)
    pictures = [block.frame.id for block in section.blocks if isinstance(block, Histogram)]
    assert [id.removesuffix(f"-{edition.study.waves[-1].id}") for id in pictures] == drawn


def test_shares_after_weighting_that_are_withheld_have_no_column(edition: Edition) -> None:
    whole = weighted(edition, Weighting(method=WeightingMethod.RAKE))
    (report,) = whole.publication.weightings
    groups = tuple(replace(group, after=None) for group in report.groups)
    section = section_of(weighted(edition, Weighting(method=WeightingMethod.RAKE), groups=groups, spread=None))
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert [column.label.text for column in table.columns] == ["In the population", "Before", "Answers"]
    assert [row.cells for row in table.rows] == [("38%", "33%", "20"), ("62%", "..", "..")]
    assert table.caption == "Targets, and the answers before weighting, wave 2023"
    assert "The shares after weighting, and how unequal the weights are, are withheld" in words_of(section)


def test_an_edition_whose_weights_came_in_a_column_has_no_such_section(edition: Edition) -> None:
    assert not any(each.id.startswith("weighting") for each in method_page(contexts(edition, "en")[0]).sections)
