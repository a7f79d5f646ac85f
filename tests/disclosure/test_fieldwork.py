"""The fieldwork report against a reader who knows everything but how the cases ended, and can solve equations.

The reader is written apart from the protection: own equations from the printed rows, own solver, and on small tables
every possible outcome of every case.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from saklig.answers.cases import Cases
from saklig.answers.model import Answers
from saklig.disclosure.fieldwork import protect_fieldwork
from saklig.disclosure.fieldwork_answers import few_beside_answers
from saklig.disclosure.policy import POLICIES, Policy
from saklig.edition.facts import Fact, Facts, Status, facts_from
from saklig.edition.fieldwork import FieldworkReport, FieldworkRow
from saklig.edition.fieldwork_statement import check_reports, from_report, to_report
from saklig.edition.places import Place
from saklig.language.text import Text
from saklig.study.fieldwork import ANSWERED, DISPOSITIONS, REASONS, Disposition, Eligibility
from saklig.study.model import (
    Background,
    Category,
    CodeList,
    Group,
    Kind,
    Question,
    Section,
    Stratum,
    Study,
    Wave,
)

POLICY = POLICIES["organisations"]
LETTERS = [each.value for each in DISPOSITIONS]


def text(words: str) -> Text:
    return Text((("en", words),))


def a_study(strata: int, groups: dict[str, int], populations: bool = False) -> Study:
    categories = tuple(Category(id=name, label=text(name), code=name) for name in ("a", "b"))
    question = Question(
        id="q1", kind=Kind.SINGLE, text=text("?"), label=text("?"), codes=CodeList(id="q1", categories=categories)
    )
    listed = tuple(Stratum(id=f"s{n}", population=1000 * (n + 1) if populations else None) for n in range(strata))
    backgrounds = (
        Background(
            id=name,
            label=text(name),
            groups=tuple(Group(id=f"{name}{n}", label=text("g"), codes=(n,)) for n in range(count)),
        )
        for name, count in groups.items()
    )
    return Study(
        id="s",
        title=text("t"),
        languages=("en",),
        sections=(Section(id="1", title=text("1"), questions=(question,)),),
        waves=(Wave(id="2021", label=text("2021"), strata=listed),),
        backgrounds=tuple(backgrounds),
    )


def facts_of(cases: Cases, study: Study, threshold: int) -> Facts:
    """As the edition's: a group is printed from the threshold on, and the smallest beside one that is not."""
    ended = np.isin(cases.dispositions, [0, 1])
    rows = [Fact(wave="2021", question="q1", category="a", value=1, base=int(ended.sum()))]
    for background in study.backgrounds:
        codes = cases.backgrounds[background.id][ended]
        n = [int((codes == number).sum()) for number in range(len(background.groups))]
        outside = int((codes < 0).sum())
        hidden = {number for number, count in enumerate(n) if 0 < count < threshold}
        while hidden or outside:
            few = sum(n[number] for number in hidden) + outside
            free = [number for number, count in enumerate(n) if count and number not in hidden]
            if (few >= threshold and len(hidden) + bool(outside) > 1) or not free:
                break
            hidden.add(min(free, key=lambda number: n[number]))
        for number, group in enumerate(background.groups):
            shown = number not in hidden and n[number]
            rows.append(
                Fact(
                    wave="2021",
                    question="q1",
                    category="a",
                    by1=background.id,
                    group1=group.id,
                    value=1 if shown else None,
                    base=n[number] if shown else None,
                    status=Status.PUBLISHED if shown else Status.WITHHELD,
                )
            )
    return facts_from(rows)


@st.composite
def surveys(draw: st.DrawFn, most: int = 90, least: int = 1, backgrounds: int = 0) -> tuple[Study, Cases]:
    strata = draw(st.integers(0, 3))
    groups = {name: draw(st.integers(2, 3)) for name in ("x", "y")[: draw(st.integers(backgrounds, 2))]}
    n = draw(st.integers(least, most))
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    common = seed.dirichlet([draw(st.sampled_from([0.3, 1, 3]))] * len(DISPOSITIONS))
    same = draw(st.booleans())  # a background that is the stratum again, or a coarser one
    stratum = seed.integers(0, strata, n) if strata else None
    of = {}
    for name, count in groups.items():
        codes = seed.integers(-1 if draw(st.booleans()) else 0, count, n)
        if same and stratum is not None:
            codes = np.minimum(stratum, count - 1)
        of[name] = codes.astype(np.int16)
    cases = Cases(
        wave="2021",
        n=n,
        dispositions=seed.choice(len(DISPOSITIONS), n, p=common).astype(np.int8),
        strata=None if stratum is None else stratum.astype(np.int32),
        backgrounds=of,
    )
    return a_study(strata, groups), cases


