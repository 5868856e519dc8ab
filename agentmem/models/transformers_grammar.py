"""Holds a local model to a JSON schema: which tokens may come next, by llguidance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from llguidance import LLMatcher, LLTokenizer
    from transformers import PreTrainedTokenizerBase


class Grammar:
    """Follows one answer.

    Args:
        matcher: At the beginning of the answer.
    """

    def __init__(self, matcher: LLMatcher) -> None:
        self._matcher = matcher
        self._taken = 0

    def take(self, tokens: Sequence[int]) -> bool:
        """Follow the answer `tokens`, longer than before or the same; whether it is complete."""
        self._matcher.consume_tokens(list(tokens[self._taken :]))
        self._taken = len(tokens)
        return bool(self._matcher.is_stopped())

    def allowed(self, size: int) -> NDArray[np.bool_]:
        """Which of `size` tokens may come next, shape (size,)."""
        bits = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        found = np.unpackbits(bits, bitorder="little")[:size].astype(np.bool_)
        return np.pad(found, (0, size - len(found)))


class Grammars:
    """Makes grammars for a tokenizer; none where the package is missing or cannot read the tokenizer.

    Args:
        tokenizer: Of the model.
        ends: Tokens after which an answer is over.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, ends: Sequence[int]) -> None:
        self._tokenizer = _read(tokenizer, ends)

    def of(self, schema: dict[str, Any]) -> Grammar | None:
        """The grammar of a JSON schema; none where it says what the package does not know."""
        if self._tokenizer is None:
            return None
        from llguidance import LLMatcher

        grammar = LLMatcher.grammar_from_json_schema(schema, overrides={"whitespace_flexible": False})
        if LLMatcher.validate_grammar(grammar, self._tokenizer):
            return None
        return Grammar(LLMatcher(self._tokenizer, grammar, log_level=0))


def _read(tokenizer: PreTrainedTokenizerBase, ends: Sequence[int]) -> LLTokenizer | None:
    try:
        from llguidance.hf import from_tokenizer
    except ImportError:
        return None
    try:
        return from_tokenizer(tokenizer, eos_token=list(ends) or None)
    except ValueError:  # a tokenizer of another kind
        return None
