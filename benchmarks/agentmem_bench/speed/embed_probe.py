"""In a process of its own: open the embedder of the settings and embed one question."""

from __future__ import annotations

from typing import Any

from agentmem_bench import fresh


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Embed `given["question"]`; the embedder's name."""
    from agentmem.config import Settings
    from agentmem.embedders import open_embedder

    embedder = open_embedder(Settings())
    embedder.embed([given["question"]])
    return {"embedder": embedder.name}


if __name__ == "__main__":
    fresh.answer(probe)
