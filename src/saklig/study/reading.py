"""A study from its tables: one set of functions for study.toml and for an edition's study.json.

Both have the same keys; study.toml has files and columns besides (`wired`), and short forms: ids that follow from
codes, codes in place of ids, texts as strings, labels that follow from ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from saklig.language.catalog import say
from saklig.study.address import suggest_id
from saklig.study.cursor import Reading, Table
from saklig.study.fieldwork_reading import eligibility_of, fieldwork_source_of
from saklig.study.model import (
    COUNTS,
    METHOD_FIELDS,
    Arrow,
    Background,
    Base,
    Box,
    DisclosureSettings,
    Distance,
    Fold,
    Group,
    Interval,
    Lonely,
    Method,
    Panel,
    Perspective,
    ResponseModel,
    Sample,
    Section,
    Stratum,
    Study,
    Wave,
    WaveChange,
    Weighting,
    WeightingMethod,
)
from saklig.study.problems import StudyError
from saklig.study.question_reading import QuestionReader, resolved, whole
from saklig.study.replication_reading import Replicated, replication_of
from saklig.study.shared_columns import shared_columns, unprotected
from saklig.study.sources import FieldworkSource, QuestionSource, Sources, WaveSource

OF_A_WAVE = ("weighting", "fieldwork")
"""Tables in the table of a wave."""


def study_of(data: Mapping[str, object], *, wired: bool, folder: Path = Path()) -> tuple[Study, Sources]:
    """Raises StudyError with every problem found. `folder`: what the paths of answers are relative to."""
    reading = Reading(wired=wired)
    top = Table(data, (), reading)
    reading.languages = _languages(top)
    waves, wave_sources = _waves(top, folder)
    questions: dict[tuple[str, str], QuestionSource] = {}
    columns: dict[str, str] = {}
    study_fields = {
        "id": top.required("id"),
        "title": top.required_text("title"),
        "languages": reading.languages,
        "sections": _sections(top, questions),
        "waves": waves,
        "subtitle": top.text("subtitle"),
        "description": top.text("description"),
        "population_name": top.text("population"),
        "unit_name": top.text("unit"),
        "sample": top.choice("sample", Sample) or Sample.PROBABILITY,
        "synthetic": top.flag("synthetic"),
        "base": top.choice("base", Base) or Base.VALID,
        "response_model": top.choice("response_model", ResponseModel) or ResponseModel.RANDOM,
        "modelled": top.text("modelled"),
        "interval": top.choice("interval", Interval) or Interval.LOGIT,
        "backgrounds": tuple(_background(table, columns) for table in top.tables("background")),
        "pairs": _pairs(top),
        "perspectives": tuple(_perspective(table) for table in top.tables("perspective")),
        "method": _method(top),
        "disclosure": _disclosure(top),
        "contact": top.text("contact"),
        "licence": top.string("licence", "CC-BY-4.0"),
    }
    left_out = top.strings("left_out") if wired else ()
    top.finish(
        {key: say("did you mean [wave.{key}], under its [[wave]]?", key=key) for key in OF_A_WAVE} if wired else None
    )
    if reading.problems:
        raise StudyError.of(reading.problems)
    sources = Sources(waves=wave_sources, questions=questions, backgrounds=columns, withheld_variables=left_out)
    study = Study(**study_fields)  # type: ignore[arg-type]
    if problems := shared_columns(study, sources):
        raise StudyError.of(problems)
    return unprotected(study, sources), sources


def _languages(top: Table) -> tuple[str, ...]:
    """Those named, else those of the title."""
    named = top.strings("languages")
    title = top.data.get("title")
    if named:
        return tuple(dict.fromkeys(named))
    if isinstance(title, Mapping) and all(isinstance(language, str) for language in title):
        return tuple(title)
    if "title" in top:
        top.problem(
            say('the language of the texts is not known; write languages = ["sv"] or languages = ["en"]'), "languages"
        )
    return ()


def _pairs(top: Table) -> tuple[tuple[str, str], ...]:
    pairs = []
    for pair in top.listed("pairs"):
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
            pairs.append((pair[0], pair[1]))
        else:
            top.problem(say('must be a list of pairs of background variables: [["size", "region"]]'), "pairs")
    return tuple(pairs)


def _method(top: Table) -> Method:
    table = top.table("method")
    if table is None:
        return Method()
    texts = tuple((name, text) for name in METHOD_FIELDS if (text := table.text(name)) is not None)
    table.finish()
    return Method(texts=texts)


def _disclosure(top: Table) -> DisclosureSettings:
    """The policy and any named value of it; which names there are is known where the policy is applied."""
    table = top.table("disclosure")
    if table is None:
        return DisclosureSettings()
    policy = table.string("policy")
    changed: list[tuple[str, int | str | bool]] = []
    for name in table.data:
        if name == "policy":
            continue
        value = table.take(name)
        if isinstance(value, bool | int | str):
            changed.append((name, value))
        else:
            table.problem(say("must be a whole number, text, or true or false"), name)
    return DisclosureSettings(policy=policy, changed=tuple(changed))


# waves


def _waves(top: Table, folder: Path) -> tuple[tuple[Wave, ...], tuple[WaveSource, ...]]:
    waves, sources = [], []
    for table in top.tables("wave"):
        start, end = table.date("start"), table.date("end")
        identity = table.string("id") or start[:4] or "1"
        weighting, fieldwork = (table.table(key) for key in OF_A_WAVE)
        waves.append(
            Wave(
                id=identity,
                label=table.text("label") or table.reading.same(identity),
                start=start,
                end=end,
                mode=table.text("mode"),
                population=_units(table, "population"),
                invited=_units(table, "invited"),
                clusters=_units(table, "clusters"),
                strata=_strata(table),
                weighting=_weighting(weighting),
                lonely=table.choice("lonely", Lonely) or Lonely.FAIL,
                panel=_panel(table),
                change=_wave_change(table),
                independent=table.flag("independent"),
                eligibility=eligibility_of(fieldwork),
                replicates=(found := replication_of(table)).replication,
            )
        )
        if table.reading.wired:
            cases = fieldwork_source_of(fieldwork, folder) if fieldwork else None
            sources.append(_wave_source(table, identity, folder, cases, found))
        if fieldwork:
            fieldwork.finish()
        if weighting:
            remedy = say("it belongs to the wave; move the line above [wave.{key}]", key="weighting")
            weighting.finish(dict.fromkeys(table.asked, remedy) if table.reading.wired else None)
        table.finish()
    if not waves:
        top.problem(
            say('the study has no wave of answers; write [[wave]] and answers = "…"')
            if top.reading.wired
            else say("the study has no wave of answers; write [[wave]]")
        )
    return tuple(waves), tuple(sources)


def _weighting(table: Table | None) -> Weighting | None:
    if table is None:
        return None
    method = table.choice("method", WeightingMethod)
    if "method" not in table:
        names = ", ".join(f'"{each.value}"' for each in WeightingMethod)
        table.problem(say("“method” is missing; write one of {names}", names=names))
    made = Weighting(
        method=method or WeightingMethod.RAKE,
        distance=table.choice("distance", Distance) or Distance.LINEAR,
        bounds=_two(table, "bounds"),
        trim=_two(table, "trim"),
    )
    if table.reading.wired:
        table.required("targets")
        if (quantities := table.table("quantities")) is not None:
            for name in quantities.data:
                quantities.string(name)
    return made


def _two(table: Table, key: str) -> tuple[float, float] | None:
    table.ask(key)
    if key not in table:
        return None
    found = [value for value in table.values(key) if not isinstance(value, str)]
    if len(found) != 2:
        table.problem(say("must be two numbers, the smaller first: {key} = [0.3, 3]", key=key), key)
        return None
    return float(found[0]), float(found[1])


def _wave_change(wave: Table) -> WaveChange | None:
    table = wave.table("change")
    if table is None:
        return None
    change = WaveChange(note=table.required_text("note"), breaks=table.flag("breaks", True))
    table.finish()
    return change


def _panel(wave: Table) -> Panel | None:
    """None where it says nothing."""
    table = wave.table("panel")
    if table is None:
        return None
    panel = Panel(**{each.name: table.number(each.name) for each in fields(Panel)})
    table.finish()
    return panel if panel != Panel() else None


def _units(wave: Table, key: str) -> int | None:
    """A count for the whole wave; where the key holds counts by stratum, their sum follows from the strata."""
    return None if isinstance(wave.data.get(key), Mapping) else wave.whole(key)


def _strata(wave: Table) -> tuple[Stratum, ...]:
    """`stratum = [{ id, label, population, invited, clusters }]`, or in short `population = { small = 131, … }` with
    `invited`, `clusters` and `stratum_labels` likewise."""
    counts: dict[str, dict[str, int | None]] = {}
    for key in COUNTS:
        if isinstance(wave.data.get(key), Mapping) and (table := wave.table(key)) is not None:
            for name in table.data:
                counts.setdefault(name, {})[key] = table.whole(name)
    labels = wave.table("stratum_labels") if counts else None
    if labels:
        counts |= {name: {} for name in labels.data if name not in counts}
    if counts and "stratum" in wave:
        wave.problem(say("the counts by stratum stand twice; keep this or those in population and invited"), "stratum")
    strata = [
        Stratum(
            id=identity,
            label=labels.text(identity) if labels else None,
            population=found.get("population"),
            invited=found.get("invited"),
            clusters=found.get("clusters"),
        )
        for identity, found in counts.items()
    ]
    wave.ask("stratum_labels")
    for table in wave.tables("stratum"):
        stratum = Stratum(
            id=table.required("id"),
            label=table.text("label"),
            population=table.whole("population"),
            invited=table.whole("invited"),
            clusters=table.whole("clusters"),
        )
        table.finish()
        strata.append(stratum)
    return tuple(strata)


def _wave_source(
    table: Table, wave: str, folder: Path, fieldwork: FieldworkSource | None, replicates: Replicated
) -> WaveSource:
    """The path may lead out of the study's folder: whoever writes it runs the program with their own rights, and
    answers are often, and rightly, kept apart from what is shared."""
    answers = table.required("answers")
    column, value = "", None
    if (where := table.table("where")) is not None:
        if len(where.data) == 1:
            column = next(iter(where.data))
            value = where.value(column)
        else:
            table.problem(say("must name one column and its value in this wave: where = { wave = 2021 }"), "where")
    weighting = table.data.get("weighting")
    made = weighting if isinstance(weighting, Mapping) else {}
    targets, quantities = made.get("targets"), made.get("quantities")
    return WaveSource(
        wave=wave,
        answers=folder / answers,
        weight=table.string("weight"),
        strata=table.string("strata"),
        cluster=table.one_or_several("cluster"),
        fpc=table.one_or_several("fpc"),
        person=table.string("person"),
        replicates=replicates.columns,
        combined=replicates.combined,
        targets=folder / targets if isinstance(targets, str) else None,
        quantities={k: v for k, v in quantities.items() if isinstance(v, str)}
        if isinstance(quantities, Mapping)
        else {},
        wave_variable=column,
        wave_value=value,
        fieldwork=fieldwork,
    )


# sections, backgrounds, perspectives


def _sections(top: Table, sources: dict[tuple[str, str], QuestionSource]) -> tuple[Section, ...]:
    reader = QuestionReader(top)
    sections = []
    for table in top.tables("section"):
        identity, title, introduction = table.required("id"), table.required_text("title"), table.text("introduction")
        questions = [reader.read(question) for question in table.tables("question")]
        sections.append((identity, title, introduction, questions))
        table.finish()
    reader.finish()
    sources.update(reader.sources)
    return tuple(
        Section(id=identity, title=title, introduction=introduction, questions=reader.routed(questions))
        for identity, title, introduction, questions in sections
    )


def _background(table: Table, columns: dict[str, str]) -> Background:
    identity = table.required("id")
    label = table.required_text("label")
    groups = tuple(_group(group) for group in table.tables("groups", "group"))
    if not groups:
        table.problem(say('has no groups; write groups = [{ code = 1, label = "…" }]'))
    if table.reading.wired:
        columns[identity] = table.string("variable", identity)
    background = Background(
        id=identity,
        label=label,
        groups=groups,
        fold=tuple(_fold(fold, groups) for fold in table.tables("fold")),
        waves=table.strings("waves"),
    )
    table.finish()
    return background


def _group(table: Table) -> Group:
    one = table.value("code")
    codes = tuple(whole(code) for code in ((one,) if one is not None else ()) + table.values("codes"))
    if one is not None and "codes" in table:
        table.problem(say("stands beside “codes”; keep one of them"), "code")
    identity = table.string("id") or (suggest_id(str(codes[0])) if codes else "")
    if not identity:
        table.problem(say('“id” is missing; write id = "…"'))
    label = table.text("label")
    if label is None:
        label = table.reading.same(str(codes[0]) if codes else identity or "–")
    group = Group(id=identity, label=label, codes=codes, lower=table.number("from"), upper=table.number("to"))
    if table.reading.wired and not codes and group.lower is None and group.upper is None:
        table.problem(say("nobody can be in it; write code = 1, codes = [1, 2], or from = 1, to = 9"))
    table.finish()
    return group


def _fold(table: Table, groups: tuple[Group, ...]) -> Fold:
    by_code = {code: group.id for group in groups for code in group.codes}
    known = {group.id for group in groups}
    fold = Fold(
        id=table.required("id"), label=table.required_text("label"), of=resolved(table.values("of"), known, by_code)
    )
    table.finish()
    return fold


def _perspective(table: Table) -> Perspective:
    perspective = Perspective(
        id=table.required("id"),
        title=table.required_text("title"),
        description=table.text("description"),
        boxes=tuple(_box(box) for box in table.tables("box")),
        arrows=tuple(_arrow(arrow) for arrow in table.tables("arrow")),
    )
    table.finish()
    return perspective


def _box(table: Table) -> Box:
    at = table.values("at")
    place = (0, 0)
    if len(at) == 2 and isinstance(at[0], int) and isinstance(at[1], int):
        place = (at[0], at[1])
    else:
        table.problem(say("must be the column and the row, counted from 1: at = [1, 2]"), "at")
    box = Box(
        id=table.required("id"),
        label=table.required_text("label"),
        at=place,
        detail=table.text("detail"),
        sections=table.strings("sections"),
        questions=table.strings("questions"),
        context=table.flag("context"),
    )
    table.finish()
    return box


def _arrow(table: Table) -> Arrow:
    arrow = Arrow(origin=table.required("from"), target=table.required("to"), verb=table.required_text("verb"))
    table.finish()
    return arrow
