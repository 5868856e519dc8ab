"""The timed embedder gives the same vectors, and counts its calls."""

from __future__ import annotations

import numpy as np

from agentmem.embedders import HashingEmbedder
from agentmem_bench.timed import TimedEmbedder


def test_it_delegates_and_counts() -> None:
    plain, timed = HashingEmbedder(), TimedEmbedder(HashingEmbedder())
    assert (timed.name, timed.dimensions) == (plain.name, plain.dimensions)
    assert timed.parts("a boat") == ["a boat"]
    assert np.array_equal(timed.embed(["a boat"]), plain.embed(["a boat"]))
    assert len(timed.calls) == 1
    assert timed.seconds >= timed.calls[0] > 0
