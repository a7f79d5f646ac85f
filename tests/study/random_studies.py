"""Random valid studies and where their answers stand, for Hypothesis: every kind of question, every field.

`studies()` draws a Study; `sources_of(study)` draws Sources that fit it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from saklig.language.text import Text, printable
from saklig.study.address import REFUSED, suggest_id
from saklig.study.fieldwork import DISPOSITIONS, Eligibility
from saklig.study.model import (
    METHOD_FIELDS,
    Arrow,
    Background,
    Balance,
    Base,
    Box,
    Category,
    Change,
    CodeList,
    Condition,
    DisclosureSettings,
    Distance,
    Fold,
    Group,
    Interval,
    Item,
    Kind,
    Lonely,
    Method,
    Net,
    NumberClass,
    Panel,
    Perspective,
    Question,
    ReplicateMethod,
    Replication,
    ResponseModel,
    Role,
    Sample,
    Section,
    Stratum,
    Study,
    Wave,
    WaveChange,
    Weighting,
    WeightingMethod,
)
from saklig.study.sources import FieldworkSource, QuestionSource, Sources, Value, WaveSource

Draw = st.DrawFn
LANGUAGES = ("sv", "en", "sr-Latn", "fi")

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).map(
    lambda text: printable(text) if printable(text).strip() else "–"
) | st.sampled_from(
    ['"quoted"', "back\\slash", "line\nbreak", "<script>alert(1)</script>", "=1+1", "# no comment", "]] ="]
)
identifiers = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=6).map(
    lambda text: "x" + text if text[0] in "_-" or text in REFUSED else text
)
columns = words.map(lambda text: text[:8])
codes: st.SearchStrategy[Value] = (
    st.integers(-99, 999) | st.sampled_from([1.5, -0.25]) | words.filter(lambda text: text == text.strip())
)
days = st.dates().map(lambda day: day.isoformat())


def some(values: Sequence[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of the values, in their order."""
    if len(values) <= least:
        return st.just(tuple(values))
    chosen = st.lists(st.sampled_from(values), min_size=least, unique=True, max_size=4)
    return chosen.map(lambda found: tuple(value for value in values if value in found))


