"""A bank with a profile, of an embedder that needs no model."""

from __future__ import annotations

import pytest

from agentmem.stores.profile.store import ProfileStore


@pytest.fixture
def profile(bank):
    return bank.store(ProfileStore, ("ada",))