def report_of(
    study: Study, cases: Cases, policy: Policy = POLICY, earlier: tuple[FieldworkReport, ...] = ()
) -> FieldworkReport:
    return protect_fieldwork(
        cases, answers_of(cases, study), study, facts_of(cases, study, policy.threshold), policy, earlier
    )


def answers_of(cases: Cases, study: Study, there: np.ndarray | None = None) -> Answers:
    """Whose answers are in the data: those `there`, bool (cases,), or all whose case ended in an answer."""
    if there is None:
        there = np.isin(cases.dispositions, [0, 1])
    return Answers(
        wave="2021",
        n=int(there.sum()),
        columns={},
        backgrounds={name: codes[there] for name, codes in cases.backgrounds.items()},
        weights=np.ones(int(there.sum())),
        weighted=False,
        strata=None if cases.strata is None else cases.strata[there],
        stratum_ids=tuple(stratum.id for stratum in study.waves[0].strata),
    )


def inside(row: FieldworkRow, study: Study, cases: Cases) -> np.ndarray:
    """Bool (cases,)."""
    if not row.group:
        return np.ones(cases.n, bool)
    if not row.by:
        assert cases.strata is not None
        return cases.strata == [stratum.id for stratum in study.waves[0].strata].index(row.group)
    return cases.backgrounds[row.by] == [group.id for group in study.background(row.by).groups].index(row.group)


class Reader:
    """One variable for each kind of case and disposition. Knows each case's groups, and whether it answered."""

    def __init__(self, study: Study, cases: Cases, reports: tuple[FieldworkReport, ...]) -> None:
        self.study, self.cases = study, cases
        profile = [cases.strata if cases.strata is not None else np.zeros(cases.n), *cases.backgrounds.values()]
        profile.append(np.isin(cases.dispositions, [0, 1]))
        kinds, self.kind = np.unique(np.stack(profile).astype(int), axis=1, return_inverse=True)
        self.kind = self.kind.reshape(-1)
        self.sizes, size = np.bincount(self.kind), kinds.shape[1]
        self.answered = kinds[-1].astype(bool)
        left, right = [], []
        for number in range(size):
            row = np.zeros((size, len(DISPOSITIONS)))
            row[number, :] = 1
            left.append(row.ravel())
            right.append(self.sizes[number])
        for report in reports:
            for row in report.rows:
                for place, disposition in enumerate(DISPOSITIONS):
                    if (count := row.counts[disposition]) is not None:
                        left.append(self.cell(row, place))
                        right.append(count)
        self.left, self.right = np.array(left), np.array(right, float)
        self.most = np.zeros((size, len(DISPOSITIONS)))
        self.most[self.answered, :2] = self.sizes[self.answered, None]
        self.most[~self.answered, 2:] = self.sizes[~self.answered, None]

    def cell(self, row: FieldworkRow, place: int) -> np.ndarray:
        found = np.zeros((len(self.sizes), len(DISPOSITIONS)))
        found[np.unique(self.kind[inside(row, self.study, self.cases)]), place] = 1
        return found.ravel()

    def range(self, row: FieldworkRow, place: int) -> tuple[int, int]:
        cost = self.cell(row, place)
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * cost,
                constraints=LinearConstraint(self.left, self.right, self.right),
                bounds=Bounds(0, self.most.ravel()),
                integrality=np.ones(len(cost)),
            )
            assert found.status == 0, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


def small(report: FieldworkReport, study: Study, cases: Cases, threshold: int) -> list[tuple[FieldworkRow, int, int]]:
    """The counts that nobody shall know: (row, place of the disposition, count). Where nobody broke off, how many were
    complete is how many answered."""
    half = DISPOSITIONS if (cases.dispositions == 1).any() else REASONS
    found = []
    for row in report.rows:
        counts = np.bincount(cases.dispositions[inside(row, study, cases)], minlength=len(DISPOSITIONS))
        found += [
            (row, place, int(counts[place]))
            for place, each in enumerate(DISPOSITIONS)
            if each in half and 0 < counts[place] < threshold
        ]
    return found


