"""Questions and code lists from their tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from saklig.language.catalog import say
from saklig.language.text import Text
from saklig.study.address import suggest_id
from saklig.study.cursor import MISSING, Table
from saklig.study.model import (
    Balance,
    Base,
    Category,
    Change,
    CodeList,
    Condition,
    Item,
    Kind,
    Net,
    NumberClass,
    Question,
    Role,
)
from saklig.study.problems import MOST_SHOWN
from saklig.study.sources import QuestionSource, Value


def whole(code: Value) -> Value:
    """1.0 is the code 1, as readers give it."""
    return int(code) if isinstance(code, float) and code.is_integer() else code


def resolved(named: Iterable[Value], known: Collection[str], by_code: Mapping[Value, str]) -> tuple[str, ...]:
    """Ids for what is named by id or by code. An unknown one stays as it is, for the study's checks to name."""
    return tuple(
        name if isinstance(name, str) and name in known else by_code.get(whole(name), str(name)) for name in named
    )


class QuestionReader:
    """Reads the questions of one study one after the other, and then resolves their routing.

    `sources`: (question id, item id or "") → columns, of a study file.
    """

    def __init__(self, top: Table) -> None:
        self.reading = top.reading
        self.sources: dict[tuple[str, str], QuestionSource] = {}
        self._shared = top.table("codes")
        self._lists: dict[str, CodeList] = {}
        self._scored = _scored_lists(top.data)
        self._routing: dict[str, tuple[Condition | tuple[str, tuple[Value, ...]], ...]] = {}
        self._answers: dict[str, tuple[Category | NumberClass, ...]] = {}
        for name in self._shared.data if self._shared else ():
            self._read_shared(name)

    def _read_shared(self, name: str) -> None:
        assert self._shared is not None
        table = self._shared.table(name)
        if table is None:
            return
        table.place = (f"codes {name[:80]}",)
        categories = tuple(
            self._category(each, name in self._scored)[0] for each in table.tables("categories", "category")
        )
        self._lists[name] = CodeList(id=name, categories=categories, ends_labelled=table.flag("ends_labelled"))
        table.finish()

    def _category(self, table: Table, scored: bool) -> tuple[Category, str]:
        """The category and the column of its own, if it has one."""
        code, identity = table.value("code"), table.string("id")
        if code is None and not identity:
            table.problem(say("has neither a code nor an id; write code = 1, as it stands in the data"))
        code = whole(code) if code is not None else identity
        role = table.choice("role", Role) or Role.ANSWER
        score = None if table.data.get("score") is False else table.whole("score")
        if "score" not in table and scored and role is Role.ANSWER and isinstance(code, int):
            score = code
        category = Category(
            id=identity or suggest_id(str(code)),
            label=table.text("label") or self.reading.same(str(code).strip() or "–"),
            code=code,
            role=role,
            score=score,
            exclusive=table.flag("exclusive"),
            sensitive=table.flag("sensitive"),
            waves=table.strings("waves"),
        )
        table.ask("score")
        column = table.string("variable") if self.reading.wired else ""
        table.finish()
        return category, column

    def read(self, table: Table) -> Question:
        """One question, its routing not yet resolved."""
        identity = table.required("id")
        kind = table.choice("kind", Kind)
        if kind is None:
            if "kind" not in table:
                table.problem(say("“kind” is missing; there are {kinds}", kinds=", ".join(Kind)))
            kind = Kind.GRID if "items" in table else Kind.SINGLE
        mean = _has_mean(table, kind)
        codes, columns = self._codes(table, identity, mean)
        classes = tuple(_class(each) for each in table.tables("classes", "class"))
        answers: tuple[Category | NumberClass, ...] = (*classes, *(codes.categories if codes else ()))
        nets = tuple(self._net(net, answers) for net in table.tables("nets", "net"))
        text = table.required_text("text")
        items = tuple(self._item(item, identity, table) for item in table.tables("items", "item"))
        question = Question(
            id=identity,
            kind=kind,
            text=text,
            label=table.text("label") or text,
            instruction=table.text("instruction"),
            introduction=table.text("introduction"),
            asked_in=table.strings("asked_in"),
            presented=table.string("presented"),
            rotation=table.string("rotation"),
            base=table.choice("base", Base),
            confidential=not table.flag("public"),
            codes=codes,
            nets=nets,
            mean=mean,
            balance=_balance(table, answers, nets),
            items=items,
            at_most=table.whole("at_most"),
            top=table.whole("top") or 0,
            unit=table.text("unit"),
            minimum=table.number("minimum"),
            maximum=table.number("maximum"),
            classes=classes,
            public_verbatim=table.flag("public_verbatim"),
            waves=table.strings("waves"),
            changes=tuple(_change(change) for change in table.tables("change")),
        )
        self._routing[identity] = self._conditions(table)
        self._answers[identity] = answers
        if self.reading.wired:
            source = _source(table, identity, columns)
            if kind is not Kind.GRID:
                self.sources[identity, ""] = source
        table.finish()
        return question

    def _codes(self, table: Table, question: str, scored: bool) -> tuple[CodeList | None, dict[str, str]]:
        """The code list, shared or in place, and the columns that its categories name."""
        shared, in_place = table.string("codes"), table.tables("categories", "category")
        columns: dict[str, str] = {}
        categories = []
        for each in in_place:
            category, column = self._category(each, scored)
            categories.append(category)
            if column:
                columns[category.id] = column
        ends_labelled = table.flag("ends_labelled")
        if not shared:
            if not categories and "categories" not in table:
                return None, columns
            return CodeList(id=question, categories=tuple(categories), ends_labelled=ends_labelled), columns
        if categories:
            table.problem(say("stands beside “categories”; keep one of them"), "codes")
        if "ends_labelled" in table:
            table.problem(say("belongs in [codes.{name}], since the list is shared", name=shared), "ends_labelled")
        if shared not in self._lists and shared not in (self._shared.data if self._shared else {}):
            near = _nearest(shared, self._lists) if len(self.reading.problems) < MOST_SHOWN else ""
            table.problem(say("there is no code list “{name}”", name=shared[:80]) + near, "codes")
        return self._lists.get(shared), columns

    def _item(self, table: Table, question: str, grid: Table) -> Item:
        identity, text = table.required("id"), table.required_text("text")
        if self.reading.wired:
            common = grid.values("not_asked")
            source = _source(table, f"{question}_{identity}", {})
            self.sources[question, identity] = source if source.not_asked else replace(source, not_asked=common)
        item = Item(id=identity, text=text, label=table.text("label") or text)
        table.finish()
        return item

    def _net(self, table: Table, answers: tuple[Category | NumberClass, ...]) -> Net:
        identity = table.required("id")
        label = table.text("label")
        if label is None:
            label = self.reading.same(identity.replace("-", "–")) if identity.replace("-", "").isdigit() else MISSING
            if label is MISSING:
                table.problem(say("“label” is missing; only a net such as 4-5 is its own label"))
        net = Net(id=identity, label=label, of=_answer_ids(table.values("of"), answers))
        table.finish()
        return net

    def _conditions(self, table: Table) -> tuple[Condition | tuple[str, tuple[Value, ...]], ...]:
        """`asked_if = { q2_4 = [3, 4], "q2_3.a" = [1] }`, or a list of tables question, item, categories."""
        if isinstance(table.data.get("asked_if"), Mapping):
            short = table.table("asked_if")
            return tuple((name, short.values(name)) for name in short.data) if short else ()
        found: list[Condition | tuple[str, tuple[Value, ...]]] = []
        for each in table.tables("asked_if"):
            name, item = each.required("question"), each.string("item")
            found.append((f"{name}.{item}" if item else name, each.values("categories")))
            each.finish()
        return tuple(found)

    def routed(self, questions: Iterable[Question]) -> tuple[Question, ...]:
        """The questions with their conditions, once all questions have been read."""
        return tuple(replace(question, asked_if=self._resolved(question.id)) for question in questions)

    def _resolved(self, question: str) -> tuple[Condition, ...]:
        conditions = []
        for raw in self._routing.get(question, ()):
            if isinstance(raw, Condition):
                conditions.append(raw)
                continue
            name, _, item = raw[0].partition(".")
            conditions.append(
                Condition(question=name, item=item, categories=_answer_ids(raw[1], self._answers.get(name, ())))
            )
        return tuple(conditions)

    def finish(self) -> None:
        if self._shared:
            self._shared.finish()


