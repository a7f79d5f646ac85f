"""Writes what the reference pages take from the code, between `<!-- made: NAME -->` and `<!-- made -->` (`make docs`).

`python docs/make_reference.py --check` writes nothing and fails where a page is not what the code says.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from pathlib import Path

import click

from saklig.answers.readers import FORMATS
from saklig.cli.program import COMMANDS, program
from saklig.compilation import compiling
from saklig.disclosure.gate import Rule
from saklig.disclosure.policy import NAMED_POPULATION_TO, ORGANISATIONS_TO, POLICIES, Policy
from saklig.edition import checking, citing, comparing, contrasting, hashing, listing, package, reading
from saklig.edition.edition import Edition
from saklig.study import address, file

REFERENCE = Path(__file__).parent / "reference"
PAGES = ("command-line.md", "edition.md", "policies.md", "python.md")
WIDTH = 100
_MADE = re.compile(r"(<!-- made: (?P<name>[a-z-]+) -->\n).*?(<!-- made -->)", re.S)

VALUES: Mapping[str, str] = {
    "threshold": "the smallest base that is published, and the fewest respondents that a withheld group may be hidden "
    "among; counted unweighted",
    "fold_below": "a background group with fewer respondents in any wave is folded, as the study's `fold` says",
    "dominance_below": "in a base under so many thresholds, an answer that all or all but one gave withholds the group",
    "median_from": "medians are published from a base of so many thresholds",
    "quartiles_from": "quartiles are published from a base of so many thresholds",
    "decimals_from": "shares and balances have one decimal from this base, none below it",
    "uncertain_below": "numbers with a base under this are published, marked as uncertain",
    "participation": "what a reader is taken to know of who took part: `known` (who, their backgrounds, the "
    "weights, and one answer of their own), `secret` (not who took part), or `public` (nothing is protected)",
    "counts": "whether unweighted counts of each answer are published",
    "errors": "whether standard errors, design effects and degrees of freedom are published (intervals always are); "
    "where it is not known who took part also correlations to a tenth, of groups that are not audited",
    "pairs_from": "pairs of backgrounds are published if every wave has so many respondents",
    "audit_to": "where participation is secret: up to so many respondents everybody is audited, above it those in "
    "groups under `audit_below` (where it is known, everybody is, always)",
    "audit_below": "above `audit_to`, respondents in a published group with a base under this are audited",
    "audit_programs": "effort of the audit: integer programs for one family of questions",
    "audit_nodes": "effort of the audit: nodes of the search tree in each of them",
    "audit_cuts": "effort of the audit: rounds of further conditions after a failed confirmation",
}
"""What a policy's values mean, in a user's words."""

RULES: Mapping[Rule, str] = {
    Rule.GATE: "the group's own base is under the threshold",
    Rule.DOMINANCE: "all, or all but one, of a small group gave one answer",
    Rule.DIFFERENCES: "between it and another published group, or those who were asked before it, lie too few",
    Rule.SIBLINGS: "it hides a withheld group beside it, which could be had by subtraction",
    Rule.PARENT: "the group that it is a part of is withheld",
    Rule.AUDIT: "the audit found that somebody's answer could be told",
}

FUNCTIONS: tuple[object, ...] = (
    reading.open_edition,
    Edition,
    Edition.fact,
    Edition.facts_of,
    Edition.address,
    address.parse_address,
    citing.cite_fact,
    citing.describe,
    comparing.compare,
    contrasting.contrast,
    checking.check_edition,
    listing.read_listing,
    file.read_study,
    compiling.compile_edition,
)


def commands() -> str:
    """Every command's own help."""
    group = program("en")
    settings = {**group.context_settings, "terminal_width": WIDTH}
    context = click.Context(group, info_name="saklig", **settings)
    parts = [f"## saklig\n\n```text\n{group.get_help(context)}\n```"]
    for name in COMMANDS:
        command = group.get_command(context, name)
        if command is None:
            raise SystemExit(f"saklig {name} is listed among the commands, and there is none")
        inner = click.Context(command, info_name=name, parent=context, terminal_width=WIDTH)
        parts.append(f"## saklig {name}\n\n```text\n{command.get_help(inner)}\n```")
    return "\n\n".join(parts)


def formats() -> str:
    return _table(("suffix", "read as"), ((f"`{suffix}`", each.called) for suffix, each in FORMATS.items()))