class Stranger:
    """Knows how many were invited and answered in each row, and which groups lie inside others, but not who is in
    several: any two groups may have cases in common, unless the one says the other."""

    def __init__(self, study: Study, cases: Cases, report: FieldworkReport) -> None:
        codes = [cases.strata] if cases.strata is not None else []
        codes += list(cases.backgrounds.values())
        names = ([""] if cases.strata is not None else []) + list(cases.backgrounds)
        ids = [[stratum.id for stratum in study.waves[0].strata]] if cases.strata is not None else []
        ids += [[group.id for group in study.background(name).groups] for name in cases.backgrounds]
        seen = [sorted({int(code) for code in each}) for each in codes]
        says = {
            (a, b, value): {int(other) for other in codes[b][codes[a] == value]}
            for a in range(len(codes))
            for b in range(len(codes))
            for value in seen[a]
        }
        self.kinds = [
            kind
            for kind in itertools.product(*seen)
            if all(
                kind[b] in says[a, b, kind[a]] or len(says[a, b, kind[a]]) > 1
                for a in range(len(kind))
                for b in range(len(kind))
            )
        ]
        self.at = {("", ""): np.ones(len(self.kinds), bool)}
        totals = {("", ""): np.ones(cases.n, bool)}
        for place, (name, known) in enumerate(zip(names, ids, strict=True)):
            for code in seen[place]:
                where = (name, known[code] if code >= 0 else f"none of {name}")
                self.at[where] = np.array([kind[place] == code for kind in self.kinds])
                totals[where] = codes[place] == code
        left, right = [], []
        for where, inside in self.at.items():
            for half in (slice(0, 2), slice(2, None)):
                row = np.zeros((len(self.kinds), len(DISPOSITIONS)))
                row[inside, half] = 1
                left.append(row.ravel())
                of = np.bincount(cases.dispositions[totals[where]], minlength=len(DISPOSITIONS))
                right.append(of[half].sum())
        for row in report.rows:
            for place, disposition in enumerate(DISPOSITIONS):
                if (count := row.counts[disposition]) is not None and row.place in self.at:
                    left.append(self.cell(row, place))
                    right.append(count)
        self.left, self.right = np.array(left), np.array(right, float)

    def cell(self, row: FieldworkRow, place: int) -> np.ndarray:
        found = np.zeros((len(self.kinds), len(DISPOSITIONS)))
        found[self.at[row.place], place] = 1
        return found.ravel()

    def range(self, row: FieldworkRow, place: int) -> tuple[int, int]:
        cost, ends = self.cell(row, place), []
        for sign in (1, -1):
            found = milp(
                sign * cost,
                constraints=LinearConstraint(self.left, self.right, self.right),
                bounds=Bounds(0, np.inf),
                integrality=np.ones(len(cost)),
            )
            assert found.status == 0, found.message
            ends.append(round(sign * found.fun))
        return ends[0], ends[1]


SLOW = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(surveys())
def test_no_small_count_can_be_solved(survey: tuple[Study, Cases]) -> None:
    study, cases = survey
    report = report_of(study, cases)
    reader = Reader(study, cases, (report,))
    for row, place, count in small(report, study, cases, POLICY.threshold):
        assert row.counts[DISPOSITIONS[place]] is None
        lowest, highest = reader.range(row, place)
        assert lowest <= count <= highest
        half = slice(0, 2) if place < 2 else slice(2, None)
        of = np.bincount(cases.dispositions[inside(row, study, cases)], minlength=len(DISPOSITIONS))[half].sum()
        assert highest - lowest >= min(POLICY.threshold, of)


@SLOW
@given(surveys(most=300))
def test_no_small_count_of_a_sample_can_be_solved_by_whoever_does_not_know_who_took_part(
    survey: tuple[Study, Cases],
) -> None:
    study, cases = survey
    policy = POLICIES["sample"]
    report = report_of(study, cases, policy)
    reader = Stranger(study, cases, report)
    for row, place, count in small(report, study, cases, policy.threshold):
        assert row.counts[DISPOSITIONS[place]] is None
        lowest, highest = reader.range(row, place)
        assert lowest <= count <= highest
        half = slice(0, 2) if place < 2 else slice(2, None)
        of = np.bincount(cases.dispositions[inside(row, study, cases)], minlength=len(DISPOSITIONS))[half].sum()
        assert highest - lowest >= min(policy.threshold, of)


