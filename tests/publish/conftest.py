"""A small study with every kind of question, and an edition of it with random facts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from saklig.edition.edition import Edition
from saklig.edition.facts import ADDRESS_COLUMNS, NONE, Facts, Labels, Status
from saklig.edition.publication import Protection, Publication, Response, Samples, WavePair
from saklig.edition.trends import with_changes
from saklig.language.text import Text
from saklig.study.model import (
    Arrow,
    Background,
    Balance,
    Box,
    Category,
    Change,
    CodeList,
    Condition,
    Group,
    Item,
    Kind,
    Method,
    Net,
    NumberClass,
    Part,
    Perspective,
    Question,
    Role,
    Section,
    Stratum,
    Study,
    Wave,
)


def t(sv: str, en: str = "") -> Text:
    return Text.of({"sv": sv, "en": en} if en else {"sv": sv})


DONT_KNOW = Category(id="8", label=t("Vet inte", "Don’t know"), code=8, role=Role.DONT_KNOW)
REFUSED = Category(id="9", label=t("Vill inte svara", "Prefer not to answer"), code=9, role=Role.REFUSED)


def scale(low: Text, high: Text) -> CodeList:
    ends = {1: low, 5: high}
    steps = (Category(id=str(n), label=ends.get(n, t(str(n), str(n))), code=n, score=n) for n in range(1, 6))
    return CodeList(id="scale", categories=(*steps, DONT_KNOW, REFUSED), ends_labelled=True)


def options(id: str, *labels: Text) -> CodeList:
    chosen = (Category(id=str(n), label=label, code=n) for n, label in enumerate(labels, 1))
    return CodeList(id=id, categories=(*chosen, DONT_KNOW, REFUSED))


DEGREE = scale(t("Inte alls", "Not at all"), t("Fullt ut", "Fully"))
NETS = (
    Net(id="1-2", label=t("1–2", "1–2"), of=("1", "2")),
    Net(id="4-5", label=t("4–5", "4–5"), of=("4", "5")),
)
YES_NO = options("yes-no", t("Ja, regelbundet", "Yes, regularly"), t("Ja, ibland", "Yes, sometimes"), t("Nej", "No"))
ISSUES = options(
    "issues",
    t("Kompetensförsörjningen", "Recruiting skills"),
    t("Den demografiska utvecklingen", "Demographic change"),
    t("Ekonomin", "The economy"),
    t("Digitaliseringen", "Digitalisation"),
)

SATISFIED = Question(
    id="q4_2",
    kind=Kind.SINGLE,
    text=t("Hur nöjd eller missnöjd är du med de digitala lösningar som din kommun har i dag?",
           "How satisfied or dissatisfied are you with the digital solutions that your municipality has today?"),
    label=t("Nöjd med dagens lösningar", "Satisfaction with today’s solutions"),
    codes=options("content", t("Nöjd", "Satisfied"), t("Varken eller", "Neither"), t("Missnöjd", "Dissatisfied")),
    balance=Balance(positive="1", negative="3"),
)  # fmt: skip
DEGREE_TODAY = Question(
    id="q4_1",
    kind=Kind.SCALE,
    text=t("Hur digitaliserad är din kommun i dag?", "How digitalised is your municipality today?"),
    label=t("Grad av digitalisering", "Degree of digitalisation"),
    instruction=t("Svara på en skala från 1 till 5.", "Answer on a scale from 1 to 5."),
    presented="read-aloud",
    codes=DEGREE,
    nets=NETS,
    mean=True,
    changes=(Change(wave="2023", note=t("Frågan hade ny inledning 2023.")),),
)
ENOUGH = Question(
    id="q2_3",
    kind=Kind.GRID,
    text=t("I vilken utsträckning har din kommun tillräckligt av följande?",
           "To what extent does your municipality have enough of the following?"),
    label=t("Tid, kompetens, pengar", "Time, skills, money"),
    codes=DEGREE,
    nets=NETS,
    mean=True,
    items=(
        Item(id="a", text=t("tid", "time"), label=t("Tid", "Time")),
        Item(id="b", text=t("kompetens", "skills"), label=t("Kompetens", "Skills")),
        Item(id="c", text=t("ekonomiska resurser"), label=t("Ekonomiska resurser")),
    ),
)  # fmt: skip
SHARE = Question(
    id="q4_3",
    kind=Kind.NUMERIC,
    text=t("Ungefär hur stor andel av sina ärenden kan invånarna sköta digitalt?",
           "Roughly what share of their errands can inhabitants complete digitally?"),
    label=t("Andel digitala ärenden", "Share of digital errands"),
    unit=t("%", "%"),
    minimum=0,
    maximum=100,
    classes=tuple(
        NumberClass(id=f"{low}-{high}", label=t(f"{low}–{high} %", f"{low}–{high}%"), lower=low, upper=high)
        for low, high in ((0, 20), (21, 40), (41, 60), (61, 80), (81, 100))
    ),
    codes=CodeList(id="missing", categories=(DONT_KNOW, REFUSED)),
)  # fmt: skip
MEASURED = Question(
    id="q5_2", kind=Kind.SINGLE, codes=YES_NO,
    text=t("Mäter din kommun effekterna av digitalisering?", "Does your municipality measure the effects?"),
    label=t("Mäts effekterna", "Are effects measured"),
)  # fmt: skip
EFFECTS = Question(
    id="q5_3",
    kind=Kind.MULTIPLE,
    text=t("Vilka effekter mäts? Flera svar möjliga.", "Which effects are measured? Several answers possible."),
    label=t("Vilka effekter", "Which effects"),
    asked_if=(Condition(question="q5_2", categories=("1", "2")),),
    codes=options(
        "effects", t("Ekonomi", "Economy"), t("Kvalitet för invånarna", "Quality for inhabitants"), t("Tillgänglighet")
    ),
)
IMPORTANT = Question(
    id="q6_1", kind=Kind.RANKING, top=3, codes=ISSUES, rotation="options",
    text=t("Vilka är de tre viktigaste frågorna för din kommun? Ange i ordning.",
           "Which are the three most important issues? Give them in order."),
    label=t("De tre viktigaste frågorna", "The three most important issues"),
)  # fmt: skip
OBSTACLE = Question(
    id="q6_2", kind=Kind.OPEN,
    codes=options("obstacles", t("Resurser", "Resources"), t("Kompetens", "Skills"), t("Inget hinder", "None")),
    text=t("Vilket är det största hindret, om något?", "What, if anything, is the greatest obstacle?"),
    label=t("Största hindret", "Greatest obstacle"),
)  # fmt: skip


def small_study() -> Study:
    size = Background(
        id="storlek",
        label=t("Kommunens storlek", "Size of municipality"),
        groups=(
            Group(id="under-15000", label=t("Under 15 000 invånare", "Under 15,000 inhabitants"), codes=(1,)),
            Group(id="15000-49999", label=t("15 000–49 999", "15,000–49,999"), codes=(2,)),
            Group(id="50000-plus", label=t("50 000 eller fler", "50,000 or more"), codes=(3,)),
        ),
    )
    part = Background(
        id="del",
        label=t("Landsdel", "Part of the country"),
        groups=(
            Group(id="norrland", label=t("Norrland"), codes=(1,)),
            Group(id="svealand", label=t("Svealand"), codes=(2,)),
            Group(id="gotaland", label=t("Götaland"), codes=(3,)),
        ),
    )
    boxes = (
        Box(id="uppdrag", label=t("Kommunens uppdrag", "The mission"), at=(1, 1)),
        Box(id="kapacitet", label=t("Kapacitet", "Capacity"), detail=t("drift"), at=(2, 1), sections=("2",)),
        Box(id="effekter", label=t("Effekter", "Effects"), at=(2, 2), sections=("5",)),
    )
    arrows = (
        Arrow(origin="uppdrag", target="kapacitet", verb=t("kräver", "requires")),
        Arrow(origin="kapacitet", target="effekter", verb=t("ger", "gives")),
    )
    strata = (
        Stratum(id="small", label=t("Små", "Small"), population=131, invited=60),
        Stratum(id="large", label=t("Stora", "Large"), population=159, invited=80),
    )
    mode = t("telefonintervju", "telephone interview")
    return Study(
        id="kommun",
        title=t("Kommunen, digitaliseringen och samhället", "The municipality, digitalisation and society"),
        subtitle=t("Vad Sveriges kommunchefer svarade.", "What Sweden’s municipal chief executives answered."),
        languages=("sv", "en"),
        sections=(
            Section(id="2", title=t("Kapacitet", "Capacity"), questions=(ENOUGH,)),
            Section(id="4", title=t("Grad av digitalisering", "Degree"), questions=(DEGREE_TODAY, SATISFIED, SHARE)),
            Section(id="5", title=t("Att mäta effekter", "Measuring effects"), questions=(MEASURED, EFFECTS)),
            Section(id="6", title=t("Viktigaste frågorna"), questions=(IMPORTANT, OBSTACLE)),
        ),
        waves=(
            Wave(id="2021", label=t("2021"), start="2021-09-01", end="2021-09-24", mode=mode, strata=strata),
            Wave(id="2023", label=t("2023"), start="2023-09-01", end="2023-09-22", mode=mode, strata=strata),
        ),
        population_name=t("Kommunchefer i Sveriges 290 kommuner", "Chief executives of Sweden’s 290 municipalities"),
        synthetic=True,
        backgrounds=(size, part),
        pairs=(("storlek", "del"),),
        perspectives=(
            Perspective(id="samhallet", title=t("Samhället", "Society"), boxes=boxes, arrows=arrows),
        ),
        method=Method(
            texts=(
                ("sponsor", t("Exempelbolaget", "The example company")),
                ("conductor", t("Exempelinstitutet", "The example institute")),
                ("limitations", t("Svaren är simulerade.", "The answers are simulated.")),
            )
        ),
    )  # fmt: skip


STATS = {Kind.SCALE: ("mean",), Kind.NUMERIC: ("mean", "median", "q1", "q3"), Kind.GRID: ("mean",)}
AROUND = {"mean": 300, "median": 280, "q1": 150, "q3": 420}
"""Tenths, so that quartiles lie on either side of the median."""


class MadeFacts:
    """Random facts of a study: the right addresses, and numbers that could be."""

    def __init__(self, study: Study, seed: int) -> None:
        self.study, self.random = study, random.Random(seed)
        self.rows: list[dict[str, object]] = []
        for wave in study.waves:
            for part in study.parts(wave.id):
                for groups in self.groupings():
                    self.add_part(wave.id, part, groups)

    def groupings(self) -> Iterator[tuple[tuple[str, str], ...]]:
        yield ()
        for background in self.study.backgrounds:
            yield from (((background.id, group.id),) for group in background.groups)
        for first, second in self.study.pairs:
            for a in self.study.background(first).groups:
                yield from (((first, a.id), (second, b.id)) for b in self.study.background(second).groups)

    def add_part(self, wave: str, part: Part, groups: tuple[tuple[str, str], ...]) -> None:
        asked = max(3, 76 // 3 ** len(groups) + self.random.randrange(-2, 3)) if groups else 76
        base = asked - 1
        status = Status.WITHHELD if groups and self.random.random() < 0.15 else Status.PUBLISHED
        weights = [self.random.random() + 0.02 for _ in part.rows]
        total = sum(weights) if not part.overlapping else max(weights) * 1.4
        for row, weight in zip(part.rows, weights, strict=True):
            beside = row.role in (Role.REFUSED, Role.NO_ANSWER)
            share = 1 if beside else round(100 * weight / total)
            stats = ("first", f"top-{part.question.top}") if part.question.top and row.role is Role.ANSWER else ("",)
            for stat in stats:
                value = share // 2 if stat == "first" else share
                self.add(wave, part, groups, status, asked if beside else base, value, category=row.id, stat=stat)
        if not any(row.role is Role.NO_ANSWER for row in part.rows):
            self.add(wave, part, groups, status, asked, 0, category="no-answer")
        for net in part.question.nets:
            self.add(wave, part, groups, status, base, self.random.randrange(10, 60), category=net.id)
        for stat in STATS.get(part.question.kind, ()):
            self.add(wave, part, groups, status, base, AROUND[stat] + self.random.randrange(40), stat=stat, decimals=1)
        if part.question.balance:
            self.add(wave, part, groups, status, base, self.random.randrange(-40, 40), stat="balance", reach=20)

    def add(
        self, wave: str, part: Part, groups: tuple[tuple[str, str], ...], status: Status, base: int, value: int,
        *, category: str = "", stat: str = "", decimals: int = 0, reach: int | None = None,
    ) -> None:  # fmt: skip
        half = reach or round(10 * (76 / base) ** 0.5)
        low, high = (value - half, value + half) if reach else (max(0, value - half), min(100, value + half))
        shown = status is Status.PUBLISHED
        by = dict(zip(("by1", "group1", "by2", "group2"), (text for pair in groups for text in pair), strict=False))
        self.rows.append(
            {
                "wave": wave, "question": part.key[0], "item": part.key[1], "category": category, "stat": stat, **by,
                "base": base if shown else NONE, "value": value if shown else NONE,
                "lower": low if shown else NONE, "upper": high if shown else NONE,
                "decimals": decimals if shown else 0, "status": status.value,
            }
        )  # fmt: skip

    def facts(self) -> Facts:
        return Facts(
            address={name: self.labels(name) for name in ADDRESS_COLUMNS},
            status=self.labels("status"),
            decimals=np.array([row["decimals"] for row in self.rows], dtype=np.int8),
            **{name: self.numbers(name) for name in ("count", "base", "value", "se", "lower", "upper", "deff", "df")},
        )

    def labels(self, name: str) -> Labels:
        texts = [str(row.get(name, "")) for row in self.rows]
        values = tuple(dict.fromkeys([*([] if name == "status" else [""]), *texts]))
        places = {text: place for place, text in enumerate(values)}
        return Labels(codes=np.array([places[text] for text in texts], dtype=np.int32), values=values)

    def numbers(self, name: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([row.get(name, NONE) for row in self.rows], dtype=np.int64)


def edition_of(study: Study, seed: int = 1, *, draft: bool = False) -> Edition:
    responses = tuple(
        Response(wave=wave.id, respondents=76, by_stratum={"small": 37, "large": 39}, weighted=True)
        for wave in study.waves
    )
    protection = Protection(
        policy="organisations",
        values={"threshold": 5, "uncertain_below": 30},
        withheld={"gate": 12, "audit": 4},
        columns=240,
        audit="full",
        audited=1444,
    )
    compared = tuple(
        WavePair(wave=earlier.id, wave2=wave.id, samples=Samples.OVERLAPPING) for earlier, wave in pairwise(study.waves)
    )
    publication = Publication(responses=responses, protection=protection, draft=draft, pairs=compared)
    facts = with_changes(MadeFacts(study, seed).facts(), study, publication)
    return Edition(id="7f3ac21e" * 8, study=study, publication=publication, facts=facts)


def in_one_wave(study: Study) -> Study:
    sections = tuple(
        replace(section, questions=tuple(replace(question, changes=()) for question in section.questions))
        for section in study.sections
    )
    return replace(study, waves=study.waves[:1], sections=sections)


@pytest.fixture(scope="session")
def made() -> Callable[..., Edition]:
    """Makes an edition of any study, with random facts."""
    return edition_of


@pytest.fixture(scope="session")
def study() -> Study:
    return small_study()


@pytest.fixture(scope="session")
def edition(study: Study) -> Edition:
    return edition_of(study)


@pytest.fixture(scope="session")
def one_wave(study: Study) -> Edition:
    return edition_of(in_one_wave(study), seed=2)


@pytest.fixture(scope="session")
def shared() -> Path:
    return Path(__file__).parents[2].parent / "shared"