def ids(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(identifiers, min_size=least, max_size=most, unique=True)


@st.composite
def texts(draw: Draw, languages: tuple[str, ...]) -> Text:
    """In the study's first language, in all of its languages, or the same words in all."""
    return draw(
        st.one_of(
            words.map(lambda text: Text(((languages[0], text),))),
            st.tuples(*(words for _ in languages)).map(lambda all_: Text(tuple(zip(languages, all_, strict=True)))),
            words.map(lambda text: Text(tuple((language, text) for language in languages))),
        )
    )


@st.composite
def code_lists(draw: Draw, identity: str, waves: tuple[str, ...], languages: tuple[str, ...], kind: Kind) -> CodeList:
    found = draw(st.lists(codes, min_size=2, max_size=6, unique_by=lambda code: (suggest_id(str(code)), str(code))))
    names = draw(ids(len(found), len(found))) if draw(st.booleans()) else [suggest_id(str(code)) for code in found]
    if len(set(names)) < len(names):
        names = [f"c{number}" for number in range(len(names))]
    roles = [
        Role.ANSWER if number < 2 and kind is not Kind.NUMERIC else draw(st.sampled_from(Role))
        for number in range(len(found))
    ]
    categories = []
    for number, (name, code, role) in enumerate(zip(names, found, roles, strict=True)):
        role = Role.REFUSED if kind is Kind.NUMERIC and role is Role.ANSWER else role
        scored = role is Role.ANSWER and (number == 0 or draw(st.booleans()))
        categories.append(
            Category(
                id=name,
                label=draw(
                    texts(languages) | st.just(Text(tuple((each, str(code).strip() or "–") for each in languages)))
                ),
                code=code,
                role=role,
                score=draw(st.integers(-5, 10) | st.just(code if isinstance(code, int) else 0)) if scored else None,
                exclusive=kind in (Kind.MULTIPLE, Kind.OPEN) and draw(st.booleans()),
                sensitive=draw(st.booleans()),
                waves=draw(some(waves)),
            )
        )
    return CodeList(id=identity, categories=tuple(categories), ends_labelled=draw(st.booleans()))


@st.composite
def questions(
    draw: Draw, identity: str, earlier: tuple[Question, ...], waves: tuple[str, ...], languages: tuple[str, ...]
) -> Question:
    kind = draw(st.sampled_from(Kind))
    text = texts(languages)
    maybe = st.none() | text
    shared = next((each.codes for each in earlier if each.kind is kind and each.codes and draw(st.booleans())), None)
    own_name = draw(st.sampled_from([identity, f"{identity[:20]}-list"]))
    code_list: CodeList | None = shared or draw(code_lists(own_name, waves, languages, kind))
    classes: tuple[NumberClass, ...] = ()
    if kind is Kind.NUMERIC:
        code_list = code_list if draw(st.booleans()) else None
        classes = draw(number_classes(languages, {each.id for each in code_list.categories} if code_list else set()))
    categories = code_list.categories if code_list else ()
    answers = [each.id for each in categories if each.role is Role.ANSWER]
    in_base = [each.id for each in categories if each.role in (Role.ANSWER, Role.DONT_KNOW)] + [
        each.id for each in classes
    ]
    taken = {each.id for each in categories} | {each.id for each in classes}
    nets = tuple(
        Net(id=name, label=draw(text), of=draw(some(in_base, 1)))
        for name in draw(ids(0, 2))
        if name not in taken and in_base
    )
    several = kind in (Kind.MULTIPLE, Kind.OPEN)
    asked_if = draw(conditions(earlier))
    asked = () if asked_if else draw(some(waves))
    scored = any(each.score is not None for each in categories)
    return Question(
        id=identity,
        kind=kind,
        text=(literal := draw(text)),
        label=draw(st.just(literal) | text),
        instruction=draw(maybe),
        introduction=draw(maybe),
        asked_in=draw(some(LANGUAGES)),
        presented=draw(st.sampled_from(["", "shown", "read-aloud", "not-read"])),
        rotation=draw(st.sampled_from(["", "options", "reversed", *(["items"] if kind is Kind.GRID else [])])),
        asked_if=asked_if,
        base=draw(st.sampled_from([None, Base.VALID, Base.ASKED])),
        confidential=draw(st.booleans()),
        codes=code_list,
        nets=nets,
        mean=kind in (Kind.SCALE, Kind.GRID) and scored and draw(st.booleans()),
        balance=Balance(positive=answers[0], negative=answers[1])
        if kind in (Kind.SINGLE, Kind.SCALE, Kind.GRID) and draw(st.booleans())
        else None,
        items=tuple(Item(id=name, text=draw(text), label=draw(text)) for name in draw(ids(1, 3)))
        if kind is Kind.GRID
        else (),
        at_most=draw(st.none() | st.integers(1, len(answers))) if several else None,
        top=draw(st.integers(1, len(answers))) if kind is Kind.RANKING else 0,
        unit=draw(maybe) if kind is Kind.NUMERIC else None,
        minimum=draw(st.none() | st.integers(-100, -50)) if kind is Kind.NUMERIC else None,
        maximum=draw(st.none() | st.floats(200, 300)) if kind is Kind.NUMERIC else None,
        classes=classes,
        public_verbatim=kind is Kind.OPEN and draw(st.booleans()),
        waves=asked,
        changes=tuple(
            Change(wave=wave, note=draw(text), text=draw(maybe), instruction=draw(maybe), breaks=draw(st.booleans()))
            for wave in draw(some(asked or waves))
        ),
    )


@st.composite
def number_classes(draw: Draw, languages: tuple[str, ...], taken: set[str]) -> tuple[NumberClass, ...]:
    ends = sorted(draw(st.lists(st.integers(0, 99) | st.floats(0, 99, width=16), max_size=6, unique=True)))
    pairs: list[tuple[float | None, float | None]] = list(zip(ends[::2], ends[1::2], strict=False))
    if pairs and draw(st.booleans()):
        pairs[-1] = (pairs[-1][0], None)
    names = [name for name in draw(ids(len(pairs), len(pairs))) if name not in taken]
    return tuple(
        NumberClass(id=name, label=draw(texts(languages)), lower=lower, upper=upper)
        for name, (lower, upper) in zip(names, pairs, strict=False)
    )


@st.composite
def conditions(draw: Draw, earlier: tuple[Question, ...]) -> tuple[Condition, ...]:
    found = []
    for question in earlier:
        answers = [each.id for each in question.classes]
        answers += [each.id for each in question.codes.categories] if question.codes else []
        if answers and not question.waves and not draw(st.integers(0, 3)):
            item = draw(st.sampled_from([each.id for each in question.items])) if question.items else ""
            found.append(Condition(question=question.id, item=item, categories=draw(some(answers, 1))))
    return tuple(found)


@st.composite
def backgrounds(draw: Draw, identity: str, waves: tuple[str, ...], languages: tuple[str, ...]) -> Background:
    text = texts(languages)
    names = draw(ids(2, 5))
    groups = []
    by_range = draw(st.booleans())
    pool = draw(st.lists(codes, min_size=10, max_size=10, unique=True))
    for number, name in enumerate(names[: max(2, len(names) - 1)]):
        found = [] if by_range else pool[2 * number : 2 * number + draw(st.integers(1, 2))]
        lower = number * 10 if by_range else None
        upper = number * 10 + 9.5 if by_range and draw(st.booleans()) else None
        upper = number * 10 + 9 if by_range and upper is None else upper
        groups.append(Group(id=name, label=draw(text), codes=tuple(found), lower=lower, upper=upper))
    spare = [name for name in names if name not in {group.id for group in groups}]
    folds = [Fold(id=name, label=draw(text), of=(groups[0].id, groups[1].id)) for name in spare[:1]]
    return Background(id=identity, label=draw(text), groups=tuple(groups), fold=tuple(folds), waves=draw(some(waves)))


shares = st.none() | st.floats(0.001, 1)
panels = st.builds(Panel, recruitment=shares, profile=shares, retention=shares).map(
    lambda panel: panel if panel != Panel() else None
)


@st.composite
def replications(draw: Draw) -> Replication:
    """Made or supplied, with every number that the method takes."""
    method = draw(st.sampled_from(ReplicateMethod))
    made = method is ReplicateMethod.BOOTSTRAP or (method is not ReplicateMethod.OTHER and draw(st.booleans()))
    made = made and draw(st.integers(0, 9)) > 0
    bootstrap, given = made and method is ReplicateMethod.BOOTSTRAP, st.floats(0.001, 9).map(lambda x: round(x, 3))
    needed = method in (ReplicateMethod.OTHER, ReplicateMethod.JKN)
    jackknife = method in (ReplicateMethod.JK1, ReplicateMethod.JKN)
    return Replication(
        method=method,
        made=made,
        number=draw(st.integers(2, 999)) if bootstrap else None if made else draw(st.none() | st.integers(2, 99)),
        seed=draw(st.integers(0, 99)) if bootstrap else None,
        fay=draw(st.sampled_from([0.3, 0.5])) if method is ReplicateMethod.FAY else None,
        scale=None if made else draw(given if method is ReplicateMethod.OTHER else st.none() | given),
        rscales=() if made else tuple(draw(st.lists(given, min_size=int(needed), max_size=3))),
        fraction=tuple(draw(st.lists(st.sampled_from([0.25, 1, 0]), max_size=2))) if jackknife and not made else (),
        mse=draw(st.booleans()),
    )


@st.composite
def study_waves(draw: Draw, identity: str, languages: tuple[str, ...], first: bool, after: str, sample: Sample) -> Wave:
    """`after`: when the wave before started, or no day."""
    text = texts(languages)
    counts = st.none() | st.integers(0, 50)
    strata = tuple(
        Stratum(
            id=name,
            label=draw(st.none() | text),
            population=draw(st.none() | st.integers(50, 99)),
            invited=draw(counts),
            clusters=draw(counts),
        )
        for name in draw(ids(0, 3))
    )
    populations = [stratum.population for stratum in strata]
    invited = [stratum.invited for stratum in strata]
    clusters = [stratum.clusters for stratum in strata]
    start, end = sorted(draw(st.tuples(days, days)))
    start, end = max(start, after), max(end, after)
    return Wave(
        id=identity,
        label=draw(text),
        start=draw(st.sampled_from(["", start])),
        end=draw(st.sampled_from(["", end])),
        mode=draw(st.none() | text),
        population=draw(st.none() | st.integers(1000, 9999)) if not strata or None in populations else None,
        invited=draw(counts) if not strata or None in invited else None,
        clusters=draw(counts) if not strata or None in clusters else None,
        strata=strata,
        replicates=(replicates := None if sample is Sample.SELF_SELECTED else draw(replications() | st.none())),
        weighting=None if replicates else draw(st.none() | weightings()),
        lonely=draw(st.sampled_from(Lonely)),
        panel=draw(panels) if sample is Sample.RECRUITED_PANEL else None,
        change=None if first else draw(st.none() | st.builds(WaveChange, note=text, breaks=st.booleans())),
        independent=not first and draw(st.booleans()),
        eligibility=draw(st.none() | st.builds(Eligibility, share=st.sampled_from([0, 0.25, 1]), reason=text)),
    )


@st.composite
def weightings(draw: Draw) -> Weighting:
    limits = st.tuples(st.sampled_from([0.0, 0.3, 0.5]), st.sampled_from([1.5, 3.0]))
    method = draw(st.sampled_from(WeightingMethod))
    calibrated = method is WeightingMethod.CALIBRATE
    distance = draw(st.sampled_from(Distance)) if calibrated else Distance.LINEAR
    bounded = limits if distance is Distance.LOGIT else st.none() | limits
    return Weighting(
        method=method,
        distance=distance,
        bounds=draw(bounded) if calibrated else None,
        trim=draw(st.none() | limits),
    )


@st.composite
def fieldwork_sources(draw: Draw, wave: Wave, folder: Path) -> FieldworkSource:
    """With a file of cases, or with counts: of the whole or by stratum."""
    if draw(st.booleans()):
        return FieldworkSource(
            cases=folder / "å b" / "sample.csv",
            case=draw(st.just("") | columns),
            disposition=draw(columns),
            codes=draw(st.dictionaries(words, st.sampled_from(DISPOSITIONS), max_size=3)),
            strata=draw(st.just("") | columns),
        )
    counted = st.dictionaries(st.sampled_from(DISPOSITIONS), st.integers(0, 99), min_size=1, max_size=4)
    strata = [stratum.id for stratum in wave.strata] if draw(st.booleans()) else []
    return FieldworkSource(counts={name: draw(counted) for name in strata or [""]})


@st.composite
def perspectives(draw: Draw, identity: str, sections: tuple[Section, ...], languages: tuple[str, ...]) -> Perspective:
    text = texts(languages)
    names = draw(ids(2, 4))
    boxes = tuple(
        Box(
            id=name,
            label=draw(text),
            at=(number, draw(st.integers(1, 9))),
            detail=draw(st.none() | text),
            sections=draw(some([section.id for section in sections])),
            questions=draw(some([question.id for section in sections for question in section.questions])),
            context=draw(st.booleans()),
        )
        for number, name in enumerate(names, start=1)
    )
    arrows = [Arrow(origin=names[0], target=names[1], verb=draw(text))] if draw(st.booleans()) else []
    return Perspective(
        id=identity, title=draw(text), boxes=boxes, arrows=tuple(arrows), description=draw(st.none() | text)
    )


@st.composite
def studies(draw: Draw) -> Study:
    languages = tuple(draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=3, unique=True)))
    whole = Text(tuple((language, draw(words)) for language in languages))
    maybe = st.none() | texts(languages)
    waves: tuple[Wave, ...] = ()
    sample = draw(st.sampled_from(Sample))
    for name in draw(ids(1, 3)):
        after = max((wave.start for wave in waves), default="")
        waves = (*waves, draw(study_waves(name, languages, not waves, after, sample)))
    wave_ids = tuple(wave.id for wave in waves)
    asked: list[Question] = []
    for name in draw(ids(1, 7)):
        asked.append(draw(questions(name, tuple(asked), wave_ids, languages)))
    cut = draw(st.integers(1, len(asked)))
    parts = [part for part in (asked[:cut], asked[cut:]) if part]
    sections = tuple(
        Section(id=name, title=draw(texts(languages)), questions=tuple(part), introduction=draw(maybe))
        for name, part in zip(draw(ids(2, 2)), parts, strict=False)
    )
    known = tuple(draw(backgrounds(name, wave_ids, languages)) for name in draw(ids(0, 3)))
    settings = st.dictionaries(
        identifiers.filter(lambda name: name != "policy"), st.integers(0, 99) | words | st.booleans()
    )
    return Study(
        id=draw(identifiers),
        title=whole,
        languages=languages,
        sections=sections,
        waves=waves,
        subtitle=draw(maybe),
        description=draw(maybe),
        population_name=draw(maybe),
        unit_name=draw(maybe),
        sample=sample,
        synthetic=draw(st.booleans()),
        base=draw(st.sampled_from(Base)),
        interval=draw(st.sampled_from(Interval)),
        response_model=draw(st.sampled_from(ResponseModel)) if sample is Sample.CENSUS else ResponseModel.RANDOM,
        modelled=draw(maybe) if sample is Sample.SELF_SELECTED else None,
        backgrounds=known,
        pairs=((known[0].id, known[1].id),) if len(known) > 1 and draw(st.booleans()) else (),
        perspectives=tuple(draw(perspectives(name, sections, languages)) for name in draw(ids(0, 2))),
        method=Method(texts=tuple((name, draw(texts(languages))) for name in draw(some(list(METHOD_FIELDS))))),
        disclosure=DisclosureSettings(policy=draw(st.just("") | words), changed=tuple(draw(settings).items())),
        contact=draw(maybe),
        licence=draw(st.just("CC-BY-4.0") | words),
    )