@SLOW
@given(surveys(most=9), st.integers(2, 3))
def test_no_small_count_of_a_tiny_survey_is_the_same_in_all_possible_ones(
    survey: tuple[Study, Cases], threshold: int
) -> None:
    """All of 6 reasons for each case is 6⁹ at most: only of those who did not answer, and of four reasons."""
    study, cases = survey
    kept = np.where(cases.dispositions < 2, 0, 2 + cases.dispositions % 3).astype(np.int8)
    cases = replace(cases, dispositions=kept)
    policy = replace(POLICY, threshold=threshold)
    report = report_of(study, cases, policy)
    printed = [
        (inside(row, study, cases), place, count)
        for row in report.rows
        for place, each in enumerate(DISPOSITIONS)
        if (count := row.counts[each]) is not None
    ]
    silent = np.flatnonzero(kept >= 2)
    wanted = small(report, study, cases, threshold)
    seen: list[set[int]] = [set() for _ in wanted]
    for outcomes in itertools.product((2, 3, 4), repeat=len(silent)):
        kept = kept.copy()
        kept[silent] = outcomes
        if all(int(((kept == place) & rows).sum()) == count for rows, place, count in printed):
            for number, (row, place, _) in enumerate(wanted):
                seen[number].add(int(((kept == place) & inside(row, study, cases)).sum()))
    for (row, place, count), values in zip(wanted, seen, strict=True):
        assert count in values
        assert len(values) > 1, (row.place, DISPOSITIONS[place])


def absent_in(row: FieldworkRow, study: Study, cases: Cases, answers: Answers) -> int:
    """How many of the row answered and are not among the answers."""
    there = replace(cases, n=answers.n, strata=answers.strata, backgrounds=answers.backgrounds)
    ended = np.isin(cases.dispositions, [0, 1])
    return int(inside(row, study, cases)[ended].sum()) - int(inside(row, study, there).sum())


@st.composite
def partly_used(draw: st.DrawFn) -> tuple[Study, Cases, Answers]:
    """Some who answered are not among the answers: as many, in the whole and in each stratum, as may be told."""
    study, cases = draw(surveys(most=200, least=60, backgrounds=1))
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    ended = seed.random(cases.n) < 0.6
    cases = replace(cases, dispositions=np.where(ended, seed.integers(0, 2, cases.n), 2).astype(np.int8))
    there = ended.copy()
    ids = [each.id for each in study.waves[0].strata]
    where = ended if cases.strata is None else ended & (cases.strata == seed.integers(0, len(ids)))
    there[seed.permutation(np.flatnonzero(where))[: draw(st.integers(5, 12))]] = False
    for stratum, _ in few_beside_answers(cases, answers_of(cases, study, there), study, POLICY):
        there |= ended & (np.ones(cases.n, bool) if cases.strata is None or not stratum else where)
    return study, cases, answers_of(cases, study, there)


def facts_of_answers(answers: Answers, study: Study, threshold: int) -> Facts:
    there = Cases(
        wave="2021",
        n=answers.n,
        dispositions=np.zeros(answers.n, np.int8),
        strata=answers.strata,
        backgrounds=answers.backgrounds,
    )
    return facts_of(there, study, threshold)


class Subtracting:
    """Knows how many answered of each kind (or only of each row), and how many answers each row has; so every number of
    those who answered that is printed tells how many of them are absent."""

    def __init__(self, kinds: dict[tuple[str, str], np.ndarray], sizes: list[tuple[np.ndarray, int]]) -> None:
        self.kinds, self.sizes = kinds, sizes

    def width(self, place: tuple[str, str], told: dict[tuple[str, str], int]) -> int:
        """How far apart the least and the greatest number of absent lie, where those `told` are known."""
        n = len(self.kinds[place])
        left = [np.concatenate([self.kinds[each].astype(float), np.zeros(n)]) for each in told]
        right = [float(count) for count in told.values()]
        for mask, size in self.sizes:  # those who are there and those who are not
            left.append(np.concatenate([mask, mask]).astype(float))
            right.append(float(size))
        cost = np.concatenate([self.kinds[place].astype(float), np.zeros(n)])
        ends = []
        for sign in (1, -1):
            found = milp(
                sign * cost,
                constraints=LinearConstraint(np.array(left), right, right),
                bounds=Bounds(0, np.inf),
                integrality=np.ones(2 * n),
            )
            assert found.status == 0, found.message
            ends.append(round(sign * found.fun))
        return ends[1] - ends[0]


