"""What an agent's memory gives it: pieces of text with where they come from and how they rank."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from agentmem.records import Hit, Text, Time, Trust, Value
from agentmem.synthesis.cut import ELLIPSIS
from agentmem.synthesis.render import inline

FLAT = "memory"
"""The layer of what a memory without layers recalls."""


class Recalled(Value):
    """One memory of an agent.

    Attributes:
        id: Of its record.
        text: What it says.
        kind: `news`, `quarterly`, …, `reflection`, `argument`.
        layer: The layer that recalled it.
        time: When it happened.
        weight: What it counts, 0 or more: γ in a layered memory, 1 in one that has no such rank.
        parts: What the rank is made of, by name.
        importance: At the moment of the question, where the memory knows of importance.
        actor: Who said it, if anybody.
        trust: Where it comes from.
    """

    id: Text
    text: Text
    kind: Text = "news"
    layer: Text = FLAT
    time: Time | None = None
    weight: float = 1.0
    parts: Mapping[str, float] = Field(default_factory=dict)
    importance: float | None = None
    actor: Text = ""
    trust: Trust = Trust.USER


def clipped(text: str, most: int) -> str:
    """`text` cleaned, on one line, and no longer than `most` characters."""
    line = inline(text)
    return line if len(line) <= most else line[: most - len(ELLIPSIS)] + ELLIPSIS


def recalled(hit: Hit, layer: str = FLAT, weight: float = 1.0) -> Recalled:
    """A hit of any store as a memory of an agent."""
    record = hit.record
    importance = record.payload.get("importance")
    return Recalled(
        id=record.id,
        text=record.text,
        kind=record.type,
        layer=layer,
        time=record.time,
        weight=max(0.0, weight),
        parts={name: round(part, 6) for name, part in hit.parts.items()},
        importance=float(importance) if isinstance(importance, int | float) else None,
        actor=record.actor,
        trust=record.trust,
    )
