"""The columns of the answers that a study says nothing of: so shows what was left out by oversight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from saklig.answers.model import Source
from saklig.language.text import printable
from saklig.study.sources import Sources, WaveSource


def unused_columns(sources: Sources, files: Mapping[Path, Source]) -> dict[str, tuple[str, ...]]:
    """File name → columns, in the file's order, that are neither asked, background nor design, nor in `left_out`."""
    known = {*_asked(sources), *sources.backgrounds.values(), *sources.withheld_variables}
    found: dict[str, tuple[str, ...]] = {}
    for path, file in files.items():
        used = known | {name for wave in sources.waves if wave.answers == path for name in _design(wave)}
        names = [variable.name for variable in file.variables]
        if unused := tuple(_plain(name) for name in names if name not in used and _plain(name) not in used):
            found[path.name] = (*found.get(path.name, ()), *unused)
    return found


def _asked(sources: Sources) -> Iterator[str]:
    for question in sources.questions.values():
        yield from (question.variable, *question.by_category.values(), *question.by_place)


def _design(wave: WaveSource) -> tuple[str, ...]:
    design = (wave.weight, wave.strata, *wave.cluster, *wave.fpc, wave.person, wave.wave_variable)
    return *design, *wave.quantities.values()


def _plain(name: str) -> str:
    """As `left_out` has the name: in one line, without characters that no study file can hold."""
    return " ".join(printable(name).split())
