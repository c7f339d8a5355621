"""Limits travel to the child whole."""

from dataclasses import replace

from matchplatform.confined.limits import ReadLimits


def test_they_come_back_as_they_went() -> None:
    limits = replace(ReadLimits(), rows=7, megabytes=3)
    assert ReadLimits.from_text(limits.to_text()) == limits
