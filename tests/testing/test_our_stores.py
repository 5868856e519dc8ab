"""Our own stores hold what a store's author is held to, unmodified."""

from __future__ import annotations

import pytest

from agentmem.bank import MemorySpec
from agentmem.stores import (
    CompositeStore,
    EpisodicStore,
    FullHistory,
    MemoryStore,
    SlidingHistory,
    TruncatedHistory,
)
from agentmem.testing import StoreConformance, conformance

READING = ("isolation", "budget", "explained", "corrected", "changed_since", "expired", "forgotten")
"""What the baselines change of the episodic store; the rest of the suite is among the slow tests."""
SHARED = MemorySpec(
    store="composite",
    members=(MemorySpec(store="episodic"), MemorySpec(store="sliding", options={"window": 50})),
    options={"shared": ["acme/shared"], "weights": [2, 1]},
)


class TestEpisodic(StoreConformance):
    store = EpisodicStore


class TestCompositeWithShared(StoreConformance):
    store = SHARED
    only = (*READING, "round_trip", "hostile_text", "trusted", "restarted")


class TestFullHistory(StoreConformance):
    store = FullHistory
    only = READING


class TestTruncatedHistory(StoreConformance):
    store = TruncatedHistory
    only = READING


class TestSlidingHistory(StoreConformance):
    store = SlidingHistory
    only = READING


@pytest.mark.slow
@pytest.mark.parametrize("store", [FullHistory, TruncatedHistory, SlidingHistory, CompositeStore, SHARED])
def test_every_reader_passes_the_whole_suite(store: type[MemoryStore] | MemorySpec) -> None:
    report = conformance(store)
    assert report.passed, str(report)


@pytest.mark.slow
@pytest.mark.parametrize("store", [EpisodicStore, SHARED], ids=["episodic", "composite"])
def test_receipts_are_good_though_the_process_is_killed(store: type[MemoryStore] | MemorySpec) -> None:
    report = conformance(store, only=["killed"])
    assert not report.failed, str(report)