@pytest.mark.parametrize("name", ["organisations", "sample"])
@SLOW
@given(partly_used())
def test_few_who_are_not_among_the_answers_are_not_told_by_subtraction(
    name: str, survey: tuple[Study, Cases, Answers]
) -> None:
    study, cases, answers = survey
    policy = POLICIES[name]
    report = protect_fieldwork(cases, answers, study, facts_of_answers(answers, study, 5), policy, ())
    absent = {row.place: absent_in(row, study, cases, answers) for row in report.rows}
    told = {row.place: absent[row.place] for row in report.rows if row.answered is not None}
    assert not {place for place, count in told.items() if 0 < count < policy.threshold}
    always = {place: count for place, count in absent.items() if not place[0]}
    assert always.keys() <= told.keys()
    ended = np.isin(cases.dispositions, [0, 1])
    if name == "organisations":
        known = Reader(study, cases, (report,))
        at = {
            row.place: np.isin(np.arange(len(known.sizes)), known.kind[inside(row, study, cases)])
            for row in report.rows
        }
        sizes = [
            (np.arange(len(known.sizes)) == kind, int(known.sizes[kind]) if known.answered[kind] else 0)
            for kind in range(len(known.sizes))
        ]
    else:
        stranger = Stranger(study, cases, report)
        at = {row.place: stranger.at.get(row.place, np.zeros(len(stranger.kinds), bool)) for row in report.rows}
        sizes = [(at[row.place], int((inside(row, study, cases) & ended).sum())) for row in report.rows]
    reader = Subtracting(at, sizes)
    for row in report.rows:
        if 0 < absent[row.place] < policy.threshold:
            unavoidable = reader.width(row.place, always)
            assert reader.width(row.place, told) >= min(policy.threshold, unavoidable)


@SLOW
@given(partly_used(), st.integers(0, 2**32), st.sampled_from([0.02, 0.1, 0.3]), st.integers(-1, 0))
def test_where_the_answers_have_other_groups_than_the_cases_no_small_difference_can_be_solved(
    survey: tuple[Study, Cases, Answers], seed: int, share: float, lowest: int
) -> None:
    """Such as what persons say of themselves, beside a register: differences up and down."""
    study, cases, answers = survey
    draw = np.random.default_rng(seed)
    moved = {
        name: np.where(draw.random(answers.n) < share, draw.integers(lowest, 2, answers.n), codes).astype(np.int16)
        for name, codes in answers.backgrounds.items()
    }
    answers = replace(answers, backgrounds=moved)
    report = protect_fieldwork(cases, answers, study, facts_of_answers(answers, study, 5), POLICY, ())
    codes = [each for each in (cases.strata, *cases.backgrounds.values()) if each is not None]
    now = [each for each in (answers.strata, *answers.backgrounds.values()) if each is not None]
    if not codes:
        return
    kinds = np.unique(np.concatenate([np.stack(codes), np.stack(now)], axis=1), axis=1)
    names = ([""] if cases.strata is not None else []) + list(cases.backgrounds)
    every = Cases(
        wave="2021",
        n=kinds.shape[1],
        dispositions=np.zeros(kinds.shape[1], np.int8),
        strata=kinds[0] if cases.strata is not None else None,
        backgrounds={name: kinds[names.index(name)] for name in cases.backgrounds},
    )
    rows = {row.place: inside(row, study, every).astype(float) for row in report.rows}
    told = [rows[row.place] for row in report.rows if row.answered is not None]
    for row in report.rows:
        if 0 < abs(absent_in(row, study, cases, answers)) < POLICY.threshold:
            assert np.linalg.matrix_rank(np.array([*told, rows[row.place]])) > np.linalg.matrix_rank(np.array(told))


