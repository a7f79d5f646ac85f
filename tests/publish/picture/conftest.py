"""Pictures as the outline describes them, made by hand: every kind, with the cases that are hard to draw."""

import pytest

from saklig.edition.facts import Status
from saklig.publish.outline.model import (
    Axis,
    Bar,
    Bars,
    Bin,
    Frame,
    Histogram,
    Illustration,
    Level,
    Line,
    Lines,
    MapArrow,
    MapBox,
    Marker,
    Number,
    Place,
    Ranking,
    RowKind,
    Stack,
    Stacks,
    Table,
    Words,
)

TABLE = Table(id="t", caption="", stub="", columns=(), rows=())
PER_CENT = Axis(lower=0, upper=100, ticks=tuple((float(n), f"{n} %") for n in (0, 25, 50, 75, 100)), label="Procent")
SOURCE = (
    "Källa: Kommunen, digitaliseringen och samhället. Exempelinstitutet på uppdrag av Exempelbolaget. Kommunchefer i "
    "Sveriges 290 kommuner, 76 svar av 140 utvalda, webbenkät med påminnelser per telefon, 1–24 september 2021. "
    "Utgåva 7f3ac21e00d1b2c3, kommun.2021@7f3ac21e00d1b2c3/q4_1"
)
MARK = "Simulerade svar, inga fakta"


def frame(id="q4_1", title="Hur digitaliserad är din kommun i dag?", subtitle="", marks=(MARK,), draft=False):
    return Frame(
        id=id, language="sv", title=Words(title), subtitle=subtitle, base="Bas: de 75 som svarade",
        alternative="1 Inte alls: 7 %; 2: 29 %.", source=SOURCE, marks=marks, draft=draft,
    )  # fmt: skip


def number(value, low=None, high=None, few=False, address="q4_1/1"):
    if value is None:
        return Number(address=address, text="..", short="..", status=Status.WITHHELD)
    said = f"{value:g}".replace(".", ",")
    interval = "" if low is None else f"{low:g}–{high:g}"
    return Number(
        address=address, text=f"{said}\u00a0%", short=said, interval=interval, value=value, lower=low, upper=high,
        base=75, few=few,
    )  # fmt: skip


@pytest.fixture
def bars():
    rows = [
        ("1 Inte alls", number(7, 3, 14), RowKind.ANSWER, ""),
        ("2", number(29, 21, 39), RowKind.ANSWER, ""),
        ("3", number(52, 42, 62), RowKind.ANSWER, ""),
        ("4", number(11, 6, 19, few=True), RowKind.ANSWER, ""),
        ("5 Fullt ut", number(0, 0, 5), RowKind.ANSWER, ""),
        ("Vet inte", number(1, 0, 7), RowKind.DONT_KNOW, ""),
        ("1–2", number(36, 27, 46), RowKind.NET, ""),
        ("4–5 och något som har ett långt namn som måste brytas på flera rader", number(12, 7, 20), RowKind.NET, ""),
        ("Medelvärde", Number(address="q4_1~mean", text="2,7", short="2,7", interval="2,5–2,9", value=2.7, lower=2.5,
                              upper=2.9), RowKind.STATISTIC, ""),
        ("Vill inte svara", number(1), RowKind.MISSING, "av 76 tillfrågade"),
        ("Uteblivet svar", number(None), RowKind.MISSING, "av 76 tillfrågade"),
    ]  # fmt: skip
    return Bars(
        frame=frame(),
        axis=PER_CENT,
        rows=tuple(Bar(label=Words(label), number=n, kind=kind, note=note) for label, n, kind, note in rows),
        table=TABLE,
    )


@pytest.fixture
def grouped():
    rows = tuple(
        Bar(
            label=Words(group),
            number=number(value, max(0, value - 9), value + 11, few=group.startswith("50")),
            note=note if answer == "Brist på tid" else "",
            group=Words(answer),
        )
        for answer, values in (("Brist på tid", (38, 41, 100)), ("Har inte prioriterats", (35, 44, 0)))
        for group, value, note in zip(
            ("Under 15 000 invånare", "15 000–49 999 invånare", "50 000 invånare eller fler"), values,
            ("25 svar", "16 svar", "8 svar"), strict=True,
        )
    )  # fmt: skip
    return Bars(frame=frame("q2_5", subtitle="Efter kommunens storlek"), axis=PER_CENT, rows=rows, table=TABLE)


@pytest.fixture
def stacks():
    levels = tuple(
        Level(label=Words(label), shade=shade)
        for label, shade in (
            ("1 Inte alls", 0.0), ("2", 0.25), ("3", 0.5), ("4", 0.75), ("5 I mycket stor utsträckning", 1.0),
            ("Vet inte", None),
        )
    )  # fmt: skip
    rows = [
        ("Tid", "75 svar", (14, 34, 34, 11, 1, 6)),
        ("Kompetens", "75 svar", (7, 30, 46, 1, 1, 14)),
        ("Ekonomiska resurser", "75 svar", (18, 49, 21, 5, 1, 6)),
        ("Samverkan med andra kommuner i länet eller i landsdelen", "75 svar", (0, 0, 100, 0, 0, 0)),
        ("Övriga", "4 svar", ()),
    ]
    return Stacks(
        frame=frame("q2_3", "I vilken utsträckning har din kommun i dag tillräckligt av följande?"),
        levels=levels,
        rows=tuple(
            Stack(
                label=Words(label), note=note, parts=tuple(number(value) for value in values),
                text="" if values else "redovisas inte",
            )
            for label, note, values in rows
        ),
        table=TABLE,
    )  # fmt: skip


