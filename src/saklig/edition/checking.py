"""Verifying an edition without its answers: hashes, the id, and whether the numbers agree with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saklig.edition.agreeing import disagreements
from saklig.edition.errors import EditionError
from saklig.edition.facts import Facts
from saklig.edition.hashing import edition_id, file_hash
from saklig.edition.locating import changed_rows
from saklig.edition.lookup import address_of
from saklig.edition.package import FACTS_FILE, PACKAGE_FILE, README_FILE, own_hash
from saklig.edition.places import STUDY_FILE
from saklig.edition.reading import read_facts, read_package, read_text
from saklig.edition.schema import check_facts
from saklig.edition.statement import read_statement
from saklig.edition.trends import wrong_changes
from saklig.language.catalog import say
from saklig.study.model import Study
from saklig.study.problems import StudyError

FILES = (FACTS_FILE, STUDY_FILE, README_FILE)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong, in which file, and if it can be told at which address (of a fact, or of a question)."""

    file: str
    message: str
    address: str = ""

    def __str__(self) -> str:
        return f"{self.file}: " + (f"{self.address}: " if self.address else "") + self.message


def check_edition(folder: Path) -> tuple[Finding, ...]:
    """Everything that is wrong with an edition; nothing, if it is whole and its numbers agree.

    Raises EditionError where the folder is none, or has no descriptor to begin with.
    """
    try:
        package = read_package(folder)
    except EditionError as error:
        if not (folder / PACKAGE_FILE).is_file():
            raise
        return (Finding(file=PACKAGE_FILE, message=str(error)), *_strange_files(folder))
    findings = [*_strange_files(folder)]
    if own_hash(read_text(folder, PACKAGE_FILE)) != package.get("descriptor"):
        findings.append(Finding(file=PACKAGE_FILE, message=say("is not the file that was written")))
    findings += [Finding(file=name, message=said) for name, said in damaged_files(folder, package).items()]
    return (*findings, *_contents(folder, package))


def damaged_files(folder: Path, package: dict[str, Any]) -> dict[str, str]:
    """The files that are not those that the descriptor describes, and what is wrong with them: sizes and hashes."""
    described = {each.get("path"): each for each in package["resources"] if isinstance(each, dict)}
    damaged = {}
    for name in FILES:
        path, about = folder / name, described.get(name, {})
        if not path.is_file():
            damaged[name] = say("is missing")
        elif about.get("bytes") != path.stat().st_size:
            damaged[name] = say(
                "has {now} bytes, and had {then} when it was written", now=path.stat().st_size, then=about.get("bytes")
            )
        elif about.get("hash") != f"sha256:{file_hash(path)}":
            damaged[name] = say("is not the file that was written: its SHA-256 differs")
    return damaged


def _strange_files(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.iterdir()):
        if path.name not in (*FILES, PACKAGE_FILE):
            yield Finding(file=path.name, message=say("does not belong to the edition"))


def _contents(folder: Path, package: dict[str, Any]) -> Iterator[Finding]:
    """What the study and the rows say, as far as they can be read at all."""
    try:
        content = read_text(folder, STUDY_FILE)
        study, publication = read_statement(content)
    except (EditionError, StudyError) as error:
        yield Finding(file=STUDY_FILE, message=str(error))
        return
    try:
        facts = read_facts(folder)
        check_facts(facts, study)
    except EditionError as error:
        yield Finding(file=FACTS_FILE, message=str(error))
        return
    found, said = edition_id(content, facts), package.get("edition")
    if found != said:
        yield Finding(
            file=PACKAGE_FILE,
            message=say(
                "says that this is the edition {said}, and what stands here is {found}", said=said, found=found
            ),
        )
    if re.fullmatch("[0-9a-f]{16}", folder.name) and not found.startswith(folder.name):
        yield Finding(
            file=folder.name,
            message=say("the folder has the name of another edition; this is {found}", found=found[:16]),
        )
    yield from _changed(facts, study, package)
    for address, message in (*disagreements(facts, study), *wrong_changes(facts, study, publication)):
        yield Finding(file=FACTS_FILE, address=address, message=message)


def _changed(facts: Facts, study: Study, package: dict[str, Any]) -> Iterator[Finding]:
    written = package.get("fingerprints")
    if not isinstance(written, dict) or not all(isinstance(each, str) for each in written.values()):
        yield Finding(file=PACKAGE_FILE, message=say("has no fingerprints of the rows"))
        return
    for question, row in changed_rows(facts, study, written):
        if row is None:
            yield Finding(
                file=FACTS_FILE, address=f"{study.id}.{question}", message=say("rows of this question were changed")
            )
        else:
            fact = facts.rows(slice(row, row + 1))[0]
            yield Finding(file=FACTS_FILE, address=str(address_of(study.id, fact)), message=say("this row was changed"))
