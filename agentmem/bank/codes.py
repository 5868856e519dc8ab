"""Small numbers for the strings of a shelf, and which of them share a word with a question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

_WORD = re.compile(r"\w+")


BYTES_EACH = 300
"""About what a string, its key and its number take (measured)."""


def words(text: str) -> set[str]:
    """The words of `text`, case-folded."""
    return set(_WORD.findall(text.casefold()))


class Codes:
    """Small numbers for strings, by namespace; the empty one is -1."""

    def __init__(self) -> None:
        self.of: dict[tuple[int, str], int] = {}
        self.names: list[str] = []

    def code(self, namespace: int, name: str) -> int:
        """The number of `name` in a namespace."""
        if not name:
            return -1
        key = (namespace, name)
        if key not in self.of:
            self.of[key] = len(self.names)
            self.names.append(name)
        return self.of[key]

    def all(self, namespaces: Sequence[int], names: Sequence[str]) -> list[int]:
        """The numbers of many names."""
        pairs = list(zip(namespaces, names, strict=True))
        for pair in dict.fromkeys(pairs):  # in this order: codes are the same in every process
            self.code(*pair)
        return [self.of.get(pair, -1) for pair in pairs]

    @property
    def nbytes(self) -> int:
        """Bytes held, as far as Python tells."""
        return BYTES_EACH * len(self.names)

    def keep(self, codes: set[int]) -> None:
        """Forget the strings of all other codes."""
        self.of = {key: code for key, code in self.of.items() if code in codes}
        self.names = [name if code in codes else "" for code, name in enumerate(self.names)]


class Names(Codes):
    """Codes of names, which are found by their words: there may be many more than a question names."""

    def __init__(self) -> None:
        super().__init__()
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)

    def code(self, namespace: int, name: str) -> int:
        """The number of `name` in a namespace."""
        known = len(self.names)
        code = super().code(namespace, name)
        if len(self.names) > known:
            self._note(code)
        return code

    def keep(self, codes: set[int]) -> None:
        """Forget the strings of all other codes."""
        super().keep(codes)
        self._by_word.clear()
        for code in codes:
            if code >= 0:
                self._note(code)

    def _note(self, code: int) -> None:
        for word in words(self.names[code]):
            self._by_word[word].add(code)

    def sharing(self, text: str) -> dict[int, str]:
        """The names that share a word with `text`, by code."""
        found = {code for word in words(text) & self._by_word.keys() for code in self._by_word[word]}
        return {code: self.names[code] for code in sorted(found)}
