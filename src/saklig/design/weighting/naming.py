"""What a table of targets may call variables and groups: by their ids, or as people read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from saklig.design.weighting.membership import CROSS
from saklig.language.catalog import say
from saklig.language.text import Text
from saklig.study.findings import nearest_words
from saklig.study.survey import Background


@dataclass(frozen=True)
class Names:
    """`variables`: each way to write a variable → its id. `groups`: variable id → each way to write a group → its id.
    Quantities have no groups. `questions`: ids of what no weight may be made from."""

    variables: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    questions: frozenset[str] = frozenset()

    def variable(self, written: str) -> tuple[str, str]:
        """The id, or with an empty id what is wrong."""
        parts = [self.variables.get(_plain(each), "") for each in written.split(CROSS)]
        if all(parts):
            return CROSS.join(parts), ""
        asked = [each.strip() for each in written.split(CROSS) if each.strip() in self.questions]
        if asked:
            wrong = say("“{question}” is a question; weights may be made from backgrounds only", question=asked[0])
            return "", f"{wrong} ({', '.join(self.groups)})" if self.groups else wrong
        wrong = say("there are targets for “{variable}”, which the study does not have", variable=written)
        return "", f"{wrong}; {nearest_words(written, sorted(set(self.variables.values())))}"

    def group(self, variable: str, written: str) -> tuple[str, str]:
        """The id, or with an empty id what is wrong; `variable`: an id that `variable` gave."""
        of = variable.split(CROSS)
        cells = written.split(CROSS) if len(of) > 1 else [written]
        if len(cells) != len(of):
            return "", say("“{group}” is not one group of each of {variables}, parted by *", group=written,
                           variables=" * ".join(of))  # fmt: skip
        found = []
        for name, cell in zip(of, cells, strict=True):
            known = self.groups.get(name)
            if known is None:
                return "", say("“{variable}” is a quantity and has no groups; leave the group empty", variable=name)
            if _plain(cell) not in known:
                wrong = say("“{variable}”: there is a target for “{group}”, a group that it does not have",
                            variable=name, group=cell)  # fmt: skip
                return "", f"{wrong}; {nearest_words(cell, dict.fromkeys(known.values()))}"
            found.append(known[_plain(cell)])
        return CROSS.join(found), ""

    def without_target(self, variable: str, groups: Collection[str]) -> list[str]:
        """The groups of a background that are not among `groups`; none where the variable is crossed."""
        known = dict.fromkeys(self.groups.get(variable, {}).values())
        return [group for group in known if group not in groups]


def names_of(backgrounds: Sequence[Background], quantities: Iterable[str], questions: Iterable[str] = ()) -> Names:
    """Labels in any language, codes and ids; an id goes before a code, and a code before a label."""
    variables = _ways((each.id, each.label, ()) for each in backgrounds)
    return Names(
        variables=variables | {_plain(name): name for name in quantities},
        groups={each.id: _ways((group.id, group.label, group.codes) for group in each.groups) for each in backgrounds},
        questions=frozenset(questions),
    )


def _ways(named: Iterable[tuple[str, Text, Sequence[object]]]) -> dict[str, str]:
    """A label that two have is nobody's."""
    labels: dict[str, set[str]] = {}
    codes: dict[str, str] = {}
    ids: dict[str, str] = {}
    for identity, label, of in named:
        for _, words in label.words:
            labels.setdefault(_plain(words), set()).add(identity)
        codes |= {_plain(str(code)): identity for code in of}
        ids[_plain(identity)] = identity
    return {words: min(those) for words, those in labels.items() if len(those) == 1} | codes | ids


def _plain(written: str) -> str:
    """Without regard to case, to spaces around, and to the kind of dash."""
    return written.strip().casefold().replace("–", "-").replace("−", "-")
