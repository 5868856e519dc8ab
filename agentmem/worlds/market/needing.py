"""What is said where a library of the extra `market` is not installed."""

from __future__ import annotations

from agentmem.errors import Unavailable


def needed(library: str, purpose: str) -> Unavailable:
    """The error for a library that is not there.

    Args:
        library: Its name.
        purpose: What it is for, in words: `the built-in prices`.
    """
    return Unavailable(f"{purpose} need {library}, which is not installed", "pip install 'agentmem[market]'")
