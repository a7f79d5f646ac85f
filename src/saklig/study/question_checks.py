"""The rules that questions and code lists obey."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from saklig.language.catalog import say
from saklig.study.findings import LANGUAGE, Findings, Place, check_ranges, nearest_words
from saklig.study.questionnaire import Base, CodeList, Condition, Kind, Question, Role

if TYPE_CHECKING:
    from saklig.study.model import Study

PRESENTED = ("shown", "read-aloud", "not-read")
ROTATIONS = ("options", "items", "reversed")

_ALL = frozenset(Kind)
_NUMERIC = frozenset({Kind.NUMERIC})
_SEVERAL = frozenset({Kind.MULTIPLE, Kind.OPEN})


@dataclass(frozen=True)
class Belongs:
    """To which kinds of question a field belongs; `key` is its name in the study file."""

    key: str
    kinds: frozenset[Kind]
    present: Callable[[Question], object]


BELONGS = (
    Belongs("mean", frozenset({Kind.SCALE, Kind.GRID}), lambda question: question.mean),
    Belongs("balance", frozenset({Kind.SINGLE, Kind.SCALE, Kind.GRID}), lambda question: question.balance),
    Belongs("items", frozenset({Kind.GRID}), lambda question: question.items),
    Belongs("at_most", _SEVERAL, lambda question: question.at_most is not None),
    Belongs("top", frozenset({Kind.RANKING}), lambda question: question.top),
    Belongs("unit", _NUMERIC, lambda question: question.unit),
    Belongs("minimum", _NUMERIC, lambda question: question.minimum is not None),
    Belongs("maximum", _NUMERIC, lambda question: question.maximum is not None),
    Belongs("classes", _NUMERIC, lambda question: question.classes),
    Belongs("public_verbatim", frozenset({Kind.OPEN}), lambda question: question.public_verbatim),
)


def check_questions(study: Study, findings: Findings) -> None:
    places = {
        id(question): (f"section {section.id}", f"question {question.id}")
        for section in study.sections
        for question in section.questions
    }
    for section in study.sections:
        if not section.questions:
            findings.add(
                (f"section {section.id}",), say("has no questions; write [[section.question]], or take it out")
            )
    _check_question_ids(study, findings)
    lists: dict[str, CodeList] = {}
    for question in study.questions:
        place = places[id(question)]
        codes = question.codes
        if codes and lists.setdefault(codes.id, codes) != codes:
            findings.add(
                place,
                say("another question has a different code list “{name}”; give one another name", name=codes.id),
                "codes",
            )
        _check_kind(question, place, findings)
        _check_categories(question, study, place, findings)
        _check_nets(question, place, findings)
        _check_numbers(question, place, findings)
        _check_waves(question, study, place, findings)
    _check_routing(study, places, findings)


def _check_question_ids(study: Study, findings: Findings) -> None:
    for section in study.sections:
        findings.ids((f"section {section.id}",), "question", [question.id for question in section.questions])
    first: dict[str, str] = {}
    for section in study.sections:
        for identity in dict.fromkeys(question.id for question in section.questions):
            if identity in first:
                findings.add(
                    (f"section {section.id}", f"question {identity}"),
                    say(
                        "section {section} has a question with this id already; give one of them another id",
                        section=first[identity],
                    ),
                )
            first.setdefault(identity, section.id)


def _check_kind(question: Question, place: Place, findings: Findings) -> None:
    kind = question.kind
    for field in BELONGS:
        if field.present(question) and kind not in field.kinds:
            kinds = ", ".join(sorted(field.kinds))
            findings.add(
                place,
                say("belongs to questions of the kind {kinds}, not {kind}; take it out", kinds=kinds, kind=kind),
                field.key,
            )
    if kind is Kind.GRID and not question.items:
        findings.add(place, say('a grid needs items; write items = [{ id = "a", text = "…" }]'), "items")
    findings.ids(place, "item", [item.id for item in question.items])
    if kind is not Kind.NUMERIC and question.codes is None:
        findings.add(place, say('has no answers to choose from; write categories = [ … ] or codes = "…"'))
    for language in question.asked_in:
        if not LANGUAGE.fullmatch(language):
            findings.add(
                place,
                say("“{language}” is not a language; write it as sv, en or sr-Latn", language=language[:20]),
                "asked_in",
            )
    for key, value, values in (
        ("presented", question.presented, PRESENTED),
        ("rotation", question.rotation, ROTATIONS),
    ):
        if value and value not in values:
            findings.add(
                place,
                say(
                    "“{value}” is not one of its values; {remedy}",
                    value=value[:40],
                    remedy=nearest_words(value, values),
                ),
                key,
            )
    if question.rotation == "items" and kind is not Kind.GRID:
        findings.add(place, say('only the items of a grid can be rotated; write "options"'), "rotation")


def _check_categories(question: Question, study: Study, place: Place, findings: Findings) -> None:
    categories = question.codes.categories if question.codes else ()
    ids = [
        *(each.id for each in question.classes),
        *(each.id for each in categories),
        *(net.id for net in question.nets),
    ]
    findings.ids(place, "category", ids)
    answers = [category for category in categories if category.role is Role.ANSWER]
    if question.codes and question.kind is not Kind.NUMERIC and not answers:
        findings.add(place, say("none of its categories is an answer; leave out “role” where one is"), "categories")
    codes: dict[object, str] = {}
    waves = [wave.id for wave in study.waves]
    for category in categories:
        where = (*place, f"category {category.id}")
        if category.code in codes:
            findings.add(
                where,
                say(
                    "the code {code} is that of “{category}” already; keep one",
                    code=category.code,
                    category=codes[category.code],
                ),
                "code",
            )
        codes[category.code] = category.id
        findings.known(where, "wave", category.waves, waves, "waves")
        if question.kind is Kind.NUMERIC and category.role is Role.ANSWER:
            findings.add(
                where, say('in a numeric question only missing answers have codes; write role = "dont-know"'), "role"
            )
        if category.exclusive and question.kind not in _SEVERAL:
            findings.add(where, say("only one answer can be given anyway; take “exclusive” out"), "exclusive")
        if category.score is not None and category.role is not Role.ANSWER:
            findings.add(where, say("“{role}” cannot count in a mean; take the score out", role=category.role), "score")
    if question.mean and categories and not any(answer.score is not None for answer in answers):
        findings.add(
            place,
            say(
                "a mean needs numbers: let the codes be whole numbers, or give categories a score, or "
                "write mean = false"
            ),
            "scale" if question.kind is Kind.GRID else "mean",
        )
    if question.base is Base.OPINION and not any(each.role is Role.DONT_KNOW for each in categories):
        findings.add(
            place,
            say('no category has role = "dont-know", so there is none to leave out of the base; take it out'),
            "base",
        )


def _check_nets(question: Question, place: Place, findings: Findings) -> None:
    categories = question.codes.categories if question.codes else ()
    roles: dict[str, Role] = {each.id: Role.ANSWER for each in question.classes}
    roles |= {category.id: category.role for category in categories}
    parts: dict[str, frozenset[str]] = {name: frozenset({name}) for name in roles}
    for net in question.nets:
        where = (*place, f"net {net.id}")
        if not net.of:
            findings.add(where, say("joins nothing; write of = [4, 5]"), "of")
        if len(set(net.of)) < len(net.of):
            findings.add(where, say("names a category twice; keep one"), "of")
        findings.known(where, "category", net.of, roles, "of")
        for name in net.of:
            if roles.get(name) in (Role.REFUSED, Role.NO_ANSWER):
                findings.add(
                    where,
                    say("“{name}” is not in the base, so it cannot be part of a share; take it out", name=name),
                    "of",
                )
        parts[net.id] = frozenset(net.of)
    balance = question.balance
    if balance is None:
        return
    findings.known(place, "net or category", [balance.positive, balance.negative], parts, "balance")
    if parts.get(balance.positive, frozenset()) & parts.get(balance.negative, frozenset()):
        findings.add(place, say("the positive and the negative end share a category; part them"), "balance")


def _check_numbers(question: Question, place: Place, findings: Findings) -> None:
    categories = question.codes.categories if question.codes else ()
    answers = sum(category.role is Role.ANSWER for category in categories)
    if question.kind in _SEVERAL and question.at_most is not None and not 1 <= question.at_most <= max(answers, 1):
        findings.add(
            place,
            say(
                "is {at_most}, but there are {answers} answers to choose from",
                at_most=question.at_most,
                answers=answers,
            ),
            "at_most",
        )
    if question.kind is Kind.RANKING and not 1 <= question.top <= max(answers, 1):
        findings.add(
            place,
            say(
                "is {top}, but must be how many of the {answers} answers were ranked, such as top = 3",
                top=question.top,
                answers=answers,
            ),
            "top",
        )
    if question.top > 99:
        findings.add(place, say("at most 99 places can be ranked"), "top")
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        findings.add(
            place,
            say("the minimum {low} is above the maximum {high}; change one of them", low=f"{low:g}", high=f"{high:g}"),
            "minimum",
        )
    for each in question.classes:
        where = (*place, f"class {each.id}")
        if each.lower is None and each.upper is None:
            findings.add(where, say("has no ends; write from = 0, to = 20"))
        below = high is not None and each.lower is not None and each.lower > high
        if below or (low is not None and each.upper is not None and each.upper < low):
            findings.add(where, say("lies outside minimum and maximum, so nobody can be in it; take it out"))
    check_ranges(place, "class", [(each.id, each.lower, each.upper) for each in question.classes], findings)


def _check_waves(question: Question, study: Study, place: Place, findings: Findings) -> None:
    waves = [wave.id for wave in study.waves]
    findings.known(place, "wave", question.waves, waves, "waves")
    changed: set[str] = set()
    for change in question.changes:
        findings.known(place, "wave", [change.wave], waves, "change")
        if change.wave in changed:
            findings.add(place, say("two changes name the wave “{wave}”; make them one", wave=change.wave), "change")
        if question.waves and change.wave in waves and change.wave not in question.waves:
            findings.add(
                place,
                say("changes in the wave “{wave}”, in which the question was not asked", wave=change.wave),
                "change",
            )
        changed.add(change.wave)


# routing


def _check_routing(study: Study, places: Mapping[int, Place], findings: Findings) -> None:
    order = {question.id: number for number, question in reversed(list(enumerate(study.questions)))}
    leads_to = {question.id: {each.question for each in question.asked_if} for question in study.questions}
    for number, question in enumerate(study.questions):
        place = places[id(question)]
        for condition in question.asked_if:
            if condition.question not in order:
                findings.known(place, "question", [condition.question], order, "asked_if")
            elif order[condition.question] >= number:
                _report_order(question.id, condition.question, leads_to, place, findings)
            else:
                _check_condition(condition, question, study, place, findings)


def _report_order(
    question: str, router: str, leads_to: Mapping[str, set[str]], place: Place, findings: Findings
) -> None:
    circle = _way(router, question, leads_to)
    if circle:
        way = " → ".join((question, *circle))
        findings.add(
            place,
            say("the routing goes in a circle, {way}; nobody could be asked; take one condition out", way=way),
            "asked_if",
        )
    else:
        findings.add(
            place,
            say("“{router}” is asked later; a question can only depend on earlier ones", router=router),
            "asked_if",
        )


def _way(start: str, end: str, leads_to: Mapping[str, set[str]]) -> tuple[str, ...]:
    """A way from `start` to `end` along conditions, or nothing."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop()
        if way[-1] == end:
            return way
        for following in sorted(leads_to.get(way[-1], set()) - seen):
            seen.add(following)
            ways.append((*way, following))
    return ()


