"""An edition: an immutable, hashed set of facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from saklig.edition.facts import Fact, Facts
from saklig.edition.lines import line_breaks
from saklig.edition.lookup import Index, NoSuchFact, address_of
from saklig.edition.publication import Publication
from saklig.language.catalog import say
from saklig.study.address import Address, parse_address
from saklig.study.breaks import Breaks
from saklig.study.model import Study


@dataclass(frozen=True, kw_only=True)
class Edition:
    """`id`: 64 hex characters, the SHA-256 over canonical study.json and rows; its first 16 stand in addresses.

    `study` is the study as published: backgrounds folded, nothing of files and columns.
    """

    id: str
    study: Study
    publication: Publication
    facts: Facts

    @property
    def short_id(self) -> str:
        return self.id[:16]

    @cached_property
    def index(self) -> Index:
        return Index(self.facts, self.study)

    @cached_property
    def breaks(self) -> Breaks:
        """Question id → where its line over the waves is broken."""
        return line_breaks(self.study, self.publication, self.facts)

    def fact(self, address: Address | str) -> Fact:
        """The fact at an address; without a wave, that of the latest wave that has it.

        Raises NoSuchFact, which says what part of the address does not exist and offers the nearest one that does.
        """
        address = parse_address(address) if isinstance(address, str) else address
        if address.edition and address.edition != self.short_id:
            here = address.in_edition(self.id)
            raise NoSuchFact(
                address,
                say("this is the edition {edition}", edition=self.short_id),
                here if self.index.has(here) else None,
            )
        return self.index.fact(address)

    def facts_of(
        self, wave: str, question: str, item: str = "", by: tuple[str, ...] | None = (), *, wave2: str = ""
    ) -> tuple[Fact, ...]:
        """One question's (or grid item's) facts in the plan's order: groups as in the study, then rows.

        `by`: the background variables, none for the whole population; None: every grouping. Differences between two
        groups stand among them, with `versus`; those between two waves need `wave2`. Nothing there: an empty tuple.
        """
        return self.index.facts_of(wave, question, item, by, wave2=wave2)

    def address(self, fact: Fact, *, permanent: bool = True) -> Address:
        """The fact's full address: its wave, and if `permanent` this edition."""
        return address_of(self.study.id, fact, self.short_id if permanent else "")
