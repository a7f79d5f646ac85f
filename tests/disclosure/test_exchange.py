"""Exchanges: between records where participation is secret, and in twos and fours where it is known."""

from __future__ import annotations

import numpy as np

from saklig.disclosure.audit import start
from saklig.disclosure.evidence import evidence, wave_view
from saklig.disclosure.layers import first_layer
from saklig.disclosure.moves import Exchanges
from saklig.disclosure.policy import policy_of
from saklig.disclosure.programs import Program
from saklig.disclosure.protect import protect

from .conftest import background, coded, single, study_of, wave_of


def test_a_group_in_which_all_answered_alike_tells_on_its_members_though_participation_is_secret() -> None:
    groups = np.repeat([0, 1, 2], [20, 300, 300])
    codes = np.where(groups == 0, 0, np.arange(620) % 3)
    study = study_of([single("q")], [background("b", 3)], policy="sample")
    found = protect(study, [wave_of(study, {"q": coded(codes)}, {"b": groups})])
    assert found.protection.audit == "counts"
    assert found.protection.audited == 20
    assert {column for _, _, _, column in found.pattern.withheld} == {"b=b0", "b=b1"}


def test_one_who_differs_hides_the_others_of_a_small_group_and_is_hidden_by_them() -> None:
    groups = np.repeat([0, 1, 2], [20, 300, 300])
    codes = np.where(groups == 0, 0, np.arange(620) % 3)
    codes[0] = 1
    study = study_of([single("q")], [background("b", 3)], policy="sample")
    found = protect(study, [wave_of(study, {"q": coded(codes)}, {"b": groups})])
    assert not found.pattern.withheld


def test_weights_of_groups_tell_what_all_of_a_withheld_group_answered() -> None:
    """Three in a group of their own weight, withheld with a sibling: the weighted share of all, with the counts of the
    groups that are shown, leaves one number of them who gave the answer. Where the three differ, that tells on none."""
    groups = np.repeat([0, 1, 2, 3], [520, 400, 80, 3])
    weights = np.array([0.8, 0.7, 2.5, 30.0])[groups]
    study = study_of([single("q"), single("r")], [background("b", 4)], policy="sample")
    mixed = np.arange(1003) % 3
    alike = np.where(groups == 3, 0, mixed)
    answers = {"q": coded(alike), "r": coded(mixed)}
    secret = protect(study, [wave_of(study, answers, {"b": groups})])
    assert {column for _, question, _, column in secret.pattern.withheld if question == "r"} == {"b=b2", "b=b3"}
    told = protect(study, [wave_of(study, answers, {"b": groups}, weights=weights)])
    assert {column for _, question, _, column in told.pattern.withheld if question == "r"} == {"b=b2", "b=b3"}
    assert {column for _, question, _, column in told.pattern.withheld if question == "q"} >= {"", "b=b2", "b=b3"}


def test_weights_that_hardly_two_share_are_secret() -> None:
    groups = np.repeat([0, 1, 2, 3], [520, 400, 80, 3])
    study = study_of([single("q")], [background("b", 4)], policy="sample")
    wave = wave_of(
        study, {"q": coded(np.where(groups == 3, 0, np.arange(1003) % 3))}, {"b": groups}, weights=1 + groups
    )
    own = wave_of(
        study,
        {"q": coded(np.where(groups == 3, 0, np.arange(1003) % 3))},
        {"b": groups},
        weights=1 + groups + np.arange(1003) / 5000,
    )
    assert "" in {column for *_, column in protect(study, [wave]).pattern.withheld}
    assert "" not in {column for *_, column in protect(study, [own]).pattern.withheld}


def test_exchanges_of_four_keep_every_count_of_every_column() -> None:
    """Nobody has a like: only 00 and 11 together can exchange with 01 and 10 together."""
    a, b = [0, 0, 1, 1] * 5, [0, 1, 0, 1] * 5
    codes = [0, 1, 1, 0] * 5
    study = study_of([single("q")], [background("a", 2), background("b", 2)])
    wave = wave_of(study, {"q": coded(codes)}, {"a": a, "b": b})
    policy, view = policy_of(study, 20), wave_view(study, *wave)
    layer = first_layer(view.families[0], view, policy, evidence(view.families[0], wave[0].columns, view, policy))
    assert not layer.withheld.any()
    audit = start([layer])
    program = Program(space=audit.space, layers=audit.layers)
    exchanges = Exchanges(program, program.exact())
    nobody = np.zeros((1, 20), bool)
    counts = exchanges.witness(audit.targets[:1], nobody, 0, 1.0)
    given = audit.space.given
    assert np.abs(counts - given).sum() == 8  # four respondents, each out of one answer and into another
    margins = audit.space.member.T.astype(int)
    assert (margins @ counts == margins @ given).all()
