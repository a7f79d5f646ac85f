"""From a file or table as it is to the relation that `statement` counts: the codes are given by the engine itself.

Nothing of a respondent is read here: of each column its distinct values, of the weights their sum and extremes, of each
stratum how many it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from saklig.answers.model import NOT_ASKED, Source, Variable
from saklig.answers.readers.parquet import variable_of
from saklig.answers.recoding import Key, Recoding, Recodings, recodings
from saklig.design.facts import DesignFacts, StratumCounts, facts_from
from saklig.design.fixed_point import half_up, weight_scale
from saklig.language.catalog import say
from saklig.study.model import Background, Study
from saklig.study.sources import Sources
from saklig.tabulation.engines.relational import Relational, Session
from saklig.tabulation.statistics import EngineError
from saklig.tabulation.table import Grouping

MOST_VALUES = 10_000
"""A column with more distinct values holds numbers or texts, no codes."""


class RawSession(Session, Protocol):
    """A session that also writes names and values as its language wants them, and gives small tables.

    `coded`: the code of what is in `column` (quoted), by `codes`; of NULL, and of all else, it is `blank`.
    """

    def name(self, column: str) -> str: ...

    def text(self, value: str) -> str: ...

    def coded(self, column: str, codes: Mapping[Any, int], blank: int) -> str: ...


@dataclass(frozen=True)
class _Distinct:
    """`raw`: the distinct values of a column as the engine has them; `variable`: as a reader understands them."""

    raw: tuple[Any, ...]
    variable: Variable


def over_raw(session: RawSession, table: str, study: Study, sources: Sources, wave: str, *, called: str) -> Relational:
    """The engine over one wave's raw answers, with the whole population, the study's backgrounds and its pairs.

    `table`: what stands after FROM. `called`: the file or table in messages. Questions that are not one code a
    respondent are left out. Raises AnswersError for what does not fit the study, DesignError, EngineError.
    """
    columns = _columns(study, sources, wave)
    distinct = {name: _distinct(session, table, name, called) for name in columns}
    source = Source(path=Path(called), format="", rows=0, variables=tuple(each.variable for each in distinct.values()))
    found = recodings(study, sources, wave, source)
    plan = _plan(study, found)
    text = _Text(session, {name: each.raw for name, each in distinct.items()}, found, plan)
    rows = text.rows(table)
    scale, largest = _scale(session, rows, found, called)
    facts = _facts(session, text.relation(rows, scale, 1.0), study, found, scale, largest)
    return Relational(
        session=session,
        relation=text.relation(rows, scale, facts.square_unit),
        columns={key: f"q{number}" for number, key in enumerate(found.parts)},
        groupings=tuple(grouping for grouping, _ in plan),
        facts=facts,
    )


def _columns(study: Study, sources: Sources, wave: str) -> list[str]:
    """The columns whose values are codes."""
    where = next((each for each in sources.waves if each.wave == wave), None)
    asked = [sources.questions[part.key].variable for part in study.parts(wave) if part.key in sources.questions]
    backgrounds = [
        sources.backgrounds.get(each.id, each.id) for each in study.backgrounds if not each.waves or wave in each.waves
    ]
    design = [where.strata, where.wave_variable] if where else []
    return list(dict.fromkeys(filter(None, [*asked, *backgrounds, *design])))


def _distinct(session: RawSession, table: str, name: str, called: str) -> _Distinct:
    column = session.name(name)
    found = session.table(f"SELECT DISTINCT {column} AS c FROM {table} ORDER BY c LIMIT {MOST_VALUES + 1}").column(0)
    if len(found) > MOST_VALUES:
        raise EngineError(
            say(
                "{file}, column “{name}”: more than {n} different values are no codes; leave the question out, or "
                "publish in memory (--engine memory)",
                file=called,
                name=name,
                n=MOST_VALUES,
            )
        )
    import pyarrow as pa

    return _Distinct(tuple(found.to_pylist()), variable_of(pa.field(name, found.type), found))


def _scale(session: RawSession, rows: str, found: Recodings, called: str) -> tuple[int, int]:
    """The fixed-point unit of the weights, and the largest of them in it: from whole numbers, in any order the same."""
    if not found.weight:
        (n,) = session.rows(f"SELECT CAST(count(*) AS BIGINT) AS n FROM {rows}")["n"]
        scale = weight_scale(float(n)) if n else None
        most = 1.0
    else:
        weight = f"CAST({session.name(found.weight)} AS DOUBLE)"
        extremes = session.table(
            f"SELECT min({weight}) AS a, max({weight}) AS b, count(*) AS n, count({weight}) AS m FROM {rows}"
        ).to_pylist()[0]
        most, n = extremes["b"], extremes["n"]
        if not n or extremes["m"] < n or extremes["a"] < 0 or not np.isfinite(most):
            raise EngineError(
                say("{file}: every respondent needs a weight of 0 or more; correct the weight column", file=called)
            )
        scale = _scale_of(session, f"SELECT {weight} AS x FROM {rows}", n, most)
    if scale is None:
        raise EngineError(
            say("{file}: there are no respondents, or their weights add up to too much; correct them", file=called)
        )
    return scale, int(half_up(np.array(most) * float(scale)))


def _scale_of(session: RawSession, weights: str, n: int, most: float) -> int | None:
    """The scale of the exact sum, from bounds narrow enough; a sum of floats depends on the order."""
    bounds: set[int | None] = {None}
    for power in (20, 40):
        if most * 2**power >= 2**62:
            break
        statement = f"SELECT sum(CAST(floor(x * {2**power}.0) AS DECIMAL(38, 0))) AS s FROM ({weights}) AS weights"
        least = int(session.table(statement).to_pylist()[0]["s"])
        bounds = {weight_scale(least / 2**power), weight_scale((least + n) / 2**power)}
        if len(bounds) == 1:
            break
    return min(bounds, key=lambda scale: scale or 0)


def _plan(study: Study, found: Recodings) -> list[tuple[Grouping, tuple[str, ...]]]:
    """The groupings, without codes, and the backgrounds that make them."""
    none = np.zeros(0, dtype=np.int32)
    by_id: dict[str, Background] = {each.id: each for each in study.backgrounds if each.id in found.backgrounds}
    pairs = [pair for pair in study.pairs if all(each in by_id for each in pair)]
    plan: list[tuple[str, ...]] = [(), *((each,) for each in by_id), *pairs]
    made = []
    for by in plan:
        groups: list[tuple[str, ...]] = [()]
        for each in by:
            groups = [(*group, own.id) for group in groups for own in by_id[each].groups]
        made.append((Grouping(by=by, groups=tuple(groups), codes=none), by))
    return made


@dataclass(frozen=True)
class _Text:
    """The text of the relation."""

    session: RawSession
    raw: Mapping[str, Sequence[Any]]
    found: Recodings
    plan: Sequence[tuple[Grouping, tuple[str, ...]]]

    def rows(self, table: str) -> str:
        """Those of the wave."""
        own = self.found.rows
        if own is None:
            return table
        pairs = zip(self.raw[own.variable], own.codes, strict=True)
        values = ", ".join(_literal(self.session, value) for value, code in pairs if code == 0 and value is not None)
        return f"(SELECT * FROM {table} WHERE {self.session.name(own.variable)} IN ({values})) AS wave"

    def relation(self, rows: str, scale: int, unit: float) -> str:
        """One row a respondent, as `statement` wants it; `u` is the cluster as the file has it."""
        found = self.found
        weight = f"CAST({self.session.name(found.weight)} AS DOUBLE)" if found.weight else "CAST(1 AS DOUBLE)"
        columns = {"w": f"CAST(floor({weight} * {scale}.0 + 0.5) AS BIGINT)", "h": "0"}
        if found.strata is not None:
            columns["h"] = self._coded(found.strata)
        if found.cluster:
            columns["u"] = self.session.name(found.cluster)
        columns |= {f"b{n}": self._coded(each) for n, each in enumerate(found.backgrounds.values())}
        columns |= {f"q{n}": self._coded(each) for n, each in enumerate(found.parts.values())}
        text = f"SELECT {_listed(columns)} FROM {rows}"
        text = f"SELECT {_listed(self._grouped(columns, unit))} FROM ({text}) AS coded"
        for level in self._levels():
            kept = {name: name for name in ["w", "v", "h", *(["u"] if found.cluster else []), *self._groups()]}
            kept |= {f"q{n}": f"q{n}" for n in range(len(found.parts))}
            text = f"SELECT {_listed(kept | level)} FROM ({text}) AS routed"
        return text

    def _groups(self) -> list[str]:
        return [f"g{number}" for number in range(len(self.plan))]

    def _coded(self, recoding: Recoding) -> str:
        pairs = list(zip(self.raw[recoding.variable], recoding.codes, strict=True))
        blank = next((code for value, code in pairs if value is None), pairs[-1][1] if pairs else NOT_ASKED)
        codes = {value: code for value, code in pairs if value is not None}
        return self.session.coded(self.session.name(recoding.variable), codes, blank) if codes else str(blank)

    def _grouped(self, columns: Mapping[str, str], unit: float) -> dict[str, str]:
        number_of = {name: n for n, name in enumerate(self.found.backgrounds)}
        kept = {name: name for name in columns if name[0] in "whuq"}
        kept["v"] = f"CAST(floor(CAST(w AS DOUBLE) * CAST(w AS DOUBLE) / CAST({unit:.1f} AS DOUBLE) + 0.5) AS BIGINT)"
        for number, (grouping, by) in enumerate(self.plan):
            names = [f"b{number_of[each]}" for each in by]
            if len(names) == 2:
                second = len({group[1] for group in grouping.groups})
                one, other = names
                kept[f"g{number}"] = f"CASE WHEN {one} < 0 OR {other} < 0 THEN -1 ELSE {one} * {second} + {other} END"
            else:
                kept[f"g{number}"] = names[0] if names else "0"
        return kept

    def _levels(self) -> Iterable[dict[str, str]]:
        """Routing, in the order in which questions lead to each other."""
        number_of = {key: n for n, key in enumerate(self.found.parts)}
        depth: dict[Key, int] = {}
        for key, recoding in self.found.parts.items():
            depth[key] = 1 + max((depth[router] for router, _ in recoding.asked_if), default=-1)
        for level in range(1, max(depth.values(), default=0) + 1):
            changed = {}
            for key in (each for each, at in depth.items() if at == level):
                led = " AND ".join(
                    f"q{number_of[router]} IN ({', '.join(map(str, codes)) or NOT_ASKED - 100})"
                    for router, codes in self.found.parts[key].asked_if
                )
                own = f"q{number_of[key]}"
                changed[own] = f"CASE WHEN {led} THEN {own} ELSE {NOT_ASKED} END"
            yield changed


def _listed(columns: Mapping[str, str]) -> str:
    return ", ".join(text if text == name else f"{text} AS {name}" for name, text in columns.items())


def by_cases(session: RawSession, column: str, codes: Mapping[Any, int], blank: int) -> str:
    """What `RawSession.coded` is, in any dialect."""
    cases = [f"WHEN {_literal(session, value)} THEN {code}" for value, code in codes.items()]
    return f"CASE {column} {' '.join(cases)} ELSE {blank} END"


def _literal(session: RawSession, value: Any) -> str:
    if isinstance(value, str):
        return session.text(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"  # what Spark makes of unsigned numbers of 64 bits
    if isinstance(value, float) and np.isfinite(value):
        return f"CAST({value!r} AS DOUBLE)"
    raise EngineError(
        say("dates, records and numbers that are none are no codes; leave the column out, or publish in memory")
    )


def _facts(session: RawSession, relation: str, study: Study, found: Recodings, scale: int, largest: int) -> DesignFacts:
    units = "count(DISTINCT u)" if found.cluster else "count(*)"
    without = "sum(CASE WHEN u IS NULL THEN 1 ELSE 0 END)" if found.cluster else "0"
    rows = session.rows(
        f"SELECT h, CAST(count(*) AS BIGINT) AS n, CAST({units} AS BIGINT) AS m, CAST(sum(w) AS BIGINT) AS w, "
        f"CAST({without} AS BIGINT) AS x FROM ({relation}) AS answers GROUP BY h"
    )
    if rows["x"].any():
        raise EngineError(
            say(
                "column “{name}”: every respondent needs a cluster; fill it in, or leave `cluster` out",
                name=found.cluster,
            )
        )
    size = max(len(found.stratum_ids), 1)

    def by_stratum(name: str) -> Any:
        result = np.zeros(size, dtype=np.int64)
        result[rows["h"]] = rows[name]
        return result

    counts = StratumCounts(
        respondents=by_stratum("n"), clusters=by_stratum("m"), weight=by_stratum("w"), largest=largest, scale=scale
    )
    clustered = bool(found.cluster) and bool((counts.clusters != counts.respondents).any())
    return facts_from(study, found.wave, found.stratum_ids, counts, clustered=clustered)
