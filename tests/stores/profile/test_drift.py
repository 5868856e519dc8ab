"""What each piece of evidence counts, and what held with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agentmem.stores.profile.drift import course, strength
from agentmem.stores.profile.notes import HALF_LIFE, Evidence, strengths

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def piece(value, day, **fields):
    at = BEGIN + timedelta(days=day)
    return Evidence(aspect="length", value=value, said="So.", at=at, event=f"e{day}", **fields)


def test_evidence_counts_by_its_weight_and_half_of_it_after_a_half_life():
    pieces = course([piece("brief", 0), piece("full", HALF_LIFE), piece("full", HALF_LIFE, once=True)])
    assert [one.counts for one in pieces] == pytest.approx([0.5, 1.0, pieces[2].weight])
    assert [one.holds for one in pieces] == ["brief", "full", "full"]


def test_a_value_is_as_strong_as_its_pieces_together():
    evidence = [piece("brief", 0), piece("", 3), piece("full", 5, shown=True), piece("brief", 40)]
    pieces = course(evidence)
    for value, supported in strengths(evidence).items():
        assert strength(pieces, value) == pytest.approx(supported)
    assert strength(pieces, "") == pytest.approx(pieces[1].counts)
    assert strength([], "brief") == 0


def test_where_no_value_is_known_none_held():
    assert [one.holds for one in course([piece("", 0), piece("", 1), piece("brief", 2)])] == ["", "", "brief"]
    assert course([]) == []
