"""A profile in a bank of its own, with an embedder that needs no model."""

from __future__ import annotations

import pytest

from agentmem.bank import Bank
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.stores.profile.store import ProfileStore


@pytest.fixture
def bank(tmp_path):
    with Bank(tmp_path / "profile.db", embedder=HashingEmbedder()) as bank:
        yield bank


@pytest.fixture
def profile(bank):
    return bank.store(ProfileStore, ("ada",))
