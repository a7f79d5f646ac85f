"""A study as tables: the canonical ones of an edition's study.json, and the readable ones of study.toml.

The canonical form spells everything out; in study.toml what follows from something else is left out, and answers are
named by their codes. `reading` reads both.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from saklig.language.text import Text
from saklig.study.address import suggest_id
from saklig.study.model import (
    COUNTS,
    Background,
    Balance,
    Base,
    Category,
    Change,
    Condition,
    Distance,
    Group,
    Interval,
    Item,
    Kind,
    Lonely,
    Net,
    NumberClass,
    Perspective,
    Question,
    ResponseModel,
    Role,
    Sample,
    Section,
    Study,
    Wave,
    WaveChange,
)
from saklig.study.question_reading import bounds_label
from saklig.study.sources import FieldworkSource, QuestionSource, Sources, Value
from saklig.study.toml import Date, document

Tables = dict[str, object]


def dict_of(study: Study) -> Tables:
    return _Writer(study, None, None).study()


def toml_of(study: Study, sources: Sources, comments: Mapping[str, str], folder: Path | None = None) -> str:
    return document(_Writer(study, sources, folder).study(), comments)


def _given(**values: object) -> Tables:
    """Without what is absent: None, no text, an empty list or table. False stays. Equal numbers are written alike."""
    given = {key: value for key, value in values.items() if value is not None and value not in ("", [], {})}
    return {key.rstrip("_"): _plain(value) for key, value in given.items()}


def _plain(value: object) -> object:
    """1.0 as 1, so that studies that are equal have the same text."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


