"""Counting tokens: the protocol, the default counter, and a wrapper for any function."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from agentmem.embedders.tokenizer import load_tokenizer
from agentmem.embedders.weights import NAME

LONGEST_WORD = 100
"""Characters: WordPiece reads a longer word as one unknown token (`max_input_chars_per_word`)."""

CACHED_WORDS = 65_536
"""Words whose tokens are remembered, which makes counting ten times as fast."""

LINE, CACHED_LINES = 200, 8_192
"""Characters of a line whose count is remembered as a whole, and how many are remembered."""

_SPACES = re.compile(r"[ \t\n\r]+")
_OVERLONG = re.compile(rf"[^\s!-/:-@\[-`{{-~]{{{LONGEST_WORD + 1},}}")


class TokenCounter(Protocol):
    """Counts the tokens of a text. `name` says for which tokenizer the count is exact."""

    @property
    def name(self) -> str:
        """The tokenizer's name, as a `Context` states it."""

    def count(self, text: str) -> int:
        """Tokens of `text`, without special tokens."""


class MiniLMTokens:
    """Tokens of all-MiniLM-L6-v2, the default embedder, loaded on the first count.

    Words of over 100 characters are counted in parts of 100. The model reads each as one unknown
    token; a context is read by another model, which pays for every part of them.
    """

    name = NAME

    def count(self, text: str) -> int:
        """Tokens of `text`.

        Raises:
            NotFound: the package that carries the tokenizer is not installed.
            Damaged: the tokenizer is not the published one.
        """
        if len(text) <= LINE:
            return _cached_line(text)
        return sum(_cached_line(line) if len(line) <= LINE else _count(line) for line in text.split("\n"))


@dataclass(frozen=True)
class FunctionTokens:
    """Any function from text to tokens as a counter, for a tokenizer that agentmem does not know.

    Example:
        >>> FunctionTokens("words", lambda text: len(text.split())).count("two words")
        2
    """

    name: str
    function: Callable[[str], int]

    def count(self, text: str) -> int:
        """Tokens of `text`."""
        return self.function(text)


def _in_parts(word: re.Match[str]) -> str:
    text = word.group()
    return " ".join(text[start : start + LONGEST_WORD] for start in range(0, len(text), LONGEST_WORD))


def _count(text: str) -> int:
    return sum(
        _cached(word) if len(word) <= LONGEST_WORD else _tokens(_OVERLONG.sub(_in_parts, word))
        for word in _SPACES.split(text)
    )


@lru_cache(CACHED_LINES)
def _cached_line(text: str) -> int:
    return _count(text)


def _tokens(text: str) -> int:
    return load_tokenizer().count_tokens(text)


@lru_cache(CACHED_WORDS)
def _cached(word: str) -> int:
    """Tokens of a word: no token of this tokenizer reaches over a space, so words can be summed."""
    return _tokens(word)
