"""What the tests of banks share: a clock that is moved by hand, ids from a seed, banks in files of their own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentmem.bank import Bank
from agentmem.bank.sources import UuidV7
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.testing import HandClock

OpenBank = Callable[..., Bank]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def open_bank(tmp_path: Path, clock: HandClock) -> Iterator[OpenBank]:
    """Open a bank by the name of its file; the same name again is a second bank on the same file."""
    opened: list[Bank] = []

    def open_(name: str = "bank.db", **given: Any) -> Bank:
        given = {
            "embedder": HashingEmbedder(),
            "settings": Settings(embedder="hashing", screen=given.pop("screen", "redact")),
            "clock": clock,
            "new_id": UuidV7(random.Random(len(opened))),
            **given,
        }
        opened.append(Bank(name if "://" in name else tmp_path / name, **given))
        return opened[-1]

    yield open_
    for bank in opened:
        bank.close()


@pytest.fixture
def bank(open_bank: OpenBank) -> Bank:
    return open_bank()