@dataclass
class _Writer:
    """`sources`: None for the canonical form."""

    written: Study
    sources: Sources | None
    folder: Path | None

    def __post_init__(self) -> None:
        lists = [question.codes for question in self.written.questions if question.codes]
        self.used = Counter(codes.id for codes in lists)
        self.scored = {question.codes.id for question in self.written.questions if question.codes and question.mean}

    @property
    def short(self) -> bool:
        return self.sources is not None

    def same(self, words: str) -> Text:
        return Text(tuple((language, words) for language in self.written.languages))

    def text(self, text: Text | None, default: Text | None = None) -> object:
        """`default`: what the reader would put there."""
        if text is None or (self.short and text == default):
            return None
        if self.short and text.languages == self.written.languages[:1]:
            return text.words[0][1]
        return self.words(text)

    def words(self, text: Text) -> dict[str, str]:
        """In the order of the study's languages, as they are read."""
        order = {language: place for place, language in enumerate(self.written.languages)}
        return dict(sorted(text.words, key=lambda pair: (order.get(pair[0], len(order)), pair[0])))

    def study(self) -> Tables:
        study = self.written
        return _given(
            id=study.id,
            title=self.words(study.title),
            subtitle=self.text(study.subtitle),
            description=self.text(study.description),
            languages=list(study.languages),
            population=self.text(study.population_name),
            unit=self.text(study.unit_name),
            sample=None if self.short and study.sample is Sample.PROBABILITY else study.sample.value,
            synthetic=study.synthetic or None,
            base=None if self.short and study.base is Base.VALID else study.base.value,
            response_model=None if study.response_model is ResponseModel.RANDOM else study.response_model.value,
            modelled=self.text(study.modelled),
            interval=None if self.short and study.interval is Interval.LOGIT else study.interval.value,
            pairs=[list(pair) for pair in study.pairs],
            contact=self.text(study.contact),
            licence=study.licence,
            left_out=list(self.sources.withheld_variables) if self.sources else None,
            wave=[self.wave(wave) for wave in study.waves],
            disclosure=_given(policy=study.disclosure.policy) | dict(study.disclosure.changed),
            method={name: self.text(text) for name, text in study.method.texts},
            codes=self.shared_lists(),
            background=[self.background(background) for background in study.backgrounds],
            section=[self.section(section) for section in study.sections],
            perspective=[self.perspective(perspective) for perspective in study.perspectives],
        )

    # waves

    def wave(self, wave: Wave) -> Tables:
        return _given(
            id=wave.id,
            label=self.text(wave.label, self.same(wave.id)),
            start=Date(wave.start) if self.short else wave.start,
            end=Date(wave.end) if self.short else wave.end,
            mode=self.text(wave.mode),
            lonely=None if wave.lonely is Lonely.FAIL else wave.lonely.value,
            panel=_given(**asdict(wave.panel)) if wave.panel else None,
            change=self.wave_change(wave.change),
            independent=wave.independent or None,
            **self.wave_source(wave.id),
            **self.counts(wave),
            weighting=self.weighting(wave),
            fieldwork=self.fieldwork(wave),
        )

    def weighting(self, wave: Wave) -> Tables | None:
        if (made := wave.weighting) is None:
            return None
        source = next((each for each in self.sources.waves if each.wave == wave.id), None) if self.sources else None
        wired = _given(targets=source.targets and _path(source.targets, self.folder)) if source else {}
        return _given(
            method=made.method.value,
            distance=None if self.short and made.distance is Distance.LINEAR else made.distance.value,
            bounds=list(made.bounds or ()),
            trim=list(made.trim or ()),
            **wired,
            quantities=dict(source.quantities) if source else None,
        )

    def fieldwork(self, wave: Wave) -> Tables:
        sources = self.sources.waves if self.sources else ()
        source = next((each.fieldwork for each in sources if each.wave == wave.id and each.fieldwork), None)
        said = wave.eligibility
        return _given(
            **(_fieldwork_keys(source, self.folder) if source else {}),
            eligibility=said.share if said else None,
            reason=self.text(said.reason) if said else None,
        )

    def counts(self, wave: Wave) -> Tables:
        """Of the wave and of its strata; in short, a table of strata a count, where that says all of it."""
        strata = wave.strata
        known = {
            name: {each.id: count for each in strata if (count := getattr(each, name)) is not None} for name in COUNTS
        }
        whole = {name: None if strata and len(known[name]) == len(strata) else getattr(wave, name) for name in COUNTS}
        twice = any(known[name] and whole[name] is not None for name in COUNTS)
        if self.short and strata and len(known["population"]) == len(strata) and not twice:
            labels = {each.id: self.text(each.label) for each in strata if each.label}
            return {name: known[name] or whole[name] for name in COUNTS} | {"stratum_labels": labels}
        rows = [
            _given(id=each.id, label=self.text(each.label), **{name: getattr(each, name) for name in COUNTS})
            for each in strata
        ]
        return {**whole, "stratum": rows}

    def wave_change(self, change: WaveChange | None) -> Tables | None:
        if change is None:
            return None
        return _given(note=self.text(change.note), breaks=None if change.breaks else False)

    def wave_source(self, wave: str) -> Tables:
        source = next((each for each in self.sources.waves if each.wave == wave), None) if self.sources else None
        if source is None:
            return {}
        return _given(
            answers=_path(source.answers, self.folder),
            weight=source.weight,
            strata=source.strata,
            cluster=_one_or_several(source.cluster),
            fpc=_one_or_several(source.fpc),
            person=source.person,
            where={source.wave_variable: source.wave_value} if source.wave_variable else None,
        )

    # code lists

    def shared_lists(self) -> Tables:
        """In study.toml the lists that several questions use, or that have a name of their own; else all."""
        lists = {}
        for question in self.written.questions:
            codes = question.codes
            if codes and (not self.short or not self.in_place(question)):
                lists[codes.id] = _given(
                    ends_labelled=codes.ends_labelled or None,
                    categories=[self.category(category, codes.id in self.scored) for category in codes.categories],
                )
                lists[codes.id].setdefault("categories", [])
        return dict(lists)

    def in_place(self, question: Question) -> bool:
        return question.codes is not None and question.codes.id == question.id and self.used[question.id] == 1

    def category(self, category: Category, scored: bool, column: str = "") -> Tables:
        assumed = category.code if scored and category.role is Role.ANSWER and isinstance(category.code, int) else None
        score: object = category.score
        if category.score is None and assumed is not None:
            score = False
        elif self.short and category.score == assumed:
            score = None
        words = str(category.code)
        return _given(
            id=None if self.short and category.id == suggest_id(words) else category.id,
            code=category.code if category.code != "" else None,
            label=self.text(category.label, self.same(words.strip() or "–")),
            role=None if category.role is Role.ANSWER else category.role.value,
            score=score,
            exclusive=category.exclusive or None,
            sensitive=category.sensitive or None,
            waves=list(category.waves),
            variable=column,
        )

    def answers_named(self, ids: Sequence[str], question: Question) -> list[Value]:
        """In study.toml by their codes, where these are whole numbers."""
        codes = {category.id: category.code for category in question.codes.categories} if question.codes else {}
        return [code if self.short and isinstance(code := codes.get(name), int) else name for name in ids]

    # questions

    def section(self, section: Section) -> Tables:
        return _given(
            id=section.id,
            title=self.text(section.title),
            introduction=self.text(section.introduction),
            question=[self.question(question) for question in section.questions],
        )

    def question(self, question: Question) -> Tables:
        usual_mean = question.kind is Kind.SCALE
        source = self.sources.questions.get((question.id, "")) if self.sources else None
        columns = self.own_columns(question, source)
        return _given(
            id=question.id,
            kind=question.kind.value,
            introduction=self.text(question.introduction),
            text=self.text(question.text),
            label=self.text(question.label, question.text),
            instruction=self.text(question.instruction),
            asked_in=list(question.asked_in),
            presented=question.presented,
            rotation=question.rotation,
            asked_if=self.asked_if(question.asked_if),
            base=question.base.value if question.base else None,
            public=not question.confidential or None,
            scale=question.mean or None if question.kind is Kind.GRID else None,
            mean=question.mean if question.kind is not Kind.GRID and question.mean != usual_mean else None,
            **self.codes(question, columns),
            nets=[self.net(net, question) for net in question.nets],
            balance=self.balance(question.balance, question),
            items=[self.item(item, question) for item in question.items],
            at_most=question.at_most,
            top=question.top or None,
            unit=self.text(question.unit),
            minimum=question.minimum,
            maximum=question.maximum,
            classes=[self.number_class(each) for each in question.classes],
            public_verbatim=question.public_verbatim or None,
            waves=list(question.waves),
            change=[self.change(change) for change in question.changes],
            **_source_keys(source, question.id, bool(columns)),
        )

    def own_columns(self, question: Question, source: QuestionSource | None) -> Mapping[str, str]:
        """Category → column, where they can stand beside the categories."""
        if source is None or not self.in_place(question) or question.codes is None:
            return {}
        known = {category.id for category in question.codes.categories}
        return source.by_category if known.issuperset(source.by_category) else {}

    def codes(self, question: Question, columns: Mapping[str, str]) -> Tables:
        codes = question.codes
        if codes is None:
            return {}
        if not self.short or not self.in_place(question):
            return {"codes": codes.id}
        categories = [self.category(each, question.mean, columns.get(each.id, "")) for each in codes.categories]
        return {"ends_labelled": codes.ends_labelled or None, "categories": categories}

    def asked_if(self, conditions: tuple[Condition, ...]) -> object:
        names = [f"{condition.question}.{condition.item}".rstrip(".") for condition in conditions]
        known = {question.id: question for question in self.written.questions}
        if self.short and len(set(names)) == len(names):
            return {
                name: self.answers_named(condition.categories, known[condition.question])
                for name, condition in zip(names, conditions, strict=True)
            }
        return [
            _given(question=condition.question, item=condition.item, categories=list(condition.categories))
            for condition in conditions
        ]

    def net(self, net: Net, question: Question) -> Tables:
        usual = self.same(net.id.replace("-", "–")) if net.id.replace("-", "").isdigit() else None
        return _given(id=net.id, label=self.text(net.label, usual), of=self.answers_named(net.of, question))

    def balance(self, balance: Balance | None, question: Question) -> Tables | None:
        if balance is None:
            return None
        positive, negative = self.answers_named((balance.positive, balance.negative), question)
        return {"positive": positive, "negative": negative}

    def item(self, item: Item, question: Question) -> Tables:
        source = self.sources.questions.get((question.id, item.id)) if self.sources else None
        return _given(
            id=item.id,
            text=self.text(item.text),
            label=self.text(item.label, item.text),
            **_source_keys(source, f"{question.id}_{item.id}", False),
        )

    def number_class(self, each: NumberClass) -> Tables:
        usual = bounds_label(self.written.languages, each.lower, each.upper)
        return _given(id=each.id, from_=each.lower, to=each.upper, label=self.text(each.label, usual))

    def change(self, change: Change) -> Tables:
        return _given(
            wave=change.wave,
            text=self.text(change.text),
            instruction=self.text(change.instruction),
            note=self.text(change.note),
            breaks=None if change.breaks else False,
        )

    # backgrounds and perspectives

    def background(self, background: Background) -> Tables:
        column = self.sources.backgrounds.get(background.id, background.id) if self.sources else background.id
        return _given(
            id=background.id,
            label=self.text(background.label),
            variable=column if column != background.id else None,
            groups=[self.group(group) for group in background.groups],
            fold=[_given(id=fold.id, label=self.text(fold.label), of=list(fold.of)) for fold in background.fold],
            waves=list(background.waves),
        )

    def group(self, group: Group) -> Tables:
        usual = self.same(str(group.codes[0]) if group.codes else group.id)
        return _given(
            id=None if self.short and group.codes and group.id == suggest_id(str(group.codes[0])) else group.id,
            code=group.codes[0] if self.short and len(group.codes) == 1 and group.codes[0] != "" else None,
            codes=list(group.codes) if not (self.short and len(group.codes) == 1 and group.codes[0] != "") else None,
            from_=group.lower,
            to=group.upper,
            label=self.text(group.label, usual),
        )

    def perspective(self, perspective: Perspective) -> Tables:
        return _given(
            id=perspective.id,
            title=self.text(perspective.title),
            description=self.text(perspective.description),
            box=[
                _given(
                    id=box.id,
                    label=self.text(box.label),
                    detail=self.text(box.detail),
                    at=list(box.at),
                    sections=list(box.sections),
                    questions=list(box.questions),
                    context=box.context or None,
                )
                for box in perspective.boxes
            ],
            arrow=[
                {"from": arrow.origin, "to": arrow.target, "verb": self.text(arrow.verb)}
                for arrow in perspective.arrows
            ],
        )


