"""A small study with its answers in a Parquet file, for tests of what counts such a file where it lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from saklig.study.model import Study
    from saklig.tabulation.engines.memory import Memory
    from saklig.tabulation.table import Table

NUMBERS = ("count", "base", "numerator", "denominator", "se", "lower", "upper", "deff", "df")


def study_text(
    *, wave: str = "1", design: Iterable[str] = (), answers: int = 2, mean: bool = False, groups: int = 0,
    routed: bool = False,
) -> str:  # fmt: skip
    """One question `q`, of the codes from 1 to `answers`.

    `design`: lines of the wave. `groups`: those of a background `b`, of the codes from 1. `routed`: a question `r` of
    two answers, put to those who gave the second to `q`.
    """
    lines = ['id = "s"', 'title = { en = "S" }', "[[wave]]", f'id = "{wave}"', 'answers = "answers.parquet"', *design]
    if groups:
        listed = ", ".join(f'{{ id = "g{n}", code = {n}, label = {{ en = "G{n}" }} }}' for n in range(1, groups + 1))
        lines += ["[[background]]", 'id = "b"', 'label = { en = "B" }', f"groups = [{listed}]"]
    lines += ["[[section]]", 'id = "1"', 'title = { en = "One" }']
    lines += _question("q", "scale" if mean else "single", answers, ["mean = true"] if mean else [])
    lines += _question("r", "single", 2, ["asked_if = { q = [2] }"]) if routed else []
    return "\n".join(lines) + "\n"


def _question(id: str, kind: str, answers: int, more: list[str]) -> list[str]:
    categories = ", ".join(f'{{ code = {n}, label = {{ en = "A{n}" }} }}' for n in range(1, answers + 1))
    words = [f'{name} = {{ en = "{id}" }}' for name in ("text", "label")]
    return ["[[section.question]]", f'id = "{id}"', f'kind = "{kind}"', *words, f"categories = [{categories}]", *more]


@dataclass(frozen=True)
class SmallParquet:
    """A folder with `study.toml` and `answers.parquet`, as far as they were written."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "answers.parquet"

    def write(self, text: str, columns: Mapping[str, Any] | None = None, **how: Any) -> None:
        """The study's text, and the columns of its answers if there are any; `how`: as pyarrow writes them."""
        (self.folder / "study.toml").write_text(text, encoding="utf-8")
        if columns is not None:
            import pyarrow as pa
            import pyarrow.parquet as pq

            pq.write_table(pa.table(dict(columns)), self.file, **how)

    def change(self, **columns: Callable[[list[Any]], list[Any]]) -> None:
        """Makes columns anew from what they hold."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pq.read_table(self.file)
        for name, of in columns.items():
            place = table.column_names.index(name)
            table = table.set_column(place, name, pa.array(of(table.column(name).to_pylist())))
        pq.write_table(table, self.file)

    def read(self) -> tuple[Study, Any]:
        """The study and where its answers are."""
        from saklig.study.file import read_study

        return read_study(self.folder / "study.toml")

    def memory(self, wave: str) -> Memory:
        """What every engine is compared with: the answers read whole."""
        from saklig.answers.binding import bind
        from saklig.answers.readers import read
        from saklig.design.drawn import design_of
        from saklig.tabulation.breakdown import breakdown
        from saklig.tabulation.engines.memory import Memory
        from saklig.tabulation.plan import groupings

        study, sources = self.read()
        answers = bind(study, sources, wave, read(self.file))
        return Memory(columns=answers.columns, broken=breakdown(groupings(study, answers), design_of(study, answers)))


def assert_same_bits(ours: Iterable[Iterable[Table]], theirs: Iterable[Iterable[Table]]) -> None:
    """The tables of two engines, part by part."""
    for of_part, others in zip(ours, theirs, strict=True):
        for one, other in zip(of_part, others, strict=True):
            assert one.grouping.groups == other.grouping.groups
            for name in NUMBERS:
                assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name
