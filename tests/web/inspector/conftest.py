"""The inspector over a bank that has something on every page, asked without a network."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from agentmem.bank import Bank
from agentmem.web.inspector.app import app_of

sys.path.insert(0, str(Path(__file__).parent))  # what stands beside the tests is shared by them

from inspected_bank import PORT, TOKEN, seed, seed_hostile

Asked = Callable[..., TestClient]


@pytest.fixture
def seeded(bank: Bank) -> Bank:
    seed(bank)
    return bank


@pytest.fixture
def small(bank: Bank) -> Bank:
    """A bank with one event."""
    bank.store("episodic", ("agent",)).observe("agents say this")
    return bank


@pytest.fixture
def hostile(bank: Bank) -> Bank:
    seed_hostile(bank)
    return bank


@pytest.fixture
def at_door() -> Asked:
    """A client that has no token yet."""

    def made(bank: Bank, **given: Any) -> TestClient:
        return TestClient(app_of(bank, TOKEN, PORT, **given), base_url=f"http://127.0.0.1:{PORT}")

    return made


@pytest.fixture
def inside(at_door: Asked) -> Asked:
    """A client that came in."""

    def made(bank: Bank, **given: Any) -> TestClient:
        client = at_door(bank, **given)
        assert client.get("/", params={"token": TOKEN}).status_code == 200
        return client

    return made
