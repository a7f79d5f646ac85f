"""Every contradiction of a study is refused, with its place and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest

from saklig.language.text import Text
from saklig.study.model import (
    Arrow,
    Background,
    Balance,
    Base,
    Box,
    Category,
    Change,
    CodeList,
    Condition,
    Fold,
    Group,
    Item,
    Kind,
    Method,
    Net,
    NumberClass,
    Panel,
    Perspective,
    Question,
    ResponseModel,
    Role,
    Sample,
    Section,
    Stratum,
    Study,
    StudyError,
    Wave,
)


def t(words: str) -> Text:
    return Text((("sv", words),))


YES_NO = CodeList(
    id="yes-no",
    categories=(
        Category(id="1", label=t("Ja"), code=1, score=1),
        Category(id="2", label=t("Nej"), code=2, score=2),
        Category(id="8", label=t("Vet inte"), code=8, role=Role.DONT_KNOW),
        Category(id="9", label=t("Vill inte svara"), code=9, role=Role.REFUSED),
    ),
)


def question(identity: str = "q1", kind: Kind = Kind.SINGLE, **values: Any) -> Question:
    given: dict[str, Any] = {"codes": None if kind is Kind.NUMERIC else YES_NO, "top": int(kind is Kind.RANKING)}
    given |= {"items": (Item(id="a", text=t("a"), label=t("a")),)} if kind is Kind.GRID else {}
    return Question(id=identity, kind=kind, text=t("Hur?"), label=t("Hur"), **(given | values))


def study(*questions: Question, **values: Any) -> Study:
    given: dict[str, Any] = {
        "id": "s",
        "title": t("Titel"),
        "languages": ("sv",),
        "waves": (Wave(id="1", label=t("1")), Wave(id="2", label=t("2"))),
        "sections": (Section(id="a", title=t("A"), questions=questions or (question(),)),),
    }
    return Study(**(given | values))


def group(identity: str, *codes: int, lower: float | None = None, upper: float | None = None) -> Group:
    return Group(id=identity, label=t(identity), codes=codes, lower=lower, upper=upper)


def background(*groups: Group, identity: str = "size", fold: tuple[Fold, ...] = ()) -> Background:
    return Background(id=identity, label=t("Storlek"), groups=groups or (group("a", 1), group("b", 2)), fold=fold)


def fold(identity: str, *of: str) -> Fold:
    return Fold(id=identity, label=t(identity), of=of)


def categories(*changed: Category, **values: Any) -> CodeList:
    return CodeList(id="own", categories=(*YES_NO.categories, *changed), **values)


def net(identity: str, *of: str) -> Net:
    return Net(id=identity, label=t(identity), of=of)


def asked_if(router: str, *answers: str, item: str = "") -> tuple[Condition, ...]:
    return (Condition(question=router, categories=answers, item=item),)


def box(identity: str, column: int, **values: Any) -> Box:
    return Box(id=identity, label=t(identity), at=(column, 1), **values)


def perspective(*boxes: Box, arrows: tuple[Arrow, ...] = ()) -> Study:
    return study(perspectives=(Perspective(id="p", title=t("P"), boxes=boxes, arrows=arrows),))


NUMERIC = Kind.NUMERIC


def number_class(identity: str, lower: float | None, upper: float | None) -> NumberClass:
    return NumberClass(id=identity, label=t(identity), lower=lower, upper=upper)


FAULTS: dict[str, tuple[Callable[[], Study], tuple[str, ...]]] = {
    # the study
    "id": (lambda: study(id="Å"), ("study Å", "for example “a”")),
    "no waves": (lambda: study(waves=()), ("no wave of answers",)),
    "no sections": (lambda: study(sections=()), ("has no questions", "[[section.question]]")),
    "no languages": (lambda: study(languages=()), ('languages = ["sv"]',)),
    "language": (lambda: study(languages=("sv", "Swedish!")), ("“Swedish!” is not a language",)),
    "language twice": (lambda: study(languages=("sv", "sv")), ("a language stands twice",)),
    "unused language": (lambda: study(languages=("sv", "fi")), ("nothing is written in “fi”",)),
    "foreign language": (
        lambda: study(subtitle=Text((("sw", "y"),))),
        ("“subtitle”: has words only in “sw”", "there are sv"),
    ),
    "control character": (lambda: study(title=t("a\x07b")), ("“title”: holds the control character U+0007",)),
    "method": (lambda: study(method=Method(texts=(("sponser", t("x")),))), ("method", "did you mean “sponsor”?")),
    # waves
    "wave twice": (lambda: study(waves=(Wave(id="1", label=t("1")),) * 2), ("wave 1: this id stands twice",)),
    "date": (lambda: study(waves=(Wave(id="1", label=t("1"), start="2021-9-1"),)), ("wave 1, “start”", "2021-09-24")),
    "no such day": (lambda: study(waves=(Wave(id="1", label=t("1"), end="2021-02-30"),)), ("wave 1, “end”",)),
    "end first": (
        lambda: study(waves=(Wave(id="1", label=t("1"), start="2021-02-03", end="2021-02-02"),)),
        ("the end is before the start",),
    ),
    "population": (
        lambda: study(waves=(Wave(id="1", label=t("1"), population=10, invited=11),)),
        ("wave 1, “population”: 11 were invited, but the population is 10",),
    ),
    "stratum population": (
        lambda: study(waves=(Wave(id="1", label=t("1"), strata=(Stratum(id="x", population=1, invited=2),)),)),
        ("wave 1, stratum x, “population”: 2 were invited",),
    ),
    "negative": (lambda: study(waves=(Wave(id="1", label=t("1"), invited=-1),)), ("-1 is negative",)),
    "sum of strata": (
        lambda: study(waves=(Wave(id="1", label=t("1"), population=9, strata=(Stratum(id="x", population=8),)),)),
        ("is 9, but the strata sum to 8",),
    ),
    "stratum twice": (
        lambda: study(waves=(Wave(id="1", label=t("1"), strata=(Stratum(id="x"), Stratum(id="x"))),)),
        ("wave 1, stratum x: this id stands twice",),
    ),
    # backgrounds
    "background twice": (lambda: study(backgrounds=(background(),) * 2), ("background size: this id stands twice",)),
    "group twice": (
        lambda: study(backgrounds=(background(group("a", 1), group("a", 2)),)),
        ("background size, group a: this id stands twice",),
    ),
    "group and fold": (
        lambda: study(backgrounds=(background(fold=(fold("a", "a", "b"),)),)),
        ("group a: this id stands twice",),
    ),
    "code in two groups": (
        lambda: study(backgrounds=(background(group("a", 1, 2), group("b", 2)),)),
        ("group b: the code 2 is in the group “a” already",),
    ),
    "ranges overlap": (
        lambda: study(backgrounds=(background(group("a", lower=0, upper=10), group("b", lower=10)),)),
        ("group b: overlaps with “a”", "begin above 10"),
    ),
    "range backwards": (lambda: study(backgrounds=(background(group("a", lower=9, upper=1)),)), ("goes from 9 to 1",)),
    "fold of unknown": (
        lambda: study(backgrounds=(background(fold=(fold("ab", "a", "c"),)),)),
        ("background size, fold ab, “of”: there is no group “c”; there are a, b",),
    ),
    "folded twice": (
        lambda: study(
            backgrounds=(
                background(
                    group("a", 1), group("b", 2), group("c", 3), fold=(fold("ab", "a", "b"), fold("bc", "b", "c"))
                ),
            )
        ),
        ("fold bc, “of”: the group “b” is folded into “ab” already",),
    ),
    "fold of one": (lambda: study(backgrounds=(background(fold=(fold("x", "a"),)),)), ("fewer than two groups",)),
    "wave of background": (
        lambda: study(backgrounds=(replace(background(), waves=("3",)),)),
        ("background size, “waves”: there is no wave “3”; there are 1, 2",),
    ),
    "pair unknown": (
        lambda: study(backgrounds=(background(),), pairs=(("size", "sise"),)),
        ("there is no background variable “sise”; did you mean “size”?",),
    ),
    "pair out of order": (
        lambda: study(backgrounds=(background(), background(identity="part")), pairs=(("part", "size"),)),
        ('write ["size", "part"]',),
    ),
    "pair with itself": (
        lambda: study(backgrounds=(background(),), pairs=(("size", "size"),)),
        ("names one background variable twice",),
    ),
    # sections and questions
    "empty section": (
        lambda: study(sections=(Section(id="a", title=t("A"), questions=()),)),
        ("section a: has no questions",),
    ),
    "question twice": (lambda: study(question(), question()), ("section a, question q1: this id stands twice",)),
    "question in two sections": (
        lambda: study(
            sections=(
                Section(id="a", title=t("A"), questions=(question(),)),
                Section(id="b", title=t("B"), questions=(question(),)),
            )
        ),
        ("section b, question q1: section a has a question with this id already",),
    ),
    "item twice": (
        lambda: study(question(kind=Kind.GRID, items=(Item(id="a", text=t("a"), label=t("a")),) * 2)),
        ("question q1, item a: this id stands twice",),
    ),
    "two lists of one name": (
        lambda: study(question(), question("q2", codes=replace(YES_NO, ends_labelled=True))),
        ("another question has a different code list “yes-no”",),
    ),
    "no answers": (lambda: study(question(codes=None)), ("has no answers to choose from",)),
    "only missing answers": (
        lambda: study(question(codes=CodeList(id="x", categories=YES_NO.categories[2:]))),
        ("none of its categories is an answer",),
    ),
    "category twice": (
        lambda: study(question(codes=categories(Category(id="1", label=t("x"), code=3)))),
        ("question q1, category 1: this id stands twice",),
    ),
    "code twice": (
        lambda: study(question(codes=categories(Category(id="x", label=t("x"), code=1)))),
        ("category x, “code”: the code 1 is that of “1” already",),
    ),
    "net named as a category": (lambda: study(question(nets=(net("1", "1"),))), ("category 1: this id stands twice",)),
    "net of unknown": (
        lambda: study(question(nets=(net("x", "1", "7"),))),
        ("question q1, net x, “of”: there is no category “7”",),
    ),
    "net of nothing": (lambda: study(question(nets=(net("x"),))), ("joins nothing",)),
    "net of refusals": (lambda: study(question(nets=(net("x", "1", "9"),))), ("“9” is not in the base",)),
    "net names twice": (lambda: study(question(nets=(net("x", "1", "1"),))), ("names a category twice",)),
    "balance of unknown": (
        lambda: study(question(balance=Balance(positive="1", negative="x"))),
        ("question q1, “balance”: there is no net or category “x”",),
    ),
    "balance overlaps": (
        lambda: study(question(nets=(net("x", "1", "2"),), balance=Balance(positive="x", negative="2"))),
        ("share a category",),
    ),
    "opinion without don't know": (
        lambda: study(question(codes=CodeList(id="x", categories=YES_NO.categories[:2]), base=Base.OPINION)),
        ("“base”", 'role = "dont-know"'),
    ),
    "exclusive": (
        lambda: study(question(codes=categories(Category(id="x", label=t("x"), code=3, exclusive=True)))),
        ("category x, “exclusive”",),
    ),
    "score of don't know": (
        lambda: study(question(codes=categories(Category(id="x", label=t("x"), code=3, role=Role.DONT_KNOW, score=3)))),
        ("“dont-know” cannot count in a mean",),
    ),
    "mean without scores": (
        lambda: study(
            question(
                kind=Kind.SCALE,
                mean=True,
                codes=CodeList(id="x", categories=(Category(id="a", label=t("a"), code="a"),)),
            )
        ),
        ("“mean”: a mean needs numbers",),
    ),
    "mean": (lambda: study(question(mean=True)), ("“mean”: belongs to questions of the kind grid, scale, not single",)),
    "balance": (
        lambda: study(question(kind=Kind.MULTIPLE, balance=Balance(positive="1", negative="2"))),
        ("“balance”: belongs to questions of the kind",),
    ),
    "items": (lambda: study(question(items=(Item(id="a", text=t("a"), label=t("a")),))), ("“items”: belongs",)),
    "grid without items": (lambda: study(question(kind=Kind.GRID, items=())), ("a grid needs items",)),
    "at_most": (lambda: study(question(at_most=2)), ("“at_most”: belongs to questions of the kind multiple, open",)),
    "at_most too many": (lambda: study(question(kind=Kind.MULTIPLE, at_most=3)), ("is 3, but there are 2 answers",)),
    "at_most nought": (lambda: study(question(kind=Kind.MULTIPLE, at_most=0)), ("is 0",)),
    "top": (lambda: study(question(top=2)), ("“top”: belongs to questions of the kind ranking",)),
    "top too many": (lambda: study(question(kind=Kind.RANKING, top=3)), ("“top”: is 3", "2 answers")),
    "ranking without top": (lambda: study(question(kind=Kind.RANKING, top=0)), ("such as top = 3",)),
    "unit": (lambda: study(question(unit=t("%"))), ("“unit”: belongs to questions of the kind numeric",)),
    "minimum": (lambda: study(question(minimum=0)), ("“minimum”: belongs",)),
    "maximum": (lambda: study(question(maximum=0)), ("“maximum”: belongs",)),
    "classes": (lambda: study(question(classes=(number_class("x", 0, 1),))), ("“classes”: belongs",)),
    "public_verbatim": (lambda: study(question(public_verbatim=True)), ("“public_verbatim”: belongs",)),
    "minimum above maximum": (lambda: study(question(kind=NUMERIC, minimum=2, maximum=1)), ("is above the maximum 1",)),
    "codes of a number": (lambda: study(question(kind=NUMERIC, codes=YES_NO)), ("only missing answers have codes",)),
    "classes overlap": (
        lambda: study(question(kind=NUMERIC, classes=(number_class("x", 0, 20), number_class("y", 20, 40)))),
        ("question q1, class y: overlaps with “x”",),
    ),
    "class without ends": (
        lambda: study(question(kind=NUMERIC, classes=(number_class("x", None, None),))),
        ("no ends",),
    ),
    "class outside": (
        lambda: study(question(kind=NUMERIC, maximum=100, classes=(number_class("x", 101, None),))),
        ("class x: lies outside",),
    ),
    "presented": (lambda: study(question(presented="red-aloud")), ("did you mean “read-aloud”?",)),
    "rotation": (lambda: study(question(rotation="items")), ("only the items of a grid",)),
    "asked_in": (lambda: study(question(asked_in=("Swedish",))), ("“asked_in”: “Swedish” is not a language",)),
    # waves of questions
    "wave of question": (lambda: study(question(waves=("3",))), ("question q1, “waves”: there is no wave “3”",)),
    "wave of category": (
        lambda: study(question(codes=categories(Category(id="x", label=t("x"), code=3, waves=("3",))))),
        ("category x, “waves”: there is no wave “3”",),
    ),
    "wave of change": (
        lambda: study(question(changes=(Change(wave="3", note=t("x")),))),
        ("“change”: there is no wave “3”",),
    ),
    "change where not asked": (
        lambda: study(question(waves=("1",), changes=(Change(wave="2", note=t("x")),))),
        ("in which the question was not asked",),
    ),
    "two changes": (
        lambda: study(question(changes=(Change(wave="2", note=t("x")), Change(wave="2", note=t("y"))))),
        ("two changes name the wave “2”",),
    ),
    # routing
    "routing to unknown": (
        lambda: study(question(), question("q2", asked_if=asked_if("q3", "1"))),
        ("question q2, “asked_if”: there is no question “q3”",),
    ),
    "routing to a later question": (
        lambda: study(question(asked_if=asked_if("q2", "1")), question("q2")),
        ("“q2” is asked later",),
    ),
    "routing in a circle": (
        lambda: study(
            question(asked_if=asked_if("q3", "1")),
            question("q2", asked_if=asked_if("q1", "1")),
            question("q3", asked_if=asked_if("q2", "1")),
        ),
        ("question q1, “asked_if”: the routing goes in a circle, q1 → q3 → q2 → q1",),
    ),
    "routing to itself": (lambda: study(question(asked_if=asked_if("q1", "1"))), ("in a circle, q1 → q1",)),
    "routing to an unknown answer": (
        lambda: study(question(), question("q2", asked_if=asked_if("q1", "7"))),
        ("there is no answer to “q1” “7”; there are 1, 2, 8, 9",),
    ),
    "routing to no answer": (
        lambda: study(question(), question("q2", asked_if=asked_if("q1"))),
        ("names no answer to “q1”",),
    ),
    "routing to a grid": (
        lambda: study(question(kind=Kind.GRID), question("q2", asked_if=asked_if("q1", "1"))),
        ('“q1” is a grid; name one of its items: "q1.a"',),
    ),
    "routing to an unknown item": (
        lambda: study(question(kind=Kind.GRID), question("q2", asked_if=asked_if("q1", "1", item="b"))),
        ("there is no item of “q1” called “b”; there are a",),
    ),
    "routing over waves": (
        lambda: study(question(waves=("1",)), question("q2", asked_if=asked_if("q1", "1"))),
        ("depends on “q1”, which was not asked in the wave 2",),
    ),
    # perspectives
    "no boxes": (lambda: perspective(), ("perspective p: has no boxes",)),
    "box twice": (lambda: perspective(box("x", 1), box("x", 2)), ("perspective p, box x: this id stands twice",)),
    "box outside": (lambda: perspective(box("x", 0)), ("box x, “at”: column and row are counted from 1",)),
    "two boxes in one place": (
        lambda: perspective(box("x", 1), box("y", 1)),
        ("box y, “at”: stands where the box “x”",),
    ),
    "box of unknown section": (lambda: perspective(box("x", 1, sections=("b",))), ("there is no section “b”",)),
    "box of unknown question": (
        lambda: perspective(box("x", 1, questions=("q11",))),
        ("there is no question “q11”; did you mean “q1”?",),
    ),
    "arrow of unknown box": (
        lambda: perspective(box("x", 1), arrows=(Arrow(origin="x", target="z", verb=t("v")),)),
        ("perspective p, arrow 1, “to”: there is no box “z”",),
    ),
    "arrow to itself": (
        lambda: perspective(box("x", 1), arrows=(Arrow(origin="x", target="x", verb=t("v")),)),
        ("from a box to itself",),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_contradiction_is_named_with_its_place(fault: str) -> None:
    make, says = FAULTS[fault]
    with pytest.raises(StudyError) as caught:
        make()
    message = str(caught.value)
    for words in says:
        assert words in message
    assert len(caught.value.problems) == len(message.splitlines())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_contradiction_is_named_once(fault: str) -> None:
    with pytest.raises(StudyError) as caught:
        FAULTS[fault][0]()
    lines = str(caught.value).splitlines()
    assert len(set(lines)) == len(lines)


def test_all_contradictions_come_at_once() -> None:
    with pytest.raises(StudyError) as caught:
        study(question(unit=t("%"), top=1), id="Å", pairs=(("x", "y"),))
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_valid_question(kind: Kind) -> None:
    assert study(question(kind=kind)).question("q1").kind is kind


def test_texts_may_have_more_languages_than_are_published() -> None:
    assert study(subtitle=Text((("sv", "x"), ("en", "y")))).subtitle == Text((("sv", "x"), ("en", "y")))


def test_routing_by_a_net() -> None:
    router = question(nets=(net("x", "1", "2"),))
    assert study(router, question("q2", asked_if=asked_if("q1", "x"))).question("q2").asked_if


def test_folds_may_be_folded_again() -> None:
    groups = (group("a", 1), group("b", 2), group("c", 3))
    found = background(*groups, fold=(fold("ab", "a", "b"), fold("abc", "ab", "c")))
    assert study(backgrounds=(found,)).backgrounds == (found,)


def test_totals_follow_from_the_strata() -> None:
    strata = (Stratum(id="x", population=131, invited=60), Stratum(id="y", population=159))
    wave = Wave(id="1", label=t("1"), strata=strata)
    assert (wave.population, wave.invited) == (290, None)


def test_every_field_of_a_question_belongs_to_a_kind() -> None:
    """A new field is either listed in BELONGS, or is one that every kind has."""
    from saklig.study.question_checks import BELONGS

    every_kind = {
        "id", "kind", "text", "label", "instruction", "introduction", "asked_in", "presented", "rotation", "asked_if",
        "base", "confidential", "codes", "nets", "waves", "changes",
    }  # fmt: skip
    assert {field.key for field in BELONGS} | every_kind == {field.name for field in fields(Question)}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"response_model": ResponseModel.NONE}, "“response_model”: is of a census only"),
        ({"modelled": t("?")}, '“modelled”: is of sample = "self-selected" only'),
        (
            {"waves": (Wave(id="1", label=t("1"), panel=Panel(recruitment=0.1)),)},
            '“panel”: is of sample = "recruited-pa',
        ),
        (
            {
                "sample": Sample.RECRUITED_PANEL,
                "waves": (Wave(id="1", label=t("1"), panel=Panel(recruitment=12)),),
            },
            "wave 1, panel, “recruitment”: 12 is no share; write 12 per cent as 0.12",
        ),
    ],
)
def test_a_kind_of_sample_says_only_what_it_may(changed: dict[str, object], said: str) -> None:
    with pytest.raises(StudyError) as caught:
        study(**changed)
    assert said in str(caught.value)
