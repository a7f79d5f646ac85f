"""The holder's own comparisons, beside what an edition of the same answers lets anybody compute."""

from __future__ import annotations

import csv
import math
from itertools import combinations
from pathlib import Path

import pytest

from saklig.compilation.analysing import association, compared, estimated, within_table
from saklig.compilation.compiling import compile_edition, read_and_bind
from saklig.edition.comparable import NotComparable
from saklig.edition.contrasting import contrast
from saklig.edition.facts import Fact
from saklig.edition.relating import Rule, relation
from saklig.study.address import parse_address

STRATA = 'answers = "answers.csv"\nstrata = "q2"\npopulation = { 1 = 100, 2 = 200 }'


def addresses(*texts: str) -> list:
    return [parse_address(f"liten/{text}") for text in texts]


def rewritten(study: Path, old: str, new: str) -> Path:
    text = study.read_text(encoding="utf-8")
    assert old in text
    study.write_text(text.replace(old, new, 1), encoding="utf-8")
    return study


def test_what_anybody_can_compute_holds_what_the_holder_computes(study: Path) -> None:
    """An unweighted simple random sample: what is taken for known of each correlation holds the true one, and each
    published interval, made of rounded numbers, the holder's own."""
    edition, bound = compile_edition(study), read_and_bind(study)
    listed = [fact for fact in edition.facts_of("2021", "q1", by=None) if fact.category in ("1", "2", "3", "9", "2-3")]
    rules = set()
    for one, other in combinations(listed, 2):
        try:
            public = contrast(one, other, edition.study, edition.publication)
        except NotComparable:
            continue
        mine = estimated(bound, [edition.address(fact, permanent=False) for fact in (one, other)])
        (own,) = compared(bound, mine)
        scale = 10 ** (own.found.decimals - public.decimals)
        assert public.lower is not None
        assert own.found.lower is not None
        assert public.lower * scale <= own.found.lower + 1
        assert own.found.upper - 1 <= public.upper * scale  # type: ignore[operator]
        least, most = relation(one, other, edition.study, edition.publication).correlation
        assert least - 1e-9 <= own.correlation <= most + 1e-9 or math.isnan(own.se)
        rules.add(public.rule)
    assert rules == {Rule.GROUPS, Rule.CATEGORIES, Rule.COMPLEMENT, Rule.BOUND}


