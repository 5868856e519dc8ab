"""A layered memory in a bank of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentmem.bank import Bank, MemorySpec
from agentmem.stores.layered.store import LayeredMemory

HOME = ("desk",)


@pytest.fixture
def opened() -> Callable[..., LayeredMemory]:
    """Open the layered memory of a bank, with options."""

    def opened_(bank: Bank, **options: Any) -> LayeredMemory:
        memory = bank.store(MemorySpec(store="layered", options=options), HOME)
        assert isinstance(memory, LayeredMemory)
        return memory

    return opened_


@pytest.fixture
def memory(bank: Bank, opened: Callable[..., LayeredMemory]) -> LayeredMemory:
    return opened(bank)
