"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.bulk.report import runs_table
from agentmem_bench.tables import markdown, paragraph


def block(result: Mapping[str, Any]) -> str:
    """Texts a second by the number of workers."""
    begin = paragraph(
        f"Workers of Ray beside one process, by `agentmem bench bulk`: {result['texts']:,} texts "
        f"embedded by {result['embedder']} on {result['machine']['cores']} cores."
    )
    return f"{begin}\n\n{markdown((runs_table(dict(result)), ('texts/s', 'begun in', 'seconds', 'vectors')))}"