def _scored_lists(data: Mapping[str, object]) -> frozenset[str]:
    """The shared code lists that some scale uses: their whole numbers count in its mean."""
    found = set()
    sections = data.get("section")
    for section in sections if isinstance(sections, list) else ():
        questions = section.get("question") if isinstance(section, Mapping) else None
        for question in questions if isinstance(questions, list) else ():
            if not isinstance(question, Mapping) or not isinstance(name := question.get("codes"), str):
                continue
            kind = question.get("kind")
            if question.get("scale" if kind == "grid" else "mean", kind == "scale") is True:
                found.add(name)
    return frozenset(found)


def _answer_ids(named: Iterable[Value], answers: Iterable[Category | NumberClass]) -> tuple[str, ...]:
    answers = tuple(answers)
    by_code = {answer.code: answer.id for answer in answers if isinstance(answer, Category)}
    return resolved(named, {answer.id for answer in answers}, by_code)


def _has_mean(table: Table, kind: Kind) -> bool:
    table.ask("mean", "scale")
    if kind is Kind.GRID:
        if "mean" in table:
            table.problem(say("is for single scales; in a grid write scale = true"), "mean")
        return table.flag("scale")
    if "scale" in table:
        table.problem(say('is for the items of a grid; here write kind = "scale"'), "scale")
    return table.flag("mean", kind is Kind.SCALE)


