"""Texts that share most of their parts with the one before, as what they have of it and what is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agentmem.fence import clean

_ENDS = re.compile(r"(?<=\n)|(?<=\.)(?!\n)")
"""Where a text is cut: after the end of a sentence or line. The parts joined are the text."""

_STRIDE = 64
"""So many numbers are compared at once."""


class Shared:
    """Parts, each kept once, and texts as pairs of numbers, `start` and `count`.

    A pair is a range of the parts; where `start` is negative, a range of the text before, from -1 on. So the
    contexts of a growing history, which together are as large as their number squared, cost little more
    than the history. What is not seen but obeyed is taken out of the parts.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.texts: list[list[int]] = []
        self._places: dict[str, int] = {}
        self._known: dict[tuple[str, ...], int] = {}
        self._last: list[int] = []

    def text(self, text: str) -> int:
        """Keep a text; its number."""
        return self.add(part for part in _ENDS.split(text) if part)

    def add(self, parts: Iterable[str]) -> int:
        """Keep what consists of these parts; its number. What is equal is kept once."""
        whole = tuple(parts)
        if whole not in self._known:
            self._known[whole] = len(self.texts)
            places = [self._place(part) for part in whole]
            self.texts.append(_pairs(places, self._last))
            self._last = places
        return self._known[whole]

    def _place(self, part: str) -> int:
        if part not in self._places:
            self._places[part] = len(self.parts)
            self.parts.append(clean(part))
        return self._places[part]


def _pairs(places: Sequence[int], last: Sequence[int]) -> list[int]:
    """The pairs of a text, by the places of its parts, and of those of the text before."""
    first = {place: at for at, place in reversed(list(enumerate(last)))}
    pairs: list[int] = []
    done = aligned = 0
    while done < len(places):
        ahead = _run(places, done, range(places[done], places[done] + len(places)), 0)
        start, count = places[done], ahead
        for at in (aligned, first.get(places[done], -1)):
            shared = _run(places, done, last, at) if at >= 0 else 0
            if shared > count:
                start, count, aligned = -1 - at, shared, at + shared
        pairs += [start, count]
        done += count
    return pairs


def _run(places: Sequence[int], at: int, others: Sequence[int], there: int) -> int:
    """How many numbers are the same from these places on."""
    most = min(len(places) - at, len(others) - there)
    count = 0
    while count < most and list(places[at + count : at + count + _STRIDE]) == list(
        others[there + count : there + count + _STRIDE]
    ):
        count += _STRIDE
    while count < most and places[at + count] == others[there + count]:
        count += 1
    return min(count, most)
