"""Where a line over waves is broken: what differs in what the study asked, and what the study says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from random_studies import studies

from saklig.language.text import Text
from saklig.study.breaks import Break, Cause, breaks_of, is_broken, waves_of
from saklig.study.model import (
    Base,
    Category,
    Change,
    CodeList,
    Condition,
    Kind,
    Question,
    Role,
    Section,
    Study,
    StudyError,
    Wave,
    WaveChange,
)

YEARS = ("2019", "2021", "2023")


def t(words: str) -> Text:
    return Text.of({"en": words})


def category(code: int, *waves: str, **more: object) -> Category:
    return Category(id=str(code), label=t(f"Answer {code}"), code=code, waves=waves, **more)  # type: ignore[arg-type]


def question(id: str = "q1", *categories: Category, **more: object) -> Question:
    codes = CodeList(id=id, categories=categories or (category(1), category(2)))
    return Question(id=id, kind=Kind.SINGLE, text=t("What?"), label=t("What"), codes=codes, **more)  # type: ignore[arg-type]


def study(*questions: Question, waves: tuple[Wave, ...] = (), **more: object) -> Study:
    return Study(
        id="s",
        title=t("Study"),
        languages=("en",),
        sections=(Section(id="1", title=t("One"), questions=questions),),
        waves=waves or tuple(Wave(id=year, label=t(year)) for year in YEARS),
        **more,  # type: ignore[arg-type]
    )


def causes(made: Study, *found: Break) -> dict[str, list[tuple[str, Cause]]]:
    return {name: [(each.wave, each.cause) for each in those] for name, those in breaks_of(made, found).items()}


def test_what_stays_the_same_breaks_nothing() -> None:
    assert breaks_of(study(question())) == {}


def test_an_answer_that_comes_or_goes_breaks_the_line() -> None:
    made = study(question("q1", category(1), category(2), category(3, "2021", "2023"), category(4, "2019", "2021")))
    first, second = breaks_of(made)["q1"]
    assert (first.earlier, first.wave, first.cause, first.added, first.removed) == (
        "2019", "2021", Cause.OPTIONS, ("3",), (),
    )  # fmt: skip
    assert (second.earlier, second.wave, second.added, second.removed) == ("2021", "2023", (), ("4",))


@pytest.mark.parametrize(
    ("role", "base", "broken"),
    [
        (Role.DONT_KNOW, Base.VALID, True),
        (Role.DONT_KNOW, Base.OPINION, False),
        (Role.REFUSED, Base.VALID, False),
        (Role.REFUSED, Base.ASKED, True),
    ],
)
def test_only_what_a_share_is_of_counts(role: Role, base: Base, broken: bool) -> None:
    always = category(5, role=Role.DONT_KNOW)
    made = question("q1", category(1), category(2), always, category(8, "2023", role=role), base=base)
    assert bool(breaks_of(study(made))) is broken


def test_a_scale_with_more_points_is_another_scale() -> None:
    points = [category(code, score=code) for code in range(1, 6)] + [category(6, "2023", score=6)]
    made = replace(question("q1", *points), kind=Kind.SCALE, mean=True)
    assert causes(study(made)) == {"q1": [("2023", Cause.SCALE)]}


def test_the_study_s_own_words_come_first() -> None:
    options = (category(1), category(2), category(3, "2023"))
    said = Change(wave="2023", note=t("Answer 3 was added."))
    assert causes(study(question("q1", *options, changes=(said,)))) == {"q1": [("2023", Cause.CHANGE)]}
    mended = replace(said, breaks=False, note=t("Nobody had ever missed answer 3."))
    assert causes(study(question("q1", *options, changes=(mended,)))) == {}


def test_a_question_is_compared_with_the_last_wave_that_had_it() -> None:
    made = study(
        question("q1", waves=("2019", "2023"), changes=(Change(wave="2023", note=t("Other words.")),)),
        question("q2", category(1), category(2), category(3, "2021"), waves=("2019", "2023")),
    )
    assert waves_of(made, made.question("q1")) == ("2019", "2023")
    assert [(each.earlier, each.wave) for each in breaks_of(made)["q1"]] == [("2019", "2023")]
    assert "q2" not in breaks_of(made), "the answer was there in a wave that did not ask"


def test_a_question_of_one_wave_has_no_line() -> None:
    assert breaks_of(study(question("q1", category(1), category(2), category(3, "2023"), waves=("2023",)))) == {}


def test_who_was_asked_is_another_where_the_router_is() -> None:
    routed = replace(question("q2"), asked_if=(Condition(question="q1", categories=("1",)),))
    last = replace(question("q3"), asked_if=(Condition(question="q2", categories=("1",)),))
    made = study(question("q1", changes=(Change(wave="2021", note=t("Other words.")),)), routed, last)
    found = breaks_of(made)
    assert [(each.wave, each.cause, each.router) for each in found["q2"]] == [("2021", Cause.ROUTING, "q1")]
    assert [(each.wave, each.cause, each.router) for each in found["q3"]] == [("2021", Cause.ROUTING, "q2")]


def waves(*changes: WaveChange | None, modes: tuple[str, ...] = ("web", "web", "telephone")) -> tuple[Wave, ...]:
    return tuple(
        Wave(id=year, label=t(year), mode=t(mode), change=change)
        for year, mode, change in zip(YEARS, modes, changes or (None,) * 3, strict=True)
    )


def test_another_mode_breaks_every_line() -> None:
    routed = replace(question("q2"), asked_if=(Condition(question="q1", categories=("1",)),))
    assert causes(study(question(), routed, waves=waves())) == {name: [("2023", Cause.MODE)] for name in ("q1", "q2")}


@pytest.mark.parametrize("later", ["Telephone interviews", "telephone-interviews.", "TELEPHONE\u00a0 INTERVIEWS"])
def test_another_spelling_of_the_same_mode_breaks_none(later: str) -> None:
    modes = ("web", "telephone interviews", later)
    assert causes(study(question(), waves=waves(modes=modes))) == {"q1": [("2021", Cause.MODE)]}


def test_a_mode_is_compared_in_the_languages_that_both_waves_have() -> None:
    both = Text.of({"sv": "webbenkät", "en": "web questionnaire"})
    for later, broken in (
        (Text.of({"en": "Web questionnaire"}), False),
        (Text.of({"en": "telephone"}), True),
        (Text.of({"en": "web questionnaire", "sv": "telefon"}), True),
    ):
        made = tuple(
            Wave(id=year, label=t(year), mode=mode) for year, mode in zip(YEARS[:2], (both, later), strict=True)
        )
        assert bool(causes(study(question(), waves=made))) is broken


def test_a_wave_says_what_another_mode_means() -> None:
    note = t("Few were interviewed by telephone.")
    calm = waves(None, None, WaveChange(note=note, breaks=False))
    assert causes(study(question(), waves=calm)) == {}
    loud = waves(None, WaveChange(note=note), None, modes=("web",) * 3)
    assert causes(study(question(), waves=loud)) == {"q1": [("2021", Cause.WAVE)]}
    same = question(changes=(Change(wave="2023", note=t("The same by telephone."), breaks=False),))
    assert causes(study(same, question("q2"), waves=waves())) == {"q2": [("2023", Cause.MODE)]}


def test_what_the_files_showed_stands_beside_it() -> None:
    found = Break(question="q1", earlier="2019", wave="2021", cause=Cause.LABELS, added=("1",))
    assert causes(study(question()), found) == {"q1": [("2021", Cause.LABELS)]}
    mended = question(changes=(Change(wave="2021", note=t("Only the file's words differ."), breaks=False),))
    assert causes(study(mended), found) == {}


def test_first_and_last_are_parted_by_what_lies_between() -> None:
    made = study(question(changes=(Change(wave="2021", note=t("Other words.")),)))
    found = breaks_of(made)
    assert [is_broken(found, made, "q1", *pair) for pair in (YEARS[:2], YEARS[1:], YEARS[::2])] == [True, False, True]


@given(studies())
def test_any_study_has_breaks_between_its_own_waves(made: Study) -> None:
    for name, found in breaks_of(made).items():
        asked = waves_of(made, made.question(name))
        for each in found:
            assert asked.index(each.wave) == asked.index(each.earlier) + 1


def test_waves_stand_in_the_order_of_time() -> None:
    late, early = Wave(id="b", label=t("b"), start="2023-01-01"), Wave(id="a", label=t("a"), start="2021-01-01")
    with pytest.raises(StudyError, match=r"wave a.*start.*before the wave “b”.*write the waves in the order of time"):
        study(question(), waves=(late, early))
    study(question(), waves=(early, late))


@pytest.mark.parametrize("key", ["change", "independent"])
def test_the_first_wave_follows_none(key: str) -> None:
    value = WaveChange(note=t("Another mode.")) if key == "change" else True
    with pytest.raises(StudyError, match=f"wave 2021.*{key}.*first wave.*take it out"):
        study(question(), waves=(Wave(id="2021", label=t("2021"), **{key: value}),))  # type: ignore[arg-type]
