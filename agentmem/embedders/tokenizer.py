"""The word pieces of all-MiniLM-L6-v2: exact counts and parts, without loading a runtime."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agentmem.embedders.parts import overlapping_parts
from agentmem.embedders.weights import find_weights
from agentmem.errors import InvalidInput

if TYPE_CHECKING:
    from tokenizers import Encoding
    from tokenizers import Tokenizer as RawTokenizer

WINDOW = 256
"""Tokens the model sees, [CLS] and [SEP] included (`max_seq_length` of the published model)."""

SPECIAL = 2
"""Tokens of the window that are taken by [CLS] and [SEP]."""

OVERLAP = 32
"""Tokens that neighbouring parts share: about a sentence, so that none is seen only in halves."""


class WordPieces:
    """Counts and splits as the model does. Safe for several threads; needs `tokenizers` alone."""

    def __init__(self, raw: RawTokenizer) -> None:
        self.raw = raw

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` is, [CLS] and [SEP] not counted."""
        return len(self.raw.encode(text, add_special_tokens=False))

    def parts(self, text: str) -> list[str]:
        """Split `text` into parts that fit the window, cut between words; `[]` without a token."""
        encoding = self.raw.encode(text, add_special_tokens=False)
        if len(encoding) <= WINDOW - SPECIAL:
            return [text] if len(encoding) else []
        starts, costs = _words(encoding)
        return overlapping_parts(text, starts, costs, WINDOW - SPECIAL, OVERLAP)

    def encode(self, text: str) -> list[int]:
        """The ids the model gets for one part, [CLS] and [SEP] included.

        Raises:
            InvalidInput: `text` has no token, or more than the window holds.
        """
        ids: list[int] = self.raw.encode(text).ids
        if not SPECIAL < len(ids) <= WINDOW:
            raise InvalidInput(
                f"a text of {len(ids) - SPECIAL} tokens cannot be embedded "
                f"(1 to {WINDOW - SPECIAL} can): {text[:40]!r}",
                "embed what parts(text) gives",
            )
        return ids


@cache
def load_tokenizer() -> WordPieces:
    """Load the tokenizer, truncation and padding off. Takes some 60 ms, once a process.

    Raises:
        NotFound: the package with the weights is not installed.
        Damaged: its tokenizer file is not the published one.
    """
    from tokenizers import Tokenizer

    raw = Tokenizer.from_file(str(find_weights().checked_tokenizer()))
    raw.no_truncation()
    raw.no_padding()
    return WordPieces(raw)


def _words(encoding: Encoding) -> tuple[list[int], list[int]]:
    """Where each word begins in the text, and how many tokens it is.

    A cut between words gives the same tokens on both sides; one inside a word would not. A word is
    at most 100 tokens (a longer one is [UNK]), so it always fits.
    """
    starts: list[int] = []
    costs: list[int] = []
    previous: int | None = None
    for word, (begin, _) in zip(encoding.word_ids, encoding.offsets, strict=True):
        if word is None or word != previous:
            starts.append(begin)
            costs.append(0)
        costs[-1] += 1
        previous = word
    return starts, costs