@st.composite
def question_sources(draw: Draw, categories: Sequence[str], usual: str) -> QuestionSource:
    own = columns.map(lambda text: f"{usual} {text}")  # two questions share no column
    values = st.lists(st.integers(0, 9) | words, max_size=2).map(tuple)
    rest = {"delimiter": draw(st.just("") | words), "chosen": draw(values), "not_asked": draw(values)}
    match draw(st.integers(0, 2)) if categories else 0:
        case 1:
            return QuestionSource(by_category={name: draw(own) for name in draw(some(categories, 1))}, **rest)
        case 2:
            return QuestionSource(by_place=tuple(draw(st.lists(own, min_size=1, max_size=3))), **rest)
        case _:
            return QuestionSource(variable=draw(st.just(usual) | own), **rest)


def supplied(wave: Wave) -> bool:
    return wave.replicates is not None and not wave.replicates.made


@st.composite
def sources_of(draw: Draw, study: Study, folder: Path) -> Sources:
    found = {}
    asked = {question.id for question in study.questions}  # whose own columns are no background's
    for question in study.questions:
        names = [each.id for each in question.codes.categories] if question.codes else []
        for item in question.items or (None,):
            key = (question.id, item.id if item else "")
            found[key] = draw(question_sources(names, f"{key[0]}_{key[1]}" if item else question.id))
    waves = tuple(
        WaveSource(
            wave=wave.id,
            answers=draw(st.sampled_from([folder / "answers.csv", folder / "å b" / "x.sav", Path("/elsewhere/x.sav")])),
            weight=draw(st.just("") | columns),
            strata=draw(st.just("") | columns),
            cluster=tuple(draw(st.lists(columns, max_size=2))),
            fpc=tuple(draw(st.lists(columns, max_size=2))),
            person=draw(st.just("") | columns),
            replicates=tuple(draw(st.lists(columns, min_size=1, max_size=3))) if supplied(wave) else (),
            combined=draw(st.booleans()) if supplied(wave) else True,
            targets=draw(st.sampled_from([folder / "targets.csv", folder / "å b" / "m.csv"]))
            if wave.weighting
            else None,
            quantities=draw(st.dictionaries(words, columns, max_size=2)) if wave.weighting else {},
            wave_variable=(column := draw(st.just("") | columns)),
            wave_value=draw(st.integers() | words) if column else None,
            fieldwork=draw(fieldwork_sources(wave, folder)) if wave.eligibility or draw(st.booleans()) else None,
        )
        for wave in study.waves
    )
    return Sources(
        waves=waves,
        questions=found,
        backgrounds={each.id: draw(st.just(each.id) | columns) for each in study.backgrounds if each.id not in asked}
        | {each.id: f"b {each.id}" for each in study.backgrounds if each.id in asked},
        withheld_variables=tuple(draw(st.lists(columns, max_size=2))),
    )