def columns() -> str:
    described = {each["name"]: each for each in _schema_fields()}
    return _table(
        ("column", "type", "what"),
        ((f"`{name}`", _column_type(name), str(described[name]["description"])) for name in hashing.COLUMNS),
    )


def _schema_fields() -> list[dict[str, object]]:
    found = package._schema()["fields"]
    assert isinstance(found, list)
    return found


def _column_type(name: str) -> str:
    from saklig.edition.facts import ADDRESS_COLUMNS
    from saklig.edition.schema import SMALL_COLUMNS

    if name in (*ADDRESS_COLUMNS, "status"):
        return "text, dictionary-encoded"
    if name == "decimals":
        return "int8"
    return "int32" if name in SMALL_COLUMNS else "int64"


def grammar() -> str:
    found = re.search(r"(?m)^ +address +=.*?;$(?=\n\n)", address.__doc__ or "", re.S)
    if not found:
        raise SystemExit("the docstring of saklig.study.address, which docs/make_reference.py reads, has no grammar")
    return f"```text\n{inspect.cleandoc(found[0])}\n```"


def policies() -> str:
    names = [field.name for field in fields(Policy) if field.name != "name"]
    if missing := [name for name in (*names, *VALUES) if name not in VALUES or name not in names]:
        raise SystemExit(f"docs/make_reference.py must say what a policy's values mean, no more and no less: {missing}")
    rows = (
        (f"`{name}`", *(_value(policy.values[name]) for policy in POLICIES.values()), VALUES[name]) for name in names
    )
    return _table(("value", *(f"`{name}`" for name in POLICIES), "meaning"), rows)


def default_policy() -> str:
    return (
        f"A study that names none has `organisations` if it has at most {ORGANISATIONS_TO} respondents, or a "
        f"population of known size, at most {NAMED_POPULATION_TO} (somebody has the list), and `sample` otherwise."
    )


def rules() -> str:
    if missing := [rule.name for rule in Rule if rule and rule not in RULES]:
        raise SystemExit(f"docs/make_reference.py must say what these rules mean: {missing}")
    return _table(
        ("rule", "why a group is withheld"), ((f"`{rule.name.lower()}`", RULES[rule]) for rule in Rule if rule)
    )


def functions() -> str:
    return "\n\n".join(_function(each) for each in FUNCTIONS)


def _function(each: object) -> str:
    module, name = each.__module__, each.__qualname__  # type: ignore[attr-defined]
    if isinstance(each, type):
        members = "".join(f"- `{field.name}: {field.type}`\n" for field in fields(each))
        return f"### {module}.{name}\n\n{_prose(each)}\n\n{members}".rstrip()
    signature = str(inspect.signature(each, eval_str=False)).replace("(self, ", "(").replace("'", "")  # type: ignore[arg-type]
    signature = re.sub(r"<function (\w+) at 0x[0-9a-f]+>", r"\1", signature)
    return f"### {module}.{name}\n\n```python\n{name}{signature}\n```\n\n{_prose(each)}"


def _prose(each: object) -> str:
    words = inspect.getdoc(each)
    if not words:
        raise SystemExit(f"{each} is public and has no docstring")
    return words


def _value(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else f"{value}"


def _table(heading: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [tuple(heading)]
    lines += [("---",) * len(lines[0]), *map(tuple, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


MADE: Mapping[str, Callable[[], str]] = {
    "commands": commands,
    "formats": formats,
    "columns": columns,
    "grammar": grammar,
    "policies": policies,
    "default-policy": default_policy,
    "rules": rules,
    "functions": functions,
}


def made(text: str) -> str:
    """The page with its made parts as the code would have them now."""
    return _MADE.sub(lambda found: f"{found[1]}{MADE[found['name']]()}\n{found[3]}", text)


def stale() -> list[Path]:
    """The pages that are not what the code says."""
    return [path for name in PAGES if made((path := REFERENCE / name).read_text("utf-8")) != path.read_text("utf-8")]


def main() -> int:
    found = stale()
    if "--check" in sys.argv:
        for path in found:
            print(f"{path.name} is not what the code says; run: make docs", file=sys.stderr)
        return 1 if found else 0
    for path in found:
        path.write_text(made(path.read_text("utf-8")), "utf-8")
        print(f"{path.name}: made anew")
    return 0


if __name__ == "__main__":
    sys.exit(main())