def _fieldwork_keys(source: FieldworkSource, folder: Path | None) -> Tables:
    counts = {stratum: {each.value: n for each, n in found.items()} for stratum, found in source.counts.items()}
    return {
        "cases": _path(source.cases, folder) if source.cases else None,
        "case": source.case,
        "disposition": source.disposition,
        "codes": {code: each.value for code, each in source.codes.items()},
        "strata": source.strata,
        "dispositions": counts.get("", counts),
    }


def _source_keys(source: QuestionSource | None, usual: str, columns_elsewhere: bool) -> Tables:
    if source is None:
        return {}
    return _given(
        variable=source.variable if source.variable != usual else None,
        variables=list(source.by_place) or (dict(source.by_category) if not columns_elsewhere else None),
        delimiter=source.delimiter,
        chosen=list(source.chosen),
        not_asked=list(source.not_asked),
    )


def _one_or_several(names: tuple[str, ...]) -> str | list[str]:
    return names[0] if len(names) == 1 else list(names)


def _path(path: Path, folder: Path | None) -> str:
    if folder is None:
        return path.as_posix()
    try:
        return Path(os.path.relpath(_absolute(path), _absolute(folder))).as_posix()
    except ValueError:  # on another drive
        return path.absolute().as_posix()


def _absolute(path: Path) -> Path:
    """Through the folders' own names, since ".." leads there; a file that is a link keeps the name it was given."""
    return path.parent.resolve() / path.name
