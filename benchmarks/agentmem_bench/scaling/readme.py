"""What the README says of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentmem_bench.scaling.tables import tables
from agentmem_bench.tables import in_markdown, paragraph

SHOWN = "recall by records of the namespace"


def block(result: Mapping[str, Any]) -> str:
    """What a recall takes by the size of its namespace."""
    shown = next(one for one in tables(result) if SHOWN in one.title)
    last = result["databases"][0]["growth"][-1]
    begin = paragraph(
        f"Growth, by `agentmem bench scaling`: a bank of {last['records']:,} records in "
        f"{last['bytes'] / 1e9:.2f} GB. {shown.title} {shown.sentence} What a billion of them would "
        "take is computed in [scaling](docs/scaling.md)."
    )
    return f"{begin}\n\n{in_markdown(shown.heads, shown.rows)}"
