"""Policies are data: presets by name, others as JSON; one that does not fit is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from agentmem.bank import Bank
from agentmem.errors import InvalidInput, NotFound
from agentmem.stores.layered.presets import FINMEM, PRESETS
from agentmem.stores.layered.store import LayeredMemory

START = datetime(2024, 3, 8, 9, tzinfo=UTC)


def test_a_policy_can_be_given_as_json(opened: Callable[..., LayeredMemory], bank: Bank):
    policy = PRESETS["support_desk"].model_dump(mode="json") | {"name": "ours", "gain": 12.0}
    memory = opened(bank, policy=policy)
    id = memory.note("quince", kind="ticket", importance=40, time=START)
    memory.feedback([id], "helped", time=START)
    (item,) = memory.get([id])
    assert item.payload["importance"] == 52


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ladder": []}, "ladder"),
        ({"margin": -1}, "margin"),
        ({"margin": 70}, "less the margin"),
        ({"otherwise": "abyss"}, "'abyss'"),
        ({"entrances": {"news": "abyss"}}, "abyss"),
        ({"wrong": 1}, "wrong"),
        ({"name": ""}, "name"),
        (
            {"beside": [{"name": "faded", "stability": 1, "retention": 1}]},
            "layer policy: a layer is called 'faded'",
        ),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_by_name(
    opened: Callable[..., LayeredMemory], bank: Bank, change: dict[str, Any], message: str
):
    with pytest.raises(InvalidInput, match=message):
        opened(bank, policy=FINMEM.model_dump(mode="json") | change)


def test_unknown_names_are_refused_with_those_there_are(opened: Callable[..., LayeredMemory], bank: Bank):
    with pytest.raises(NotFound, match="finmem, finmem_code, "):
        opened(bank, policy="finnmem")
    with pytest.raises(InvalidInput, match="drawn, model"):
        opened(bank, rating="dice")
