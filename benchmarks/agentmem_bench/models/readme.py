"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.models.report import chat_table, embedding_table
from agentmem_bench.tables import markdown, paragraph

MEMORY = ("memory, MB", "loaded in, s")


def block(result: Mapping[str, Any]) -> str:
    """What the embedded model and the embedder take here."""
    begin = paragraph(
        "Models in this process, by `agentmem bench models`: tokens read and written a second, and "
        f"texts embedded a second; the load before was {result['load_before']} on "
        f"{result['machine']['cores']} cores."
    )
    chat, embedding = chat_table(result), embedding_table(result)
    return "\n\n".join(
        (begin, markdown((chat, ("read", "written", *MEMORY))), markdown((embedding, ("texts/s", *MEMORY))))
    )
