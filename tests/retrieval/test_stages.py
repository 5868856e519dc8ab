"""What a recall spends its time on is measured for whoever asks, and only then."""

from __future__ import annotations

import pytest

from agentmem.bank import Bank
from agentmem.retrieval.stages import measured, stage


def test_a_recall_tells_its_stages(bank: Bank):
    store = bank.store()
    store.observe("The kettle is red.")
    with measured() as seconds:
        assert store.recall("kettle")
    assert set(seconds) == {"refresh", "embed", "candidates", "fuse", "load"}
    assert all(spent >= 0 for spent in seconds.values())
    before = dict(seconds)
    store.recall("kettle")
    assert seconds == before


def test_stages_add_up_also_where_they_fail():
    with measured() as seconds:
        for _ in range(2):
            with pytest.raises(ZeroDivisionError), stage("load"):
                _ = 1 / 0
    assert seconds["load"] > 0
