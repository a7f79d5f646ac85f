"""The attacker who has two editions of one study, before and after answers were corrected, other groups were published,
or respondents left. What both tell together pins nobody down.

They read both folders and put them together: an answer is then a pair, the one before and the one after. They even know
how many answers were corrected, as the reason of a correction often tells.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest

from attack import random_study
from attack.attacker import Counted, Known, Printed, Target, pinned_by_solver, read_folder
from attack.test_attack import targets
from saklig.compilation.compiling import read_and_bind
from saklig.compilation.publishing import exclusively, publish_edition

STUDIES = 6
ABSENT = "absent"

Change = Callable[[random_study.MadeStudy, random.Random], list[int]]
"""Changes a study or its answers; returns the numbers of those who are still in it."""


@dataclass(frozen=True)
class Read:
    """One edition as the attacker reads it. `who`: the respondents in it, by their numbers before and after."""

    known: list[Known]
    targets: dict[str, Target]
    who: list[int]


def corrected(made: random_study.MadeStudy, pick: random.Random, most: int) -> list[int]:
    """Changes the answers of up to `most` respondents to the first question and what hangs on it."""
    for row in pick.sample(made.rows, pick.randint(1, most)):
        row["q1"] = pick.choice([code for code in made.singles["q1"] if code != row["q1"]])
        for name, (router, code) in made.routed.items():
            for option in made.options[name]:
                row[f"{name}_{option}"] = pick.choice("01") if row[router] == code else ""
    return list(range(len(made.rows)))


def one_correction(made: random_study.MadeStudy, pick: random.Random) -> list[int]:
    return corrected(made, pick, 1)


def some_corrections(made: random_study.MadeStudy, pick: random.Random) -> list[int]:
    return corrected(made, pick, 4)


def other_backgrounds(made: random_study.MadeStudy, pick: random.Random) -> list[int]:
    """The same answers by other groups."""
    add_backgrounds(made, pick, ("b3", "b4"), instead=True)
    return list(range(len(made.rows)))


def add_backgrounds(
    made: random_study.MadeStudy, pick: random.Random, names: Sequence[str], *, instead: bool = False
) -> None:
    codes = ["1", "2", "3"]
    for row in made.rows:
        row |= {name: pick.choice(codes) for name in names}
    groups = ", ".join(f'{{ id = "g{code}", code = {code}, label = "Group {code}" }}' for code in codes)
    tables = "".join(f'[[background]]\nid = "{name}"\nlabel = "{name}"\ngroups = [{groups}]\n' for name in names)
    text = made.path.read_text(encoding="utf-8")
    before, after = (text.index(mark) for mark in ("[[background]]", "[[section]]"))
    made.path.write_text(text[: before if instead else after] + tables + text[after:], encoding="utf-8")
    if instead:
        made.backgrounds.clear()
    made.backgrounds.update(dict.fromkeys(names, codes))


def respondents_leave(made: random_study.MadeStudy, pick: random.Random) -> list[int]:
    """Some who answered twice, say, are taken out."""
    many = [row for row in made.rows if sum(other["stratum"] == row["stratum"] for other in made.rows) > 5]
    out = pick.sample(many, min(len(many), pick.choice([1, 2, 6])))
    stay = [number for number, row in enumerate(made.rows) if not any(row is each for each in out)]
    left = [made.rows[number] for number in stay]
    strata = [row["stratum"] for row in made.rows]
    if any(sum(row["stratum"] == stratum for row in left) < 2 for stratum in strata):
        return list(range(len(made.rows)))
    made.rows[:] = left
    return stay


CHANGES: Sequence[Change] = (one_correction, some_corrections, other_backgrounds, respondents_leave)


def published(made: random_study.MadeStudy, out: Path) -> Path:
    with (made.path.parent / "answers.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(made.rows[0]))
        writer.writeheader()
        writer.writerows(made.rows)
    with exclusively(out):
        return publish_edition(read_and_bind(made.path), out).folder


def read(made: random_study.MadeStudy, folder: Path, who: list[int]) -> Read:
    known, found = targets(made, folder)
    return Read(known, {target.name: target for target in found}, who)


def together(before: Read, after: Read) -> tuple[list[Known], Target]:
    """What the attacker knows of each respondent of either edition, and the first question with pairs of answers."""
    people = sorted({*before.who, *after.who})
    known = []
    for person in people:
        backgrounds: list[tuple[str, str]] = []
        stratum, weight = "", 0.0
        for name, edition in (("before", before), ("after", after)):
            there = person in edition.who
            backgrounds.append((name, "there" if there else ABSENT))
            if there:
                seen = edition.known[edition.who.index(person)]
                backgrounds += [(f"{name} {background}", group) for background, group in seen.backgrounds]
                stratum, weight = seen.stratum, seen.weight
        known.append(Known(stratum, weight, tuple(backgrounds)))
    return known, paired(before.targets["q1"], after.targets["q1"], before, after, people)


def paired(old: Target, new: Target, before: Read, after: Read, people: Sequence[int]) -> Target:
    assert old.answers == new.answers
    names = [*old.answers, ABSENT]
    absent = len(old.answers)

    def truth_of(target: Target, edition: Read, person: int) -> int:
        return target.truth[edition.who.index(person)] if person in edition.who else absent

    given = [(truth_of(old, before, person), truth_of(new, after, person)) for person in people]
    changed = sum(one != two and absent not in (one, two) for one, two in given)
    pairs = [pair for pair in product(range(len(names)), repeat=2) if changed or pair[0] == pair[1] or absent in pair]
    place = {pair: number for number, pair in enumerate(pairs)}

    def having(rows: frozenset[int], side: int) -> frozenset[int]:
        return frozenset(number for number, pair in enumerate(pairs) if pair[side] in rows)

    truth = [place[pair] for pair in given]
    printed, secrets, counted = [], {}, []
    for side, (name, target, edition) in enumerate((("before", old, before), ("after", new, after))):
        printed += [_on_side(each, name, lambda rows, side=side: having(rows, side)) for each in target.printed]
        secrets |= {f"{name} {secret}": having(rows, side) for secret, rows in target.secrets.items()}
        missing = frozenset({absent})
        counted += [
            Counted(having(missing, side), ((name, "there"),), 0),
            Counted(having(missing, side), ((name, ABSENT),), len(people) - len(edition.who)),
        ]
    differing = frozenset(number for number, (one, two) in enumerate(pairs) if absent not in (one, two) and one != two)
    counted.append(Counted(differing, (), changed))
    labels = tuple(f"{names[one]} → {names[two]}" for one, two in pairs)
    return Target(old.name, labels, printed, truth, secrets, tuple(counted))


def _on_side(printed: Printed, name: str, having: Callable[[frozenset[int]], frozenset[int]]) -> Printed:
    return replace(
        printed,
        rows=having(printed.rows),
        base_rows=having(printed.base_rows),
        group=((name, "there"), *((f"{name} {background}", group) for background, group in printed.group)),
    )


def attacked(made: random_study.MadeStudy, change: Change, pick: random.Random, *, apart: bool = False) -> list[str]:
    """What is pinned down by two editions; `apart`: published in two folders, where neither knows of the other."""
    folder = made.path.parent
    before = read(made, published(made, folder / "out"), list(range(len(made.rows))))
    stay = change(made, pick)
    after = read(made, published(made, folder / ("elsewhere" if apart else "out")), stay)
    return pinned_by_solver(*together(before, after))


@pytest.mark.parametrize("seed", range(STUDIES))
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_two_editions_pin_nobody_down(change: Change, seed: int, tmp_path: Path) -> None:
    pick = random.Random(1000 + seed)
    made = random_study.make(tmp_path, seed)
    if change is not other_backgrounds:
        add_backgrounds(made, pick, ["b3"])
    assert attacked(made, change, pick) == []


def crossed(folder: Path, lonely: str) -> random_study.MadeStudy:
    """Everybody weighs the same; one respondent, who answered `lonely`, is alone in two groups at once."""
    rows = []
    for group, many in {("1", "1"): 1, ("1", "2"): 7, ("2", "1"): 7, ("2", "2"): 9}.items():
        for number in range(many):
            answer = lonely if many == 1 else "12"[number % 2]
            rows.append({"stratum": "s1", "weight": "2.0", "b1": group[0], "b3": group[1], "q1": answer})
    codes = ["1", "2"]
    singles = {"q1": ["1", "2", "3", "8", "9"]}
    return random_study.write(folder, rows, {"s1": 2 * len(rows)}, singles, {}, {"b1": codes, "b3": codes}, {})


def the_lonely_one_is_corrected(made: random_study.MadeStudy, _pick: random.Random) -> list[int]:
    made.rows[0]["q1"] = "2"
    return list(range(len(made.rows)))


def the_other_background(made: random_study.MadeStudy, _pick: random.Random) -> list[int]:
    named(made, "b1", "b3")
    return list(range(len(made.rows)))


def two_leave(made: random_study.MadeStudy, _pick: random.Random) -> list[int]:
    del made.rows[3:5]
    return [0, 1, 2, *range(5, len(made.rows) + 2)]


def named(made: random_study.MadeStudy, old: str, new: str) -> None:
    """The study publishes the background `new` instead of `old`."""
    text = made.path.read_text(encoding="utf-8")
    made.path.write_text(text.replace(f'"{old}"', f'"{new}"'), encoding="utf-8")
    made.backgrounds[new] = made.backgrounds.pop(old)


@pytest.mark.parametrize("change", [the_lonely_one_is_corrected, the_other_background, two_leave])
def test_editions_that_tell_more_together_than_each(change: Change, tmp_path: Path) -> None:
    """Protected apart, they pin somebody down; so the tests above can fail."""
    found = {}
    for apart in (True, False):
        folder = tmp_path / str(apart)
        folder.mkdir()
        made = crossed(folder, "1" if change is the_lonely_one_is_corrected else "3")
        if change is the_other_background:
            only_first(made)
        found[apart] = attacked(made, change, random.Random(0), apart=apart)
    assert found[True]
    assert not found[False]


def only_first(made: random_study.MadeStudy) -> None:
    """Takes the background b3 out of the study; the file keeps it."""
    text = made.path.read_text(encoding="utf-8")
    start = text.index('[[background]]\nid = "b3"')
    made.path.write_text(text[:start] + text[text.index("[[section]]") :], encoding="utf-8")
    del made.backgrounds["b3"]


def test_most_is_published_all_the_same(tmp_path: Path) -> None:
    """Protection by publishing nothing would be easy."""
    facts_of_all, shown = 0, 0
    for seed in range(10):
        folder = tmp_path / str(seed)
        folder.mkdir()
        made = random_study.make(folder, seed)
        published(made, folder / "out")
        one_correction(made, random.Random(1000 + seed))
        _, facts = read_folder(published(made, folder / "out"))
        whole = [fact for fact in facts if not fact["by1"] and not fact["stat"]]
        facts_of_all += len(whole)
        shown += sum(fact["status"] == "published" for fact in whole)
    assert shown > facts_of_all / 3
