"""Changes from one wave to another: by hand, against the scalar square-and-add method, and what must have none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from edition_by_hand import PUBLICATION, study
from hypothesis import given
from hypothesis import strategies as st

from saklig.edition.checking import check_edition
from saklig.edition.citing import cite_fact, describe
from saklig.edition.comparing import compare
from saklig.edition.contrasting import contrast
from saklig.edition.edition import Edition
from saklig.edition.facts import Fact, Facts, Status, facts_from
from saklig.edition.lookup import NoSuchFact
from saklig.edition.mover import Rounded, widest
from saklig.edition.publication import Ground, Publication, Samples, WaveCorrelations, WavePair
from saklig.edition.reading import open_edition
from saklig.edition.relating import Rule
from saklig.edition.trends import limits, with_changes, without_changes, wrong_changes
from saklig.edition.writing import make_edition, write_edition
from saklig.language.text import Text
from saklig.study.address import AddressError, parse_address
from saklig.study.breaks import Break, Cause
from saklig.study.model import Change, Study, Wave

INDEPENDENT, OVERLAPPING = Samples.INDEPENDENT, Samples.OVERLAPPING


def compared(samples: Samples = INDEPENDENT, *pairs: tuple[str, str], **more: object) -> Publication:
    made = tuple(WavePair(wave=wave, wave2=wave2, samples=samples) for wave, wave2 in pairs or (("2021", "2023"),))
    return replace(PUBLICATION, pairs=made, **more)


def fact(wave: str, value: int, lower: int | None, upper: int | None, **more: object) -> Fact:
    fields = {"question": "q1", "category": "2", "base": 60, "decimals": 0} | more
    return Fact(wave=wave, value=value, lower=lower, upper=upper, **fields)  # type: ignore[arg-type]


def changes(*rows: Fact, publication: Publication | None = None, asked: Study | None = None) -> list[Fact]:
    facts = facts_from(rows)
    made = with_changes(facts, asked or study(), publication or compared())
    assert made.rows(slice(0, len(facts))) == rows, "what was there stays as it was"
    return list(made.rows(slice(len(facts), None)))


BEFORE, AFTER = fact("2021", 12, 6, 21), fact("2023", 15, 8, 26)


def test_by_hand_of_independent_waves() -> None:
    (found,) = changes(BEFORE, AFTER)
    # 15 was at least 14.5 and 12 at most 12.5: 2 − √((14.5 − 8)² + (21 − 12.5)²) = 2 − √114.5 = −8.70
    # at the other ends: (15.5 − 11.5) + √((26 − 15.5)² + (11.5 − 6)²) = 4 + √140.5 = 15.85
    assert (found.value, found.lower, found.upper) == (3, -9, 16)
    assert (found.wave, found.wave2, found.category, found.stat) == ("2021", "2023", "2", "difference")
    assert (found.base, found.count, found.se, found.decimals) == (None, None, None, 0)


@pytest.mark.parametrize("samples", [Samples.OVERLAPPING, Samples.PERSONS])
def test_by_hand_of_waves_that_may_share_respondents(samples: Samples) -> None:
    (found,) = changes(BEFORE, AFTER, publication=compared(samples))
    assert (found.value, found.lower, found.upper) == (3, 8 - 21, 26 - 6)


@pytest.mark.parametrize(("tenths", "change"), [(121, 0), (124, 0), (125, 1), (151, 3), (116, 0), (115, 0), (114, -1)])
def test_a_change_has_no_decimal_that_one_of_the_numbers_lacks(tenths: int, change: int) -> None:
    (found,) = changes(BEFORE, fact("2023", tenths, 101, 212, decimals=1))
    assert (found.value, found.decimals) == (change, 0), "12.1 − 12 is 0, and a half is rounded up"


def test_by_hand_of_numbers_with_and_without_a_decimal() -> None:
    (found,) = changes(BEFORE, fact("2023", 151, 101, 212, decimals=1))
    # (15.05 − 12.5) − √((15.05 − 10.1)² + (21 − 12.5)²) = 2.55 − 9.84 = −7.29
    # (15.15 − 11.5) + √((21.2 − 15.15)² + (11.5 − 6)²) = 3.65 + 8.18 = 11.83
    assert (found.lower, found.upper) == (-8, 12)
    (found,) = changes(BEFORE, fact("2023", 151, 101, 212, decimals=1), publication=compared(OVERLAPPING))
    assert (found.lower, found.upper) == (-11, 16), "10.1 − 21 and 21.2 − 6, outward"


@given(*[st.tuples(*[st.integers(0, 100)] * 3).map(sorted)] * 2, st.sampled_from(list(Samples)))
def test_a_share_cannot_change_by_more_than_100_points(one: list[int], other: list[int], samples: Samples) -> None:
    rows = [fact(wave, value, lower, upper) for wave, (lower, value, upper) in (("2021", one), ("2023", other))]
    (found,) = changes(*rows, publication=compared(samples))
    assert found.value is not None
    assert found.lower is not None
    assert found.upper is not None
    assert -100 <= found.lower <= found.value <= found.upper <= 100


def test_each_measure_has_a_change_of_its_own() -> None:
    rows = [
        fact(wave, 1, 0, 2, category=category, stat=stat)
        for wave in ("2021", "2023")
        for category, stat in (("", "mean"), ("", "balance"), ("2", "first"), ("2", "top-3"), ("2", ""))
    ]
    assert [each.stat for each in changes(*rows)] == [
        "mean-difference", "balance-difference", "first-difference", "top-3-difference", "difference",
    ]  # fmt: skip


numbers = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(-60, 60), st.sampled_from([1, 10]))


@given(numbers, numbers, st.integers(-10, 10))
def test_limits_are_those_of_the_scalar_method(one: tuple[int, ...], other: tuple[int, ...], tenths: int) -> None:
    def printed(down: int, up: int, value: int, unit: int) -> dict[str, np.ndarray]:
        cells = {"value": value * unit, "lower": (value - down) * unit, "upper": (value + up) * unit, "unit": unit}
        return {name: np.array([cell], np.int64) for name, cell in cells.items()}

    def rounded(down: int, up: int, value: int, unit: int) -> Rounded:
        return Rounded(
            value=(max(value - 0.5, value - down) * unit, min(value + 0.5, value + up) * unit),
            lower=((value - down) * unit, (value - down + 1) * unit),
            upper=((value + up - 1) * unit, (value + up) * unit),
        )

    found = limits(printed(*one), printed(*other), np.array([tenths / 10]))
    wanted = widest(rounded(*other), rounded(*one), (tenths / 10, 1.0))
    assert [float(limit[0]) for limit in found] == pytest.approx(wanted, rel=1e-12, abs=1e-12)


@given(st.sampled_from(list(Samples)), numbers, numbers)
def test_a_change_is_the_comparison_of_the_two(samples: Samples, one: tuple[int, ...], other: tuple[int, ...]) -> None:
    rows = [
        fact(wave, value, value - down, value + up, category="", stat="mean", decimals=unit // 10)
        for wave, (down, up, value, unit) in (("2021", one), ("2023", other))
    ]
    publication = compared(samples)
    (found,) = changes(*rows, publication=publication)
    told = contrast(rows[1], rows[0], study(), publication)
    assert (found.value, found.lower, found.upper) == (told.value, told.lower, told.upper)
    assert told.rule is (Rule.WAVES if samples is INDEPENDENT else Rule.BOUND)


@given(st.integers(-10, 9), numbers, numbers)
def test_a_change_in_a_panel_counts_in_what_is_told_of_it(
    tenths: int, one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    rows = [
        fact(wave, value, value - down, value + up, category="", stat="mean", decimals=unit // 10)
        for wave, (down, up, value, unit) in (("2021", one), ("2023", other))
    ]
    hanging = WaveCorrelations(
        wave="2021", wave2="2023", question="q1", item="", by=(), names=("",), tenths={"~mean": (tenths,)}
    )
    publication = replace(compared(Samples.PERSONS), wave_correlations=(hanging,))
    (found,) = changes(*rows, publication=publication)
    told = contrast(rows[1], rows[0], study(), publication)
    assert (found.value, found.lower, found.upper) == (told.value, told.lower, told.upper)
    assert told.rule is Rule.PERSONS
    (widest_,) = changes(*rows, publication=compared(Samples.PERSONS))
    assert widest_.lower <= found.lower
    assert found.upper <= widest_.upper
    assert publication.ground("2021", "2023") is Ground.TOLD


def test_what_has_no_interval_or_no_number_has_no_change() -> None:
    withheld = replace(AFTER, value=None, lower=None, upper=None, base=None, status=Status.WITHHELD)
    assert changes(BEFORE, withheld) == []
    assert changes(BEFORE, fact("2023", 15, None, None)) == []
    assert changes(BEFORE, fact("2023", 15, 8, 26, category="3")) == []
    assert changes(BEFORE, AFTER, publication=PUBLICATION) == []


def test_quartiles_and_pairs_of_backgrounds_have_none() -> None:
    more: dict[str, object] = {"category": "", "stat": "median"}
    assert changes(fact("2021", 12, 6, 21, **more), fact("2023", 15, 8, 26, **more)) == []
    pair = {"by1": "storlek", "group1": "liten", "by2": "del", "group2": "norr"}
    assert changes(fact("2021", 12, 6, 21, **pair), fact("2023", 15, 8, 26, **pair)) == []


def test_there_is_no_change_over_a_break() -> None:
    made = study()
    change = Change(wave="2023", note=Text.of({"sv": "Ny fråga.", "en": "New."}))
    section = made.sections[0]
    first = replace(section.questions[0], changes=(change,))
    broken = replace(made, sections=(replace(section, questions=(first, *section.questions[1:])),))
    grid = [replace(each, question="q2", item="a") for each in (BEFORE, AFTER)]
    assert [each.question for each in changes(BEFORE, AFTER, *grid, asked=broken)] == ["q2"]
    found = Break(question="q2", earlier="2021", wave="2023", cause=Cause.LABELS)
    assert changes(BEFORE, AFTER, *grid, asked=broken, publication=compared(breaks=(found,))) == []
    told = contrast(grid[1], grid[0], broken, compared(breaks=(found,)))
    assert str(told.why) == "changed"


def test_who_was_asked_is_seen_in_the_published_bases() -> None:
    respondents = {each.wave: each.respondents for each in PUBLICATION.responses}
    beside = [fact(wave, 5, 1, 9, category="9", base=n) for wave, n in respondents.items()]
    assert len(changes(BEFORE, AFTER, *beside)) == 2
    fewer = replace(beside[1], base=respondents["2023"] - 10)
    assert changes(BEFORE, AFTER, beside[0], fewer) == []


def test_of_three_waves_the_first_is_compared_with_the_last() -> None:
    made = study()
    three = replace(made, waves=(*made.waves, Wave(id="2025", label=Text.of({"sv": "2025"}), start="2025-09-01")))
    publication = compared(INDEPENDENT, ("2021", "2023"), ("2023", "2025"), ("2021", "2025"))
    found = changes(BEFORE, AFTER, fact("2025", 20, 12, 31), asked=three, publication=publication)
    assert [(each.wave, each.wave2, each.value) for each in found] == [
        ("2021", "2023", 3), ("2023", "2025", 5), ("2021", "2025", 8),
    ]  # fmt: skip


# in an edition


def edition(samples: Samples = INDEPENDENT, *rows: Fact) -> Edition:
    publication = compared(samples)
    facts = with_changes(facts_from(rows or (BEFORE, AFTER)), study(), publication)
    return make_edition(study(), publication, facts)


def test_it_is_read_back_found_and_cited(tmp_path: Path) -> None:
    made = edition()
    found = open_edition(write_edition(made, tmp_path))
    assert (found.id, found.publication) == (made.id, made.publication)
    address = parse_address("liten.2021..2023/q1/2~difference")
    change = found.fact(address)
    assert describe(found.study, change, "sv", found.publication) == (
        "”Hur digital är kommunen?” Delvis, skillnad, 2021–2023: +3 procentenheter "
        "(95-procentigt konfidensintervall −9 till 16)"
    )
    assert f"liten.2021..2023@{found.short_id}/q1/2~difference" in cite_fact(found, address, "en").text
    wide = edition(OVERLAPPING)
    assert "at its widest −13" in describe(wide.study, wide.fact(address), "en", wide.publication)
    assert [str(each.address) for each in compare(found, edition(OVERLAPPING)).changed] == [
        "liten.2021..2023/q1/2~difference"
    ]
    with pytest.raises(NoSuchFact):
        found.fact("liten.2021..2023/q1/3~difference")


def test_a_question_without_changes_says_that_it_has_none() -> None:
    made = edition()
    for address, words in (
        ("liten.2021..2023/q2.a", "no change of “q2.a” is published between these waves"),
        ("liten.2021..2023/q3", "there is no question “q3”"),
    ):
        with pytest.raises(NoSuchFact, match=words) as caught:
            made.fact(address)
        assert (caught.value.nearest is None) == ("q2" in address)


@pytest.mark.parametrize("text", ["liten/q1/2~difference", "liten.2021..2023/q1/2", "liten.2021..2023/q1~mean"])
def test_two_waves_and_a_difference_belong_together(text: str) -> None:
    with pytest.raises(AddressError, match="belong together"):
        parse_address(text)


def test_nothing_is_wrong_with_what_is_right(tmp_path: Path) -> None:
    assert check_edition(write_edition(edition(), tmp_path)) == ()


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        ({"value": 4}, "not the change that the two published numbers give"),
        ({"upper": 15}, "not the change that the two published numbers give"),
        ({"category": "3"}, "there is no such change to publish"),
        (None, "the change between two published numbers is missing"),
    ],
)
def test_a_change_that_was_forged_is_found_without_the_answers(
    tmp_path: Path, forged: dict[str, object] | None, words: str
) -> None:
    made = edition()
    rows = list(made.facts.rows(slice(None)))
    rows = rows[:-1] if forged is None else [*rows[:-1], replace(rows[-1], **forged)]  # type: ignore[arg-type]
    found = check_edition(write_edition(make_edition(study(), made.publication, facts_from(rows)), tmp_path))
    assert any(words in each.message for each in found)


def test_changes_can_be_taken_out_and_made_again() -> None:
    made = edition().facts
    plain: Facts = without_changes(made)
    assert len(plain) == 2
    assert with_changes(plain, study(), compared()).rows(slice(None)) == made.rows(slice(None))
    assert list(wrong_changes(made, study(), compared())) == []
