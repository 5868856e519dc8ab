"""One smoke of each reliability check on the real embedder: what holds for hashed vectors holds for these."""

from __future__ import annotations

import pytest

from agentmem.testing import conformance

CHECKS = [
    "round_trip",
    "erased_bytes",
    "concurrency",
    "elsewhere",
    "rebuilt",
    "imported",
    "explained",
    "budget",
    "killed",
]


@pytest.mark.slow
def test_episodic_memory_keeps_its_promises_with_the_real_embedder() -> None:
    report = conformance("episodic", embedder="minilm", slow=True, only=CHECKS)
    assert {outcome.check for outcome in report.outcomes} == set(CHECKS)
    assert {outcome.result for outcome in report.outcomes} == {"passed"}, str(report)