def by_hand(study: Path, category: str) -> float:
    """The standard error of the difference between small and large, in a sample stratified by q2, in plain loops."""
    with study.with_name("answers.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    z = [0.0] * len(people)
    for group, sign in (("1", 1), ("2", -1)):
        inside = [i for i, row in enumerate(people) if row["storlek"] == group and row["q1"] != "9"]
        share = sum(people[i]["q1"] == category for i in inside) / len(inside)
        for i in inside:
            z[i] += sign * ((people[i]["q1"] == category) - share) / len(inside)
    variance = 0.0
    for stratum, population in (("1", 100), ("2", 200)):
        own = [each for each, row in zip(z, people, strict=True) if row["q2"] == stratum]
        mean, n = sum(own) / len(own), len(own)
        variance += (1 - n / population) * n / (n - 1) * sum((each - mean) ** 2 for each in own)
    return 100 * math.sqrt(variance)


@pytest.mark.parametrize("category", ["1", "2", "3"])
def test_groups_that_share_strata_have_a_covariance(study: Path, category: str) -> None:
    bound = read_and_bind(rewritten(study, 'answers = "answers.csv"', STRATA))
    found = estimated(bound, addresses(f"q1/{category}@storlek=liten", f"q1/{category}@storlek=stor"))
    (own,) = compared(bound, found)
    assert own.se == pytest.approx(by_hand(study, category), rel=1e-9)
    assert own.correlation != 0
    assert own.found.rule is Rule.ANSWERS


def test_the_numbers_are_those_that_are_published(study: Path) -> None:
    edition, bound = compile_edition(study), read_and_bind(study)
    for text in ("q1/1", "q1/2-3@storlek=stor", "q1/9", "q2/1@storlek=liten"):
        (mine,) = estimated(bound, addresses(text))
        published = edition.fact(f"liten/{text}")
        assert mine.fact.base == published.base
        assert mine.fact.value is not None
        assert published.value == math.floor(mine.fact.value / 100 + 0.5)


def test_a_fold_is_the_union_of_its_groups(study: Path) -> None:
    fold = 'groups = [\n  { id = "liten"'
    folded = 'fold = [{ id = "alla", of = ["liten", "stor"], label = { sv = "Alla", en = "All" } }]\n' + fold
    bound = read_and_bind(rewritten(study, fold, folded))
    union, everybody = estimated(bound, addresses("q1/1@storlek=alla", "q1/1"))
    assert union.exact == everybody.exact


PERSON = 'person = "person"\n'


@pytest.mark.parametrize(
    ("key", "rule"),
    [("", Rule.WAVES), (PERSON, Rule.ANSWERS), (PERSON + 'cluster = "q2"\n', Rule.BOUND)],
)
def test_two_waves_are_independent_and_a_panel_is_not(study: Path, key: str, rule: Rule) -> None:
    file = study.with_name("answers.csv")
    head, *lines = file.read_text(encoding="utf-8").splitlines()
    numbered = [f"{line},{i}" for i, line in enumerate(lines)]
    file.write_text("\n".join([head + ",person", *numbered]) + "\n")
    file.with_name("answers-2023.csv").write_text("\n".join([head + ",person", *numbered[:-1]]) + "\n")
    text = study.read_text(encoding="utf-8")
    start, end = text.index("[[wave]]"), text.index("[disclosure]")
    wave = text[start:end].replace("[[wave]]\n", "[[wave]]\n" + key)
    later = wave.replace("2021", "2023").replace("answers.csv", "answers-2023.csv")
    study.write_text(text[:start] + wave + later + text[end:])
    bound = read_and_bind(study)
    wanted = [parse_address("liten.2021/q1/1"), parse_address("liten.2023/q1/1")]
    (own,) = compared(bound, estimated(bound, wanted))
    assert own.found.rule is rule
    assert own.found.holds_zero
    # All but one answered twice, and alike: their change has next to no error.
    correlations = {Rule.WAVES: own.correlation == 0, Rule.ANSWERS: own.correlation > 0.9}
    assert correlations.get(rule, math.isnan(own.correlation))


def test_a_question_by_a_background(study: Path) -> None:
    bound = read_and_bind(study)
    place, told = association(bound, parse_address("liten/q1"), "storlek")
    with study.with_name("answers.csv").open(encoding="utf-8", newline="") as file:
        people = [row for row in csv.DictReader(file) if row["q1"] != "9"]
    n = len(people)
    pearson = 0.0
    for answer in "123":
        for group in "12":
            both = sum(row["q1"] == answer and row["storlek"] == group for row in people)
            expected = sum(row["q1"] == answer for row in people) * sum(row["storlek"] == group for row in people) / n
            pearson += (both - expected) ** 2 / expected
    assert (place, told.pearson) == (Fact(wave="2021", question="q1", base=n), pytest.approx(pearson))
    assert told.numerator <= 2 + 1e-9
    assert told.denominator == pytest.approx(told.numerator * (n - 1))


def test_pairs_within_a_table_are_those_that_are_compared_one_by_one(study: Path) -> None:
    bound = read_and_bind(rewritten(study, 'answers = "answers.csv"', STRATA))
    place, _told = association(bound, parse_address("liten/q1"), "storlek")
    pairs = within_table(bound, place, "storlek")
    assert [each.found.first.category for each in pairs] == ["1", "2", "3"]
    alone = []
    for pair in pairs:
        texts = (f"q1/{pair.found.first.category}@storlek={group}" for group in ("liten", "stor"))
        (own,) = compared(bound, estimated(bound, addresses(*texts)))
        assert (pair.found.value, pair.found.lower, pair.found.upper) == (
            own.found.value, own.found.lower, own.found.upper,
        )  # fmt: skip
        assert (pair.se, pair.correlation) == (pytest.approx(own.se), pytest.approx(own.correlation))
        alone.append(own.found.p[1])
    least = min(alone)
    assert min(each.found.p[1] for each in pairs) == pytest.approx(min(1.0, 3 * least), rel=0.05)


def test_what_has_no_table_is_refused(study: Path) -> None:
    bound = read_and_bind(rewritten(study, 'kind = "scale"', 'kind = "multiple"'))
    with pytest.raises(NotComparable, match="answer by answer"):
        association(bound, parse_address("liten/q1"), "storlek")
    lines = study.with_name("answers.csv").read_text().splitlines()
    alike = "\n".join([lines[0], *(f"1,{line[2:]}" for line in lines[1:])]) + "\n"
    study.with_name("answers.csv").write_text(alike)
    bound = read_and_bind(rewritten(study, 'kind = "multiple"', 'kind = "scale"'))
    with pytest.raises(NotComparable, match="not two answers in two groups"):
        association(bound, parse_address("liten/q1"), "storlek")
