"""A small study and its facts, made by hand."""

from __future__ import annotations

from saklig.edition.facts import Fact, Status
from saklig.edition.publication import Protection, Publication, Response, SampledStage, Sampling
from saklig.language.text import Text
from saklig.study.model import (
    Background,
    Category,
    CodeList,
    Group,
    Item,
    Kind,
    Net,
    Question,
    Role,
    Section,
    Study,
    Wave,
)


def text(swedish: str, english: str = "") -> Text:
    return Text.of({"sv": swedish, "en": english or swedish})


def category(code: int, label: str, role: Role = Role.ANSWER) -> Category:
    return Category(id=str(code), label=text(label), code=code, role=role, score=code if role is Role.ANSWER else None)


DEGREE = CodeList(
    id="degree",
    categories=(
        category(1, "Inte alls"),
        category(2, "Delvis"),
        category(3, "Fullt ut"),
        category(9, "Nej tack", Role.REFUSED),
    ),
)


def study(title: str = "Kommunen") -> Study:
    grid = Question(
        id="q2", kind=Kind.GRID, text=text("Hur mycket har ni av följande?"), label=text("Resurser"), codes=DEGREE,
        items=tuple(Item(id=id_, text=text(word), label=text(word)) for id_, word in (("a", "tid"), ("b", "pengar"))),
    )  # fmt: skip
    scale = Question(
        id="q1", kind=Kind.SCALE, text=text("Hur digital är kommunen?", "How digital?"), label=text("Grad", "Degree"),
        codes=DEGREE, nets=(Net(id="2-3", label=text("2–3"), of=("2", "3")),), mean=True,
    )  # fmt: skip
    return Study(
        id="liten",
        title=text(title, "The municipality"),
        languages=("sv", "en"),
        sections=(Section(id="1", title=text("Ett"), questions=(scale, grid)),),
        waves=tuple(Wave(id=year, label=text(year), start=f"{year}-09-01") for year in ("2021", "2023")),
        backgrounds=(
            Background(
                id="storlek",
                label=text("Storlek"),
                groups=(
                    Group(id="liten", label=text("Liten"), codes=(1,)),
                    Group(id="stor", label=text("Stor"), codes=(2,)),
                ),
            ),
            Background(
                id="del",
                label=text("Del"),
                groups=(
                    Group(id="norr", label=text("Norr"), codes=(1,)),
                    Group(id="syd", label=text("Syd"), codes=(2,)),
                ),
            ),
        ),
    )


def distribution(
    wave: str, question: str, item: str, counts: tuple[int, ...], by: str = "", group: str = ""
) -> list[Fact]:
    """Shares of an unweighted distribution over 1, 2, 3; the refusal beside them; the net 2–3 and the mean for q1."""
    base = sum(counts)
    place = {"wave": wave, "question": question, "item": item, "by1": by, "group1": group}

    def share(category: str, count: int) -> Fact:
        value = (200 * count + base) // (2 * base)
        return Fact(
            **place,
            category=category,
            count=count,
            base=base,
            value=value,
            lower=max(value - 9, 0),
            upper=min(value + 9, 100),
        )

    rows = [share(str(code + 1), count) for code, count in enumerate(counts)]
    rows.append(Fact(**place, category="9", count=0, base=base, value=0, lower=0, upper=4))
    if question == "q1":
        rows.append(share("2-3", counts[1] + counts[2]))
        total = sum((code + 1) * count for code, count in enumerate(counts))
        rows.append(
            Fact(**place, stat="mean", base=base, value=round(10 * total / base), lower=11, upper=29, decimals=1)
        )
    return rows


def withheld(rows: list[Fact]) -> list[Fact]:
    from dataclasses import replace

    nothing = dict.fromkeys(("count", "base", "value", "se", "lower", "upper", "deff", "df"))
    return [replace(row, status=Status.WITHHELD, **nothing) for row in rows]


def rows(q1: tuple[int, ...] = (20, 30, 26)) -> list[Fact]:
    small, large = (9, 10, 6), tuple(a - b for a, b in zip(q1, (9, 10, 6), strict=True))
    found = []
    for wave in ("2021", "2023"):
        found += distribution(wave, "q1", "", q1)
        found += distribution(wave, "q1", "", small, "storlek", "liten")
        found += distribution(wave, "q1", "", large, "storlek", "stor")
        found += withheld(distribution(wave, "q1", "", small, "del", "norr"))
        found += withheld(distribution(wave, "q1", "", large, "del", "syd"))
        for item in ("a", "b"):
            found += distribution(wave, "q2", item, (10, 40, 25))
    return found


SAMPLING = Sampling(
    strata=2,
    lone=1,
    stages=(
        SampledStage(clusters=True, drawn=9, answered=8, finite=True),
        SampledStage(clusters=False, drawn=76, answered=76, finite=False),
    ),
)

PUBLICATION = Publication(
    responses=(
        Response(wave="2021", respondents=76, by_stratum={"s": 76}, clustered=True, sampling=SAMPLING),
        Response(wave="2023", respondents=76),
    ),
    protection=Protection(
        policy="organisations", values={"threshold": 5}, withheld={"gate": 4}, columns=24, audit="full"
    ),
)