def _check_condition(condition: Condition, question: Question, study: Study, place: Place, findings: Findings) -> None:
    router = study.question(condition.question)
    items = [item.id for item in router.items]
    name = f"{router.id}.{condition.item}" if condition.item else router.id
    if items and not condition.item:
        findings.add(
            place,
            say('“{router}” is a grid; name one of its items: "{router}.{item}"', router=router.id, item=items[0]),
            "asked_if",
        )
    elif condition.item and condition.item not in items:
        findings.known(place, say("item of “{name}” called", name=router.id), [condition.item], items, "asked_if")
    answers = [
        *(net.id for net in router.nets),
        *(each.id for each in router.classes),
        *(each.id for each in (router.codes.categories if router.codes else ())),
    ]
    if not condition.categories:
        findings.add(place, say("names no answer to “{name}”; write {name} = [1, 2]", name=name), "asked_if")
    findings.known(place, say("answer to “{name}”", name=name), condition.categories, answers, "asked_if")
    all_waves = {wave.id for wave in study.waves}
    lacking = (set(question.waves) or all_waves) - (set(router.waves) or all_waves)
    if lacking:
        findings.add(
            place,
            say(
                "depends on “{router}”, which was not asked in the wave {waves}",
                router=router.id,
                waves=", ".join(sorted(lacking)),
            ),
            "asked_if",
        )
