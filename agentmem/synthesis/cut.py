"""Cutting a text to what fits, at a word."""

from __future__ import annotations

from collections.abc import Callable

ELLIPSIS = " \u2026"
"""The mark at the end of a text that was cut."""

WORD_CHARS = 40
"""Characters; a longer run without a space is no word (a line of code, Chinese) and is cut within."""


def cut(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning of `text` that `fits` with an ellipsis; empty if none does.

    `fits` is asked some dozen times, and never about much more than what fits, so a text of any
    length costs little.
    """
    low, high = 0, 1
    while high < len(text) and fits(text[:high] + ELLIPSIS):
        low, high = high, 2 * high
    high = min(high, len(text))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(text[:middle] + ELLIPSIS) else (low, middle)
    begun = text[:low]
    if not text[low : low + 1].isspace():
        words = begun.rsplit(maxsplit=1)
        if len(words) > 1 and len(words[-1]) <= WORD_CHARS:
            begun = words[0]
    return begun.rstrip() + ELLIPSIS if begun.strip() else ""