def test_break_offs_that_are_not_among_the_answers_are_not_told_beside_the_bases() -> None:
    """34 answers of one group, and 37 who answered: 3 broke off."""
    study = a_study(0, {"x": 2})
    groups = np.repeat([0, 1], [64, 57]).astype(np.int16)
    dispositions = np.concatenate([np.repeat([0, 1, 2, 3], [34, 3, 12, 15]), np.repeat([0, 1, 2, 3], [26, 4, 12, 15])])
    cases = Cases(wave="2021", n=121, dispositions=dispositions.astype(np.int8), backgrounds={"x": groups})
    answers = answers_of(cases, study, dispositions == 0)
    facts = facts_of_answers(answers, study, 5)
    report = protect_fieldwork(cases, answers, study, facts, POLICY, ())
    assert report.whole.answered == 67
    for row in report.groups("x"):
        assert (row.answered, set(row.counts.values()), row.rates) == (None, {None}, {})
    told = protect_fieldwork(cases, answers, study, facts, POLICIES["public"], ())
    assert [row.answered for row in told.rows] == [67, 37, 30]
    # with nobody absent, or as many as may be told, the groups are told
    assert [row.answered for row in report_of(study, cases).rows] == [67, 37, 30]
    more = np.where((dispositions == 0) & (np.arange(121) % 3 == 0), 1, dispositions).astype(np.int8)
    cases = replace(cases, dispositions=more)
    answers = answers_of(cases, study, more == 0)
    report = protect_fieldwork(cases, answers, study, facts_of_answers(answers, study, 5), POLICY, ())
    assert [row.answered for row in report.rows] == [67, 37, 30]


def test_another_edition_does_not_tell_what_the_first_withheld_beside_the_answers() -> None:
    """What was printed is known: what is withheld now must not be had from the two together."""
    study = a_study(0, {"x": 3})
    dispositions = np.tile(np.repeat([0, 1, 2, 3], [20, 4, 10, 16]), 3).astype(np.int8)
    groups = np.repeat([0, 1, 2], 50).astype(np.int16)
    there = dispositions == 0
    there[groups == 2] |= dispositions[groups == 2] == 1
    cases = Cases(wave="2021", n=150, dispositions=dispositions, backgrounds={"x": groups})
    answers = answers_of(cases, study, there)
    facts = facts_of_answers(answers, study, 5)
    first = protect_fieldwork(cases, answers, study, facts, POLICY, ())
    assert [row.answered for row in first.rows] == [72, None, None, 24]
    changed = cases.dispositions.copy()
    changed[np.flatnonzero(changed == 2)[:7]] = 3
    second = protect_fieldwork(replace(cases, dispositions=changed), answers, study, facts, POLICY, (first,))
    assert [row.answered for row in second.rows] == [72, None, None, 24]


def test_the_reader_can_win() -> None:
    """Where nothing is protected the same reader solves everything: the tests above can fail."""
    study, cases = a_study(2, {}), a_survey({"s0": {"I": 9, "R": 3, "NC": 9}, "s1": {"I": 9, "R": 9, "NC": 3}})
    open_policy = replace(POLICIES["public"], participation="known")
    report = protect_fieldwork(cases, answers_of(cases, study), study, facts_of(cases, study, 0), open_policy, ())
    reader = Reader(study, cases, (report,))
    for row, place, count in small(report, study, cases, 5):
        assert reader.range(row, place) == (count, count)
    # and where the small counts alone are left out, by subtraction
    left_out = tuple(
        replace(row, counts={each: None if count in (3,) else count for each, count in row.counts.items()})
        for row in report.rows
    )
    reader = Reader(study, cases, (replace(report, rows=left_out),))
    assert reader.range(left_out[1], 2) == (3, 3)


def a_survey(by_stratum: dict[str, dict[str, int]]) -> Cases:
    dispositions, strata = [], []
    for number, counts in enumerate(by_stratum.values()):
        for letters, count in counts.items():
            dispositions += [LETTERS.index(letters)] * count
            strata += [number] * count
    return Cases(
        wave="2021",
        n=len(strata),
        dispositions=np.array(dispositions, np.int8),
        strata=np.array(strata, np.int32),
        backgrounds={},
    )


def shown(row: FieldworkRow) -> dict[str, int | None]:
    return {each.value: count for each, count in row.counts.items() if count != 0}


LARGE = {
    "s0": {"I": 200, "R": 60, "NC": 80, "O": 10, "UO": 30, "NE": 20},
    "s1": {"I": 100, "R": 30, "NC": 40, "O": 9, "UO": 15, "NE": 6},
}


def test_a_large_survey_is_told_whole() -> None:
    cases = a_survey(LARGE)
    report = report_of(a_study(2, {}), cases)
    assert shown(report.whole) == {"I": 300, "R": 90, "NC": 120, "O": 19, "UO": 45, "NE": 26}
    assert [row.place for row in report.rows] == [("", ""), ("", "s0"), ("", "s1")]
    assert (report.whole.cases, report.whole.answered) == (600, 300)
    # e = 529/555; RR4 = 300 / (529 + 45e)
    assert report.eligible == 953
    assert report.whole.rates["RR1"] == report.whole.rates["RR2"] == 52
    assert report.whole.rates["RR4"] == report.whole.rates["responded"] == 52
    assert report.whole.rates["RR6"] == 57


