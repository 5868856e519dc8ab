"""How what is known of an aspect came about: what each piece of evidence counts, and what held with it."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem.records import Text
from agentmem.stores.profile.notes import Evidence, strengths


class Piece(Evidence):
    """A piece of evidence among others.

    Attributes:
        counts: What it counts now, against the newest of its aspect.
        holds: The value that was the strongest when it was noted; empty while none was known.
    """

    counts: float
    holds: Text = ""


def course(evidence: Sequence[Evidence]) -> list[Piece]:
    """Pieces of evidence, the oldest first, each with what it counts and what held with it."""
    alone = [one.altered({"value": str(place)}) for place, one in enumerate(evidence)]
    counts = strengths(alone)  # each is its own rival: so the strength of each is what it counts
    return [
        Piece(
            **dict(one),
            counts=counts[str(place)],
            holds=next(iter(strengths(evidence[: place + 1])), ""),
        )
        for place, one in enumerate(evidence)
    ]


def strength(pieces: Sequence[Piece], value: str) -> float:
    """How strongly a value is supported; for the empty one: how much was said whose value is not known."""
    return sum(one.counts for one in pieces if one.value == value)
