"""In a process of its own: load a language model, and time it."""

from __future__ import annotations

from typing import Any

from agentmem_bench import fresh
from agentmem_bench.models import footprint
from agentmem_bench.models.rates import ask, rates


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Load `given["model"]` by `given["settings"]`; memory, and rates with `prompts` and `tokens`."""
    from agentmem.config import Settings
    from agentmem.models import open_model

    model = open_model(Settings(**given["settings"]), given["model"])
    cost = footprint.loaded(lambda: ask(model, "Hello?", 1))
    told = rates(model, given["prompts"], given["tokens"])
    return {**cost, **told, **footprint.at_its_peak(cost["before_bytes"])}


if __name__ == "__main__":
    fresh.answer(probe)
