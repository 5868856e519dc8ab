"""The tagger for English: the small pipeline, without what the rules do not read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from agentmem.stores.english import pipeline

LEFT_OUT = ("ner", "senter", "parser", "lemmatizer")


@cache
def tagger() -> Callable[[str], Any]:
    """The pipeline: a text in, a spaCy document with tags out. Loading it takes seconds, once.

    Raises:
        NotFound: its package is not installed.
        Damaged: its files are not those that were read when it was chosen.
    """
    made: Callable[[str], Any] = pipeline(LEFT_OUT)
    return made