def test_one_decimal_from_a_base_that_bears_it() -> None:
    cases = a_survey({name: {letters: 3 * n for letters, n in counts.items()} for name, counts in LARGE.items()})
    report = report_of(a_study(2, {}), cases)
    assert [row.decimals for row in report.rows] == [1, 1, 0]
    assert report.whole.rates["RR1"] == 523  # 900 / 1722


def test_what_can_be_had_by_subtraction_is_withheld_too() -> None:
    survey = {
        "s0": {"I": 20, "R": 12, "NC": 20, "O": 8},
        "s1": {"I": 15, "R": 9, "NC": 11, "O": 3},
        "s2": {"I": 9, "R": 8, "NC": 12, "O": 9},
    }
    report = report_of(a_study(3, {}), a_survey(survey))
    assert shown(report.whole) == {"I": 44, "R": 29, "NC": 43, "O": 20}
    _, *strata = report.rows
    withheld = [{each for each, count in shown(row).items() if count is None} for row in strata]
    assert "O" in withheld[1]
    assert all(len(each) != 1 for each in withheld)
    assert sum("O" in each for each in withheld) > 1
    # a rate that needs no more than their sum is told all the same
    assert {"RR1", "RR2", "RR6"} <= strata[1].rates.keys()
    assert "REF1" not in strata[1].rates or strata[1].counts[Disposition.REFUSAL] is not None


def test_all_who_refused_are_not_told_of_as_one() -> None:
    """Everybody knows who did not answer in s1; that all of them refused is nobody's business."""
    survey = {"s0": {"I": 30, "R": 20, "NC": 20}, "s1": {"I": 30, "R": 8}, "s2": {"I": 30, "R": 9, "NC": 9}}
    report = report_of(a_study(3, {}), a_survey(survey))
    assert {report.rows[2].counts[each] for each in REASONS} == {None}
    assert report.rows[2].answered == 30


def test_a_group_that_the_facts_withhold_is_withheld() -> None:
    study = a_study(0, {"x": 3})
    groups = np.repeat([0, 1, 2], [40, 40, 10]).astype(np.int16)
    dispositions = np.concatenate([np.resize([0, 0, 2, 3], 80), [0, 0, 0, *[2] * 7]]).astype(np.int8)
    cases = Cases(wave="2021", n=90, dispositions=dispositions, backgrounds={"x": groups})
    report = report_of(study, cases)
    assert [row.answered for row in report.groups("x")] == [20, None, None] or [
        row.answered for row in report.groups("x")
    ] == [None, 20, None]
    for row in report.groups("x"):
        assert row.cases > 0
        assert (set(row.counts.values()) == {None}) == (row.answered is None)
        assert bool(row.rates) == (row.answered is not None)


def test_where_answers_are_public_everything_is_told() -> None:
    study, cases = a_study(2, {}), a_survey({"s0": {"I": 1, "R": 1}, "s1": {"I": 2, "P": 1, "NC": 1}})
    report = protect_fieldwork(
        cases, answers_of(cases, study), study, facts_of(cases, study, 0), POLICIES["public"], ()
    )
    assert [shown(row) for row in report.rows] == [
        {"I": 3, "P": 1, "R": 1, "NC": 1}, {"I": 1, "R": 1}, {"I": 2, "P": 1, "NC": 1},
    ]  # fmt: skip


def test_e_is_what_the_study_says_or_estimated_or_not_to_be_had() -> None:
    study, cases = a_study(2, {}), a_survey(LARGE)
    said = replace(study, waves=(replace(study.waves[0], eligibility=Eligibility(share=0.5, reason=text("a check"))),))
    report = report_of(said, cases)
    assert (report.eligible, report.estimated) == (500, False)
    assert report.whole.rates["RR3"] == round(float(100 * Fraction(300) / (529 + Fraction(45, 2))))
    few = {name: {**counts, "NE": 1} for name, counts in LARGE.items()}
    report = report_of(study, a_survey(few))
    assert report.whole.counts[Disposition.NOT_ELIGIBLE] is None
    assert (report.eligible, report.estimated) == (None, True)
    assert "RR3" not in report.whole.rates


