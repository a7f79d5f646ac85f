from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from edition_by_hand import PUBLICATION, rows, study, text

from saklig.edition.citing import cite_edition, cite_fact, describe
from saklig.edition.comparing import compare
from saklig.edition.edition import Edition
from saklig.edition.errors import EditionError
from saklig.edition.facts import facts_from
from saklig.edition.listing import EDITIONS_FILE, Entry, Listing, Standing, listing_bytes, read_listing
from saklig.edition.lookup import NoSuchFact
from saklig.edition.writing import make_edition, write_listing
from saklig.study.address import parse_address
from saklig.study.model import Method

ADDRESS = parse_address("liten.2021/q1/2-3@storlek=liten")


@pytest.fixture
def sponsored(edition: Edition) -> Edition:
    method = Method(texts=(("conductor", text("Institut & Co")), ("sponsor", text("Bolaget_AB"))))
    return replace(edition, study=replace(study(), method=method, synthetic=True))


def test_a_fact_is_cited_with_wording_number_and_address(sponsored: Edition) -> None:
    assert cite_fact(sponsored, ADDRESS, "en").text == (
        "Institut & Co & Bolaget_AB (2023). The municipality [data set; Simulated answers, not facts]. "
        "Edition 0123456789abcdef. “How digital?” 2–3, Storlek: Liten, 2021: "
        "64% (95% confidence interval 55–73%, base 25). "
        "liten.2021@0123456789abcdef/q1/2-3@storlek=liten"
    )
    assert (
        "”Hur digital är kommunen?” 2–3, Storlek: Liten, 2021: 64\u00a0% (95"
        in cite_fact(sponsored, ADDRESS, "sv").text
    )


def test_bibtex_and_csl_are_what_programs_read(sponsored: Edition) -> None:
    citation = cite_fact(sponsored, ADDRESS, "en")
    assert r"author = {{Institut \& Co \& Bolaget\_AB}}" in citation.bibtex
    assert citation.bibtex.count("{") == citation.bibtex.count("}")
    assert r"\%" in citation.bibtex
    (entry,) = json.loads(citation.csl_json)
    assert entry["id"] == entry["number"] == "liten.2021@0123456789abcdef/q1/2-3@storlek=liten"
    assert entry["issued"] == {"date-parts": [[2023]]}
    assert entry["author"] == [{"literal": "Institut & Co & Bolaget_AB"}]
    assert json.loads(cite_edition(sponsored, "sv").csl_json)[0]["id"] == "liten@0123456789abcdef"


def test_drafts_withheld_numbers_and_grids_are_cited_as_such(edition: Edition) -> None:
    draft = replace(edition, publication=replace(PUBLICATION, draft=True))
    assert "[data set; Draft]" in cite_edition(draft, "en").text
    hidden = edition.fact("liten.2021/q1/1@del=norr")
    assert describe(edition.study, hidden, "sv").endswith("redovisas inte, för att skydda dem som svarade")
    item = edition.fact("liten.2021/q2.a/1")
    assert describe(edition.study, item, "sv").startswith("”Hur mycket har ni av följande? tid” Inte alls, 2021: 13")
    with pytest.raises(NoSuchFact):
        cite_fact(edition, parse_address("liten.2021/q1/7"), "sv")


def test_two_editions_are_compared_fact_by_fact_and_text_by_text() -> None:
    old = make_edition(study(), PUBLICATION, facts_from(rows()))
    listed = rows()
    changed = replace(listed[0], value=27, lower=18)
    new = make_edition(study("Kommunerna"), PUBLICATION, facts_from([changed, *listed[1:-1]]))
    found = compare(old, new)
    assert [(str(change.address), change.columns) for change in found.changed] == [
        ("liten.2021/q1/1", ("value", "lower"))
    ]
    assert [str(address) for address in found.removed] == ["liten.2023/q2.b/9"]
    assert found.added == ()
    assert [place for place, _, _ in found.study] == ["title.sv"]
    assert [str(address) for address in compare(new, old).added] == ["liten.2023/q2.b/9"]
    assert compare(old, old).alike


A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def test_what_is_current_draft_superseded_and_withdrawn() -> None:
    listing = Listing(study="liten").with_draft(A).with_draft(B)
    assert [entry.id for entry in listing.entries] == [B]
    listing = listing.with_current(A)
    assert listing.current == Entry(id=A, standing=Standing.CURRENT)
    listing = listing.with_corrected(A, B, "Fel vikt")
    assert listing.find(A[:16]) == Entry(id=A, standing=Standing.SUPERSEDED, by=B, reason="Fel vikt")
    listing = listing.with_corrected(A, C, "Fel igen")
    assert listing.find(A) == Entry(id=A, standing=Standing.SUPERSEDED, by=C, reason="Fel igen")
    assert listing.find(B) == Entry(id=B, standing=Standing.SUPERSEDED, by=C, reason="Fel igen")
    listing = listing.with_withdrawn(C, "Får inte användas")
    assert listing.current is None
    assert listing.find("a") is None
    withdrawn = Entry(id=C, standing=Standing.WITHDRAWN, reason="Får inte användas")
    assert listing.with_corrected(C, A, "Rätt fil").find(C) == withdrawn  # nobody is told less than before


def test_the_list_is_a_script_that_nothing_in_it_can_end(tmp_path: Path) -> None:
    reason = "</script><script>alert(1)</script> \u2028 ”så”"
    listing = Listing(study="liten").with_current(A).with_corrected(A, B, reason)
    content = listing_bytes(listing)
    assert content.startswith(b"window.saklig_editions = {")
    assert b"<" not in content
    assert content.isascii()
    write_listing(listing, tmp_path)
    assert read_listing(tmp_path) == listing
    assert [path.name for path in tmp_path.iterdir()] == [EDITIONS_FILE]
    assert read_listing(tmp_path / "elsewhere") is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"alert(1)",
        b"window.saklig_editions = {};",
        b'window.saklig_editions = {"study": "a", "current": null, "editions": [{"id": "x", "standing": "draft"}]};',
        b'window.saklig_editions = {"study": "../x", "current": null, "editions": []};',
        b'window.saklig_editions = {"study": "liten", "current": "' + A.encode() + b'", "editions": []};',
        b"window.saklig_editions = " + b"[" * 100_000 + b";",
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / EDITIONS_FILE).write_bytes(content)
    with pytest.raises(EditionError, match=r"editions\.js"):
        read_listing(tmp_path)
