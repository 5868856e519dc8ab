"""Parts of a long text: they cover it, they fit, they overlap, they end."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from agentmem.embedders.parts import overlapping_parts

costs = st.lists(st.integers(1, 10), min_size=1, max_size=60)


def words_of(costs: list[int]) -> tuple[str, list[int]]:
    text = "  " + " ".join(f"w{place}" for place in range(len(costs))) + "\n"
    starts = [text.index(f"w{place}") for place in range(len(costs))]
    return text, starts


@given(costs, st.integers(10, 40), st.integers(0, 9))
def test_parts_cover_the_text_and_fit_the_limit(costs: list[int], limit: int, overlap: int) -> None:
    text, starts = words_of(costs)
    parts = overlapping_parts(text, starts, costs, limit, overlap)
    end = 0
    for part in parts:
        begin = text.find(part)
        assert begin <= end, "a gap between two parts"
        assert begin + len(part) > end, "a part that adds nothing"
        end = begin + len(part)
        assert sum(cost for start, cost in zip(starts, costs, strict=True) if begin <= start < end) <= limit
    assert parts[0].startswith("  ")
    assert end == len(text)


@given(st.integers(30, 200))
def test_neighbours_share_the_overlap(words: int) -> None:
    text, starts = words_of([1] * words)
    parts = overlapping_parts(text, starts, [1] * words, 20, 5)
    for one, next_one in pairwise(parts):
        assert one.split()[-5:] == next_one.split()[:5]


def test_a_text_without_words_has_no_parts() -> None:
    assert overlapping_parts("   ", [], [], 10, 2) == []
