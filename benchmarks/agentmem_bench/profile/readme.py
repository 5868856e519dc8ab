"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.profile.report import micro_table
from agentmem_bench.tables import markdown, paragraph


def block(result: Mapping[str, Any]) -> str:
    """Whether it is seen what sentences are about."""
    begin = paragraph(
        f"What a profile sees, by `agentmem bench profile` ({result['reader']}, no language model): is "
        "it seen what a sentence is about, and is one about nothing left alone? Micro averages with "
        "95% intervals; no exemplar and no threshold was changed after the held-out figures."
    )
    columns = ("about an aspect", "about none", "precision", "recall", "left alone")
    return f"{begin}\n\n{markdown((micro_table(result['splits']), columns))}"