@pytest.fixture
def ranking():
    rows = [
        ("Kompetensförsörjningen", (24, 16, 34), (56, 46, 66), RowKind.ANSWER),
        ("Den demografiska utvecklingen", (8, 4, 16), (46, 36, 56), RowKind.ANSWER),
        ("Ekonomin", (21, 14, 31), (51, 41, 61), RowKind.ANSWER),
        ("Bostäderna och infrastrukturen", (0, 0, 5), (29, 21, 39), RowKind.ANSWER),
        ("Digitaliseringen", (3, 1, 9), (11, 6, 19), RowKind.ANSWER),
        ("Vet inte", None, (3, 1, 9), RowKind.DONT_KNOW),
    ]
    return Ranking(
        frame=frame("q6_1", "Vilka är de tre viktigaste frågorna för din kommun de närmaste fem åren?"),
        axis=PER_CENT,
        first_label="Sattes först",
        among_label="Bland de tre första",
        rows=tuple(
            Place(label=Words(label), first=number(*first) if first else None, among=number(*among), kind=kind)
            for label, first, among, kind in rows
        ),
        table=TABLE,
    )


@pytest.fixture
def histogram():
    bins = [(0, 20, (17, 11, 26)), (21, 40, (47, 37, 57)), (41, 60, (29, 21, 39)), (61, 80, (6, 3, 13))]
    bins.append((81, 100, (0, 0, 5)))
    markers = [
        ("mean", "Medelvärde", 38),
        ("q1", "Nedre kvartil", 30),
        ("median", "Median", 37),
        ("q3", "Övre kvartil", 50),
    ]
    return Histogram(
        frame=frame("q4_3", "Ungefär hur stor andel av sina ärenden kan invånarna i dag sköta helt digitalt?"),
        axis=PER_CENT,
        shares=PER_CENT,
        bins=tuple(
            Bin(label=Words(f"{low}–{high} %"), lower=low, upper=high, number=number(*shares))
            for low, high, shares in bins
        ),
        markers=tuple(
            Marker(label=label, stat=stat, number=number(value, value - 4, value + 5)) for stat, label, value in markers
        ),
        table=TABLE,
    )  # fmt: skip


@pytest.fixture
def lines():
    series = [
        ("Ja, regelbundet", (number(17, 10, 27), number(19, 12, 29)), (1,)),
        ("Ja, ibland", (number(41, 32, 51), number(43, 34, 53, few=True)), (1,)),
        ("Nej", (number(36, 27, 46), number(None)), (1,)),
        ("Varken nöjd eller missnöjd med de lösningar som finns", (number(5, 2, 12), number(98, 90, 100)), ()),
    ]
    return Lines(
        frame=frame("q5_2", "Mäter din kommun i dag effekterna av digitalisering?", "2021 och 2023"),
        axis=PER_CENT,
        waves=("2021", "2023"),
        times=(2021.7, 2023.7),
        lines=tuple(Line(label=Words(label), points=points, breaks=breaks) for label, points, breaks in series),
        table=TABLE,
        notes=("2023 lades exempel till i frågan.",),
    )


def box(id, label, column, row, detail="", section=""):
    return MapBox(
        id=id, label=Words(label), column=column, row=row, detail=Words(detail) if detail else None,
        link=f"section-{section}.html" if section else "", goes_to=f"Avsnitt {section}" if section else "",
    )  # fmt: skip


@pytest.fixture
def society():
    boxes = (
        box("utmaningar", "Samhällets utmaningar", 1, 1),
        box("uppdrag", "Kommunens uppdrag", 2, 1, "uppgifter, service och välfärd"),
        box("kapacitet", "Kapacitet", 2, 2, "drift och utveckling", "2"),
        box("fragor", "Viktigaste verksamhetsfrågorna", 2, 3, section="6"),
        box("effekter", "Effekter", 1, 3, section="5"),
    )
    verbs = ("ställer krav på", "kräver", "används till", "ger", "märks i")
    ids = [place.id for place in boxes]
    arrows = zip(ids, [*ids[1:], ids[0]], verbs, strict=True)
    return Illustration(
        frame=frame("samhallet", "Samhället"),
        boxes=boxes,
        arrows=tuple(MapArrow(origin=origin, target=target, verb=Words(verb)) for origin, target, verb in arrows),
        table=TABLE,
    )


@pytest.fixture
def municipality():
    boxes = (
        MapBox(id="kapacitet", label=Words("Kapacitet"), detail=Words("drift och utveckling"), column=1, row=1,
               link="section-2.html", goes_to="Avsnitt 2", context=True),
        box("mojligheter", "Möjligheter med digitalisering", 2, 1, section="3"),
        box("grad", "Grad av digitalisering i dag", 2, 2, section="4"),
    )  # fmt: skip
    arrows = (
        ("kapacitet", "mojligheter", "möjliggör"),
        ("mojligheter", "kapacitet", "stärker"),
        ("mojligheter", "grad", "förverkligas i"),
        ("grad", "kapacitet", "påverkar"),
    )
    return Illustration(
        frame=frame("kommunen", "Kommunen och digitaliseringen"),
        boxes=boxes,
        arrows=tuple(MapArrow(origin=origin, target=target, verb=Words(verb)) for origin, target, verb in arrows),
        table=TABLE,
    )


KINDS = ("bars", "grouped", "stacks", "ranking", "histogram", "lines", "society", "municipality")


@pytest.fixture(params=KINDS)
def picture(request):
    return request.getfixturevalue(request.param)
