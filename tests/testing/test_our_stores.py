"""Our own stores hold what a store's author is held to, unmodified."""

from __future__ import annotations

import pytest

from agentmem.bank import MemorySpec
from agentmem.stores import CompositeStore, EpisodicStore, FullHistory, SlidingHistory, TruncatedHistory
from agentmem.testing import StoreConformance


class TestEpisodic(StoreConformance):
    store = EpisodicStore


class TestFullHistory(StoreConformance):
    store = FullHistory


class TestTruncatedHistory(StoreConformance):
    store = TruncatedHistory


class TestSlidingHistory(StoreConformance):
    store = SlidingHistory


class TestComposite(StoreConformance):
    store = CompositeStore


class TestCompositeWithShared(StoreConformance):
    store = MemorySpec(
        store="composite",
        members=(MemorySpec(store="episodic"), MemorySpec(store="sliding", options={"window": 50})),
        options={"shared": ["acme/shared"], "weights": [2, 1]},
    )


@pytest.mark.slow
class TestEpisodicSlow(StoreConformance):
    store = EpisodicStore
    slow = True


@pytest.mark.slow
class TestCompositeSlow(StoreConformance):
    store = CompositeStore
    slow = True
