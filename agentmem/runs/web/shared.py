"""Texts that share most of their parts, as numbers of these parts."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ENDS = re.compile(r"(?<=[.\n])")
"""Where a text is cut: after the end of a sentence or line. The parts joined are the text."""


class Shared:
    """Parts, each kept once, and texts as runs of them: later contexts hold most of earlier ones."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.texts: list[list[int]] = []
        self._places: dict[str, int] = {}
        self._known: dict[tuple[str, ...], int] = {}

    def text(self, text: str) -> int:
        """Keep a text; its number."""
        return self.add(part for part in _ENDS.split(text) if part)

    def add(self, parts: Iterable[str]) -> int:
        """Keep what consists of these parts; its number. What is equal is kept once."""
        whole = tuple(parts)
        if whole not in self._known:
            self._known[whole] = len(self.texts)
            self.texts.append(self._ranges([self._place(part) for part in whole]))
        return self._known[whole]

    def _place(self, part: str) -> int:
        if part not in self._places:
            self._places[part] = len(self.parts)
            self.parts.append(part)
        return self._places[part]

    @staticmethod
    def _ranges(places: list[int]) -> list[int]:
        """Places as pairs: where a range of them begins, and how long it is."""
        ranges: list[int] = []
        for place in places:
            if ranges and ranges[-2] + ranges[-1] == place:
                ranges[-1] += 1
            else:
                ranges += [place, 1]
        return ranges
