"""Tests on CUDA: marked `gpu`, and skipped where torch sees no device."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentmem.testing.random_model import save_random_model


@pytest.fixture(autouse=True)
def cuda() -> Iterator[None]:
    import torch

    if not torch.cuda.is_available():
        pytest.skip("torch sees no CUDA device")
    yield
    gc.collect()
    torch.cuda.empty_cache()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of 150 million random weights."""
    return save_random_model(tmp_path_factory.mktemp("model"), hidden=1_024, layers=12, window=2_048)


@pytest.fixture(scope="session")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_random_model(tmp_path_factory.mktemp("draft"), hidden=256, layers=2, window=2_048, seed=1)


@pytest.fixture
def bytes_above() -> Callable[[Callable[[], Any]], int]:
    """The bytes on the device that what is made holds."""
    import torch

    def measured(make: Callable[[], Any]) -> int:
        gc.collect()
        before = torch.cuda.memory_allocated()
        made = make()
        gc.collect()
        held = torch.cuda.memory_allocated() - before
        del made
        return held

    return measured
