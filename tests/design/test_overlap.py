"""Which waves may share respondents: what the study says first, then who was asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from saklig.answers.model import Answers
from saklig.design.overlap import samples_of
from saklig.edition.publication import Samples
from saklig.language.text import Text
from saklig.study.model import Category, CodeList, Kind, Question, Sample, Section, Study, Wave


def words(text: str) -> Text:
    return Text.of({"sv": text})


def study(sample: Sample, *, population: int = 10_000, independent: bool = False) -> Study:
    categories = (Category(id="1", label=words("ja"), code=1),)
    question = Question(
        id="q", kind=Kind.SINGLE, text=words("?"), label=words("?"), codes=CodeList(id="c", categories=categories)
    )
    earlier = Wave(id="2021", label=words("2021"), population=population)
    later = replace(earlier, id="2023", label=words("2023"), independent=independent)
    return Study(
        id="s",
        title=words("s"),
        languages=("sv",),
        sample=sample,
        sections=(Section(id="1", title=words("1"), questions=(question,)),),
        waves=(earlier, later),
    )


def answers(wave: str, *, named: bool = False) -> Answers:
    persons = np.arange(50) if named else None
    return Answers(wave=wave, n=50, columns={}, backgrounds={}, weights=np.ones(50), weighted=False, persons=persons)


BOTH = answers("2021"), answers("2023")


@pytest.mark.parametrize("sample", [Sample.CENSUS, Sample.RECRUITED_PANEL])
def test_in_a_census_and_a_panel_the_same_may_have_answered_unless_the_study_says_otherwise(sample: Sample) -> None:
    assert samples_of(study(sample), *BOTH) is Samples.OVERLAPPING
    assert samples_of(study(sample, independent=True), *BOTH) is Samples.INDEPENDENT


def test_a_sample_overlaps_where_more_than_a_tenth_was_asked_both_times() -> None:
    assert samples_of(study(Sample.PROBABILITY), *BOTH) is Samples.INDEPENDENT
    assert samples_of(study(Sample.PROBABILITY, population=499), *BOTH) is Samples.OVERLAPPING
    assert samples_of(study(Sample.PROBABILITY, population=500), *BOTH) is Samples.INDEPENDENT


def test_named_persons_come_first() -> None:
    named = [answers(wave, named=True) for wave in ("2021", "2023")]
    for sample in (Sample.PROBABILITY, Sample.CENSUS, Sample.RECRUITED_PANEL):
        assert samples_of(study(sample), *named) is Samples.PERSONS
