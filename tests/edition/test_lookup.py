from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from saklig.edition.edition import Edition
from saklig.edition.facts import ADDRESS_COLUMNS, Status, facts_from
from saklig.edition.lookup import NoSuchFact
from saklig.study.address import parse_address


def test_every_fact_is_found_by_its_own_address(edition: Edition) -> None:
    facts = edition.facts.rows(slice(None))
    assert len(facts) == len(edition.facts) == 76
    for fact in facts:
        address = edition.address(fact)
        assert address.edition == "0123456789abcdef"
        assert edition.fact(address) == fact
        assert edition.fact(str(address)) == fact


def test_without_a_wave_the_latest_is_meant(edition: Edition) -> None:
    assert edition.fact("liten/q1/2-3").wave == "2023"
    assert edition.fact("liten.2021/q1/2-3").wave == "2021"


def test_a_questions_facts_come_in_the_plans_order(edition: Edition) -> None:
    whole = edition.facts_of("2021", "q1")
    assert [fact.category or fact.stat for fact in whole] == ["1", "2", "3", "9", "2-3", "mean"]
    by_size = edition.facts_of("2021", "q1", by=("storlek",))
    assert [fact.group1 for fact in by_size] == ["liten"] * 6 + ["stor"] * 6
    assert len(edition.facts_of("2021", "q1", by=None)) == 30
    assert edition.facts_of("2021", "q2", "c") == ()
    assert edition.facts_of("2021", "q1", by=("kon",)) == ()
    assert edition.index.parts[:3] == (("2021", "", "q1", ""), ("2021", "", "q2", "a"), ("2021", "", "q2", "b"))


def test_scattered_rows_are_found_all_the_same(edition: Edition) -> None:
    order = np.random.default_rng(1).permutation(len(edition.facts))
    listed = edition.facts.rows(slice(None))
    mixed = replace(edition, facts=facts_from(listed[position] for position in order))
    for fact in listed:
        assert mixed.fact(edition.address(fact)) == fact


def test_a_pair_may_be_written_in_either_order(edition: Edition) -> None:
    row = edition.facts.rows(slice(0, 1))[0]
    pair = replace(row, by1="storlek", group1="liten", by2="del", group2="syd")
    with_pair = replace(edition, facts=facts_from([*edition.facts.rows(slice(None)), pair]))
    assert with_pair.fact("liten.2021/q1/1@storlek=liten,del=syd") == pair
    assert with_pair.fact("liten.2021/q1/1@del=syd,storlek=liten") == pair
    assert with_pair.facts_of("2021", "q1", by=("del", "storlek")) == (pair,)


def test_differences_have_addresses(edition: Edition) -> None:
    row = replace(edition.facts.rows(slice(0, 1))[0], stat="difference", se=3)
    waves = replace(row, wave2="2023")
    groups = replace(row, by1="storlek", group1="liten", versus="stor")
    compared = replace(edition, facts=facts_from([row, waves, groups]))
    assert compared.fact("liten.2021..2023/q1/1~difference") == waves
    assert compared.fact("liten.2021/q1/1~difference@storlek=liten..stor") == groups
    assert str(compared.address(groups, permanent=False)) == "liten.2021/q1/1~difference@storlek=liten..stor"


@pytest.mark.parametrize(
    ("address", "part", "nearest"),
    [
        ("liten/q1/4-5", "no such row or group", "liten.2023/q1/2-3"),
        ("liten.2021/q1/2@storlek=medel", "no such row or group", "liten.2021/q1/2@storlek=liten"),
        ("liten.2021/q11/2", "no question “q11”", "liten.2021/q1/2"),
        ("liten.2021/q2/2", "“q2” is a grid", "liten.2021/q2.a/2"),
        ("liten.2022/q1/2", "no wave “2022”", "liten.2021/q1/2"),
        ("liten@fedcba9876543210/q1/2", "this is the edition 0123456789abcdef", "liten@0123456789abcdef/q1/2"),
        ("stor/q1/2", "of the study “liten”", "liten/q1/2"),
        ("liten.2021/q1", "names the question", "liten.2021/q1/1"),
        ("liten.2021..2025/q1/2~difference", "there is no wave 2025; there are 2021, 2023", None),
        ("liten.2019..2023/q1/2~difference", "there is no wave 2019; there are 2021, 2023", None),
        ("liten.2021..2023/q1/2~difference", "waves 2021 and 2023 are not compared", None),
    ],
)
def test_where_there_is_no_fact_the_nearest_is_offered(
    edition: Edition, address: str, part: str, nearest: str | None
) -> None:
    with pytest.raises(NoSuchFact, match=part) as caught:
        edition.fact(address)
    assert (str(caught.value.nearest) if caught.value.nearest else None) == nearest
    if nearest:
        assert edition.fact(parse_address(nearest))


def test_withheld_rows_carry_nothing(edition: Edition) -> None:
    fact = edition.fact("liten.2021/q1/1@del=norr")
    assert fact.status is Status.WITHHELD
    assert (fact.value, fact.count, fact.base, fact.lower) == (None, None, None, None)


def test_columns_and_rows_say_the_same(edition: Edition) -> None:
    again = facts_from(edition.facts.rows(slice(None)))
    for name in ADDRESS_COLUMNS:
        assert again.address[name].values == edition.facts.address[name].values
    assert np.array_equal(again.value, edition.facts.value)