def test_weights_are_those_of_the_strata() -> None:
    report = report_of(a_study(2, {}, populations=True), a_survey(LARGE))
    weights = Fraction(1000, 400), Fraction(2000, 200)
    expected = (weights[0] * 200 + weights[1] * 100) / (weights[0] * 380 + weights[1] * 194)
    assert report.weighted["RR1"] == round(100 * expected)
    assert report_of(a_study(2, {}), a_survey(LARGE)).weighted == {}


# editions


def test_the_same_cases_are_told_the_same_again() -> None:
    survey = {"s0": {"I": 20, "R": 12, "NC": 20, "O": 8}, "s1": {"I": 15, "R": 9, "NC": 11, "O": 3}}
    study, cases = a_study(2, {}), a_survey(survey)
    first = report_of(study, cases)
    assert report_of(study, cases, earlier=(first,)) == first


def test_a_correction_of_one_case_is_not_to_be_had_by_comparison() -> None:
    study = a_study(2, {})
    before = a_survey(LARGE)
    first = report_of(study, before)
    corrected = before.dispositions.copy()
    corrected[np.flatnonzero((corrected == 2) & (np.asarray(before.strata) == 0))[0]] = 3
    second = report_of(study, replace(before, dispositions=corrected), earlier=(first,))
    by_place = {row.place: row for row in second.rows}
    for place in (("", ""), ("", "s0")):
        assert {by_place[place].counts[each] for each in REASONS} == {None}
        assert by_place[place].answered == {("", ""): 300, ("", "s0"): 200}[place]
    assert by_place[("", "s1")].counts == first.rows[2].counts


@SLOW
@given(surveys())
def test_two_reports_of_the_same_cases_give_no_more(survey: tuple[Study, Cases]) -> None:
    """A background that was not reported the first time: both reports together give no small count."""
    study, cases = survey
    fewer = replace(cases, backgrounds=dict(list(cases.backgrounds.items())[:1]))
    first = report_of(replace(study, backgrounds=study.backgrounds[:1]), fewer)
    second = report_of(study, cases, earlier=(first,))
    reader = Reader(study, cases, (first, second))
    for row, place, _ in small(second, study, cases, POLICY.threshold):
        lowest, highest = reader.range(row, place)
        assert highest > lowest


# study.json


@given(surveys())
@settings(deadline=None, max_examples=30)
def test_a_report_is_read_as_it_was_written(survey: tuple[Study, Cases]) -> None:
    study, cases = survey
    report = report_of(study, cases)
    assert to_report(Place(from_report(report), "fieldwork")) == report
    check_reports((report,), study)


@pytest.mark.parametrize("half", [ANSWERED, REASONS])
def test_a_report_that_does_not_add_up_is_refused(half: tuple[Disposition, ...]) -> None:
    study = a_study(2, {})
    report = report_of(study, a_survey(LARGE))
    counts = dict(report.whole.counts)
    counts[half[0]] = (counts[half[0]] or 0) + 1
    with pytest.raises(ValueError, match="do not add up"):
        check_reports((replace(report, rows=(replace(report.whole, counts=counts), *report.rows[1:])),), study)
    with pytest.raises(ValueError, match="names “s9”"):
        check_reports((replace(report, rows=(*report.rows, replace(report.rows[1], group="s9"))),), study)
    with pytest.raises(ValueError, match="which is none"):
        check_reports((replace(report, wave="1999"),), study)


def test_the_last_backgrounds_are_left_out_where_a_reader_knows_too_many_profiles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is printed of the others is as safe, in the rows of those left out too."""
    monkeypatch.setattr("saklig.disclosure.cells.MOST_VARIABLES", 40)
    draw = np.random.default_rng(5)
    study = a_study(2, {"x": 3, "y": 3})
    cases = Cases(
        wave="2021",
        n=300,
        dispositions=draw.choice(8, 300, p=[0.5, 0, 0.2, 0.2, 0.03, 0.02, 0.03, 0.02]).astype(np.int8),
        strata=draw.integers(0, 2, 300).astype(np.int32),
        backgrounds={name: draw.integers(0, 3, 300).astype(np.int16) for name in ("x", "y")},
    )
    report = report_of(study, cases)
    assert {count for row in report.groups("y") for each, count in row.counts.items() if each in REASONS} == {None}
    assert report.whole.counts[Disposition.REFUSAL] is not None
    reader = Reader(study, cases, (report,))
    for row, place, _ in small(report, study, cases, POLICY.threshold):
        lowest, highest = reader.range(row, place)
        assert highest - lowest >= (POLICY.threshold if row.by != "y" else 1)
