"""The kinds of fields that requests have, each with its limits."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from agentmem.records import clean_text, utc

LONGEST_NAME = 500
LONGEST_QUESTION = 4_000
LONGEST_FILTER = 2_000
"""Characters."""
MOST_NAMED = 100
"""Ids, steps or states in one request."""
MOST_EVENTS = 1_000
MOST_HITS = 1_000
LONGEST_PAGE = 500
LARGEST_BUDGET = 100_000
"""Tokens."""
DIGITS = 15
"""Of a number in the query of a URL."""
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}")


def _digits(given: Any) -> Any:
    """A number as a URL says it: digits, and nothing that only Python takes for some."""
    if isinstance(given, str) and not (given.isascii() and given.isdigit() and len(given) <= DIGITS):
        return None
    return given


def _written(given: Any) -> Any:
    """A time as RFC 3339 writes it, and no number that might be one."""
    if not isinstance(given, str):
        return given
    if not _TIME.match(given):
        raise ValueError("write a time as 2025-03-01T14:05:00Z")
    return datetime.fromisoformat(given.upper())


Name = Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(clean_text)]
Id = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(clean_text)]
Ids = Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_NAMED)]
SomeIds = Annotated[tuple[Id, ...], Field(max_length=MOST_NAMED)]
Question = Annotated[str, Field(max_length=LONGEST_QUESTION), AfterValidator(clean_text)]
Expression = Annotated[str, Field(max_length=LONGEST_FILTER), AfterValidator(clean_text)]
Moment = Annotated[datetime, BeforeValidator(_written), AfterValidator(utc)]
Number = Annotated[int, BeforeValidator(_digits), Field(ge=0)]
Page = Annotated[int, BeforeValidator(_digits), Field(ge=1, le=LONGEST_PAGE)]
