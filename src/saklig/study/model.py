"""What was asked, of whom and how: a Study that exists is valid.

Nothing here knows of files or answers: which column of which file holds a question's answers stands in `sources`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from saklig.language.text import Text
from saklig.study.checks import check_study
from saklig.study.problems import StudyError
from saklig.study.questionnaire import (
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
    Part,
    Question,
    Role,
    Section,
    question_parts,
)
from saklig.study.replication import REPLICATE_METHODS, ReplicateMethod, Replication
from saklig.study.survey import (
    COUNTS,
    METHOD_FIELDS,
    Arrow,
    Background,
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
    Stratum,
    Wave,
    WaveChange,
    Weighting,
    WeightingMethod,
)

__all__ = [
    "COUNTS",
    "METHOD_FIELDS",
    "REPLICATE_METHODS",
    "Arrow",
    "Background",
    "Balance",
    "Base",
    "Box",
    "Category",
    "Change",
    "CodeList",
    "Condition",
    "DisclosureSettings",
    "Distance",
    "Fold",
    "Group",
    "Interval",
    "Item",
    "Kind",
    "Lonely",
    "Method",
    "Net",
    "NumberClass",
    "Panel",
    "Part",
    "Perspective",
    "Question",
    "ReplicateMethod",
    "Replication",
    "ResponseModel",
    "Role",
    "Sample",
    "Section",
    "Stratum",
    "Study",
    "StudyError",
    "Wave",
    "WaveChange",
    "Weighting",
    "WeightingMethod",
    "question_parts",
    "unreported",
]


@dataclass(frozen=True, kw_only=True)
class Study:
    """One survey: its questions, population, method and waves. The first language is the one it was written in."""

    id: str
    title: Text
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    waves: tuple[Wave, ...]
    subtitle: Text | None = None
    description: Text | None = None
    population_name: Text | None = None  # "kommunchefer i Sveriges 290 kommuner"
    unit_name: Text | None = None  # "kommuner", what one respondent speaks for
    sample: Sample = Sample.PROBABILITY
    synthetic: bool = False
    base: Base = Base.VALID
    interval: Interval = Interval.LOGIT  # of shares
    response_model: ResponseModel = ResponseModel.RANDOM
    modelled: Text | None = None  # asks for intervals of a sample that chose itself, and says on what assumption
    backgrounds: tuple[Background, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    perspectives: tuple[Perspective, ...] = ()
    method: Method = field(default_factory=Method)
    disclosure: DisclosureSettings = field(default_factory=DisclosureSettings)
    contact: Text | None = None
    licence: str = "CC-BY-4.0"

    def __post_init__(self) -> None:
        check_study(self)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in the order in which they were asked."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def _by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}

    def question(self, question_id: str) -> Question:
        """Raises KeyError where the study has no such question."""
        return self._by_id[question_id]

    def background(self, background_id: str) -> Background:
        """Raises KeyError where the study has no such background variable."""
        return {background.id: background for background in self.backgrounds}[background_id]

    def wave(self, wave_id: str) -> Wave:
        """Raises KeyError where the study has no such wave."""
        return {wave.id: wave for wave in self.waves}[wave_id]

    def text_of(self, question: Question, wave: str) -> Text:
        """The wording as it stood in a wave: that of the latest change up to it, else the question's own."""
        return next((change.text for change in self._changes_to(question, wave) if change.text), question.text)

    def instruction_of(self, question: Question, wave: str) -> Text | None:
        """As `text_of`, of the instruction."""
        changed = (change.instruction for change in self._changes_to(question, wave) if change.instruction)
        return next(changed, question.instruction)

    def _changes_to(self, question: Question, wave: str) -> Iterator[Change]:
        """Those made up to a wave, the latest first."""
        order = [each.id for each in self.waves]
        made = [change for change in question.changes if order.index(change.wave) <= order.index(wave)]
        return iter(sorted(made, key=lambda change: order.index(change.wave), reverse=True))

    def parts(self, wave: str = "") -> Iterator[Part]:
        """What is tabulated as one distribution each: every question asked in `wave` (empty: ever), every grid item."""
        for question in self.questions:
            if not wave or not question.waves or wave in question.waves:
                yield from question_parts(question, wave, self.base)


def unreported(study: Study) -> tuple[str, ...]:
    """The items of METHOD_FIELDS that neither the method says nor the study elsewhere.

    Elsewhere stand the population, and mode, dates and how weights were made, which count where every wave has them.
    """
    elsewhere = {
        "mode": all(wave.mode for wave in study.waves),
        "dates": all(wave.start for wave in study.waves),
        "population": study.population_name is not None,
        "weighting": all(wave.weighting is not None for wave in study.waves),
    }
    return tuple(name for name in METHOD_FIELDS if study.method.get(name) is None and not elsewhere.get(name))
