"""Addresses: what the grammar allows is read back as it was written, and what it refuses is explained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saklig.study.address import (
    LONGEST_ID,
    REFUSED,
    Address,
    AddressError,
    GroupAddress,
    check_id,
    parse_address,
    suggest_id,
)

ids = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,63}", fullmatch=True).filter(lambda text: text not in REFUSED)
stats = st.sampled_from(["mean", "median", "q1", "q3", "first", "top-1", "top-99", "balance"])


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    named = draw(st.lists(ids, max_size=2, unique=True))
    groups = [GroupAddress(name, draw(ids)) for name in named]
    wave = draw(st.just("") | ids)
    wave2 = draw(st.just("") | ids) if wave else ""
    category = draw(st.just("") | ids)
    of_question = bool(wave2) and not category and draw(st.booleans())
    stat = "difference" if wave2 and not of_question else "" if of_question else draw(st.just("") | stats)
    if groups and not stat and not wave2 and draw(st.booleans()):
        groups[-1] = GroupAddress(groups[-1].background, groups[-1].group, draw(ids))
        stat = "difference"
    return Address(
        study=draw(ids),
        question=draw(ids),
        wave=wave,
        wave2=wave2,
        edition=draw(st.just("") | st.from_regex(r"[0-9a-f]{16}", fullmatch=True)),
        item=draw(st.just("") | ids),
        category=category,
        stat=stat,
        groups=tuple(groups),
    )


@given(addresses())
def test_an_address_is_read_back_as_it_was_written(address: Address) -> None:
    assert parse_address(str(address)) == address
    assert str(address).endswith(address.fragment)


@pytest.mark.parametrize(
    "text",
    [
        "kommun/q4_1",
        "kommun/q4_1/4-5",
        "kommun.2021@3f9c2a1b77d0e412/q2_3.a/5@storlek=under-15000,del=norrland",
        "kommun/q4_1~mean",
        "kommun.2021..2023/q4_1/4-5~difference",
        "kommun.2021..2023/q4_1",
        "kommun.2021..2023/q4_1@storlek=under-15000",
        "kommun/q4_1/4-5~difference@storlek=under-15000..50000-plus",
        "kommun/q6_1/skolan~top-3",
    ],
)
def test_the_examples_of_the_grammar(text: str) -> None:
    assert str(parse_address(text)) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not an address"),
        ("kommun", "it has the form study/question/category"),
        ("kommun/", "it has the form"),
        ("Kommun/q1", "is not a study"),
        ("kommun@/q1", "the edition after “@” is missing"),
        ("kommun@123/q1", "is not 16 characters"),
        ("kommun/Q1", "for example “q1”"),
        ("kommun/q1.", "the grid item after “.” is missing"),
        ("kommun/q1/", "the category after “/” is missing"),
        ("kommun/q1~", "the statistic after “~” is missing"),
        ("kommun/q1@", "the group after “@” is missing"),
        ("kommun/q1~mode", "there is no statistic “mode”"),
        ("kommun/q1~top-0", "there is no statistic"),
        ("kommun/q1@a", "it has the form background=group"),
        ("kommun/q1@a=b,a=c", "named twice"),
        ("kommun/q1@a=b,c=d,e=f", "at most two"),
        ("kommun.1..2/q1/1", "belong together"),
        ("kommun.1..2/q1~mean", "belong together"),
        ("kommun/q1@a=b..c", "belong together"),
        ("kommun/q1~difference", "belong together"),
        ("kommun.1..2/q1~difference@a=b..c", "more than once"),
        ("kommun/index", "cannot be used"),
        ("kommun/nul", "cannot be used"),
        (f"kommun/{'q' * 65}", "65 characters long"),
        ("kommun/q1\n", "is not an id"),
        ("kommun/../../etc/passwd", "is not"),
        ("kommun/<script>", "is not an id"),
    ],
)
def test_what_the_grammar_refuses_is_explained(text: str, says: str) -> None:
    with pytest.raises(AddressError) as caught:
        parse_address(text)
    assert says in str(caught.value)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        assert str(parse_address(text)) == text
    except AddressError as error:
        told = str(error)
        assert told


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Under 15 000 invånare", "under-15-000-invanare"),
        ("-9", "m9"),
        ("−9", "m9"),
        ("-1.5", "m1-5"),
        ("Q4_1", "q4_1"),
        ("Ørsted & Æblerød", "orsted-aeblerod"),
        ("con", "con-1"),
        ("…", "x"),
        ("", "x"),
        ("x" * 80, "x" * LONGEST_ID),
    ],
)
def test_suggested_ids(text: str, suggested: str) -> None:
    assert suggest_id(text) == suggested


@given(st.text())
def test_a_suggested_id_is_an_id(text: str) -> None:
    assert check_id(suggest_id(text)) == suggest_id(suggest_id(text))
