"""Cut a long text into overlapping parts at given places, losing no character."""

from __future__ import annotations

from collections.abc import Sequence


def overlapping_parts(
    text: str, starts: Sequence[int], costs: Sequence[int], limit: int, overlap: int
) -> list[str]:
    """Split `text` into parts that cost at most `limit`, neighbours sharing up to `overlap`.

    Args:
        text: What is split.
        starts: Where each word begins, ascending, in characters.
        costs: What each word costs (tokens), none above `limit`.
        limit: The highest cost of one part.
        overlap: The highest cost of the words that two neighbours share, below `limit`.

    Returns:
        Parts that cover `text` from its first to its last character; `[]` without a word.
    """
    parts: list[str] = []
    first = 0
    while first < len(starts):
        after, cost = first, 0
        while after < len(starts) and cost + costs[after] <= limit:
            cost += costs[after]
            after += 1
        begin = starts[first] if parts else 0
        if after == len(starts):
            parts.append(text[begin:])
            break
        parts.append(text[begin : starts[after]])
        first = _step_back(costs, first, after, overlap, limit)
    return parts


def _step_back(costs: Sequence[int], first: int, after: int, overlap: int, limit: int) -> int:
    """The word at which the next part begins: shared words cost up to `overlap`, and it gets on."""
    begin, shared = after, 0
    while (
        begin - 1 > first
        and shared + costs[begin - 1] <= overlap
        and shared + costs[begin - 1] + costs[after] <= limit
    ):
        begin -= 1
        shared += costs[begin]
    return begin
