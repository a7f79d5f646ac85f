"""What a kind of sample may say of itself, and what it may not."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from saklig.language.catalog import say
from saklig.study.findings import Findings
from saklig.study.survey import Panel, ResponseModel, Sample

if TYPE_CHECKING:
    from saklig.study.model import Study


def check_sample(study: Study, findings: Findings) -> None:
    """Keys that belong to one kind of sample, and the rates of a panel."""
    if study.response_model is ResponseModel.NONE and study.sample is not Sample.CENSUS:
        findings.add(
            (),
            say("is of a census only; the errors of a sample rest on what is taken of those who did not answer"),
            "response_model",
        )
    if study.modelled is not None and study.sample is not Sample.SELF_SELECTED:
        findings.add(
            (),
            say('is of sample = "self-selected" only; the intervals of a sample that was drawn follow from how it was'),
            "modelled",
        )
    for wave in study.waves:
        place = (f"wave {wave.id}",)
        if wave.panel is None:
            continue
        if study.sample is not Sample.RECRUITED_PANEL:
            findings.add(place, say('is of sample = "recruited-panel" only; leave it out'), "panel")
        for name in (each.name for each in fields(Panel)):
            share = getattr(wave.panel, name)
            if share is not None and not 0 < share <= 1:
                findings.add(
                    (*place, "panel"),
                    say("{share} is no share; write 12 per cent as 0.12", share=share),
                    name,
                )
