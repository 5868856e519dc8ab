"""The command tells texts a second, and that vectors are the same."""

from __future__ import annotations

from agentmem.embedders.hashing import HashingEmbedder
from agentmem_bench.bulk.measure import measure


def test_two_runs_give_the_same_vectors():
    told = measure(30, [0, 0], HashingEmbedder())
    first, second = told["runs"]
    assert first["vectors"] == second["vectors"]
    assert first["workers"] == 0
    assert first["per_s"] > 0
