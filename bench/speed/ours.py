"""saklig itself: from answers and a design to tables with errors, intervals and design effects, 20 × 8 and the whole.

`python -m bench.speed.ours DATA OUT PATIENCE [ENGINE [QUESTIONS]]`. The engine is `fast` (what a user gets) or `numpy`.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from bench.speed.data import CATEGORIES, GROUPS, QUESTIONS, Data, read
from bench.speed.result import TABLES, Numbers, arguments, repeated, report
from saklig.answers.model import NO_ANSWER, Answers, Coded
from saklig.design.drawn import design_of
from saklig.design.model import Design
from saklig.language.text import Text
from saklig.study.model import Background, Category, CodeList, Group, Kind, Part, Question, Section, Study, Wave
from saklig.tabulation.breakdown import breakdown
from saklig.tabulation.engines.fast import in_memory
from saklig.tabulation.engines.memory import Memory
from saklig.tabulation.plan import groupings
from saklig.tabulation.tabulate import tabulate_each

WORDS = Text.of({"en": "?"})


def study_of(questions: int) -> Study:
    codes = CodeList(id="c", categories=tuple(Category(id=f"c{i}", label=WORDS, code=i) for i in range(CATEGORIES)))
    return Study(
        id="speed",
        title=WORDS,
        languages=("en",),
        waves=(Wave(id="1", label=WORDS),),
        backgrounds=tuple(
            Background(
                id=f"b{number + 1}",
                label=WORDS,
                groups=tuple(Group(id=f"g{code}", label=WORDS, codes=(code,)) for code in range(groups)),
            )
            for number, groups in enumerate(GROUPS)
        ),
        sections=(
            Section(
                id="1",
                title=WORDS,
                questions=tuple(
                    Question(id=f"q{number + 1}", kind=Kind.SINGLE, text=WORDS, label=WORDS, codes=codes)
                    for number in range(questions)
                ),
            ),
        ),
    )


def answers_of(data: Data, study: Study) -> Answers:
    """More questions than there are take the columns in turn."""
    coded = [Coded(np.where(column < 0, NO_ANSWER, column).astype(np.int16)) for column in data.questions]
    keys = [part.key for part in study.parts("1")]
    return Answers(
        wave="1",
        n=len(data.weight),
        columns={key: coded[place % QUESTIONS] for place, key in enumerate(keys)},
        backgrounds={f"b{place + 1}": column.astype(np.int16) for place, column in enumerate(data.backgrounds)},
        weights=data.weight,
        weighted=True,
        strata=data.stratum.astype(np.int32),
        stratum_ids=tuple(f"s{number}" for number in range(int(data.stratum.max()) + 1)),
        clusters=data.cluster.astype(np.int32),
    )


def tabulated(study: Study, answers: Answers, design: Design, parts: list[Part], engine: str) -> Numbers:
    """Nothing is remembered from one call to the next."""
    broken = breakdown(groupings(study, answers), replace(design))
    columns = answers.columns
    counting = in_memory(columns, broken) if engine == "fast" else Memory(columns=columns, broken=broken)
    found = Numbers.none()
    for question, tables in enumerate(tabulate_each(parts, counting)):
        for background, table in enumerate(tables[1:]):
            if (question, background) in TABLES:
                share = table.numerator[:, :CATEGORIES] / table.denominator[:, :CATEGORIES]
                found.put((question, background), share, table.se[:, :CATEGORIES])
    return found


def main() -> None:
    data, out, _ = arguments()
    engine = sys.argv[4] if len(sys.argv) > 4 else "fast"
    questions = int(sys.argv[5]) if len(sys.argv) > 5 else QUESTIONS
    once = "once" in sys.argv
    study = study_of(questions)
    answers = answers_of(read(data), study)
    design = design_of(study, answers)
    parts = list(study.parts("1"))
    seconds, processor, found = repeated(
        lambda: tabulated(study, answers, design, parts, engine), least=1 if once else 3, most_seconds=0 if once else 10
    )
    report(seconds, processor, questions * len(GROUPS), found, out)


if __name__ == "__main__":
    main()