def _balance(table: Table, answers: tuple[Category | NumberClass, ...], nets: tuple[Net, ...]) -> Balance | None:
    balance = table.table("balance")
    if balance is None:
        return None
    known = {net.id for net in nets}
    ends = []
    for key in ("positive", "negative"):
        value = balance.value(key)
        if value is None:
            balance.problem(say("“{key}” is missing; name a net or a category", key=key))
            value = ""
        ends.append(value if isinstance(value, str) and value in known else _answer_ids((value,), answers)[0])
    balance.finish()
    return Balance(positive=ends[0], negative=ends[1])


def _class(table: Table) -> NumberClass:
    identity = table.required("id")
    lower, upper = table.number("from"), table.number("to")
    found = NumberClass(
        id=identity,
        label=table.text("label") or bounds_label(table.reading.languages, lower, upper),
        lower=lower,
        upper=upper,
    )
    table.finish()
    return found


def bounds_label(languages: tuple[str, ...], lower: float | None, upper: float | None) -> Text:
    """0–20, ≥ 81, ≤ 20, with each language's decimal mark."""
    from saklig.language.numbers import exact

    def words(language: str) -> str:
        if lower is None or upper is None:
            return f"≥ {exact(lower, language)}" if lower is not None else f"≤ {exact(upper or 0, language)}"
        joint = "–" if lower >= 0 else " – "
        return f"{exact(lower, language)}{joint}{exact(upper, language)}"

    return Text(tuple((language, words(language)) for language in languages or ("und",)))


def _change(table: Table) -> Change:
    change = Change(
        wave=table.required("wave"),
        note=table.required_text("note"),
        text=table.text("text"),
        instruction=table.text("instruction"),
        breaks=table.flag("breaks", True),
    )
    table.finish()
    return change


def _source(table: Table, default: str, columns: dict[str, str]) -> QuestionSource:
    """`variable`, or `variables`: a list (first, second, … choice) or a table (category id → column)."""
    by_place: tuple[str, ...] = ()
    if isinstance(table.data.get("variables"), Mapping):
        named = table.table("variables")
        columns = columns | ({category: named.string(category) for category in named.data} if named else {})
    else:
        by_place = table.strings("variables")
    variable = table.string("variable")
    if sum(map(bool, (variable, columns, by_place))) > 1:
        table.problem(say("keep one of variable, variables and the categories' own columns"), "variable")
    return QuestionSource(
        variable=variable or ("" if columns or by_place else default),
        delimiter=table.string("delimiter"),
        by_category=columns,
        by_place=by_place,
        chosen=table.values("chosen"),
        not_asked=table.values("not_asked"),
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1, 0.5)
    return "; " + say("did you mean “{name}”?", name=near[0]) if near else ""
