"""Texts of a page by number: what is said often is kept once."""

from __future__ import annotations

from agentmem.fence import clean


class Texts:
    """Texts by number, each once; what is not seen but obeyed is taken out of them.

    Attributes:
        all: The texts, in the order of their numbers.
    """

    def __init__(self) -> None:
        self.all: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """The number of a text."""
        text = clean(text)
        if text not in self._places:
            self._places[text] = len(self.all)
            self.all.append(text)
        return self._places[text]
