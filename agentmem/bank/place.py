"""Where a bank is, as people write it."""

from __future__ import annotations

import os
from pathlib import Path

from agentmem.db.dialects import dialect_of
from agentmem.errors import InvalidInput


def url_of(database: str | Path) -> str:
    """The URL of a path; of a URL itself.

    Raises:
        InvalidInput: it is empty.
    """
    text = os.fspath(database)
    if "://" in text:
        return text
    if not text:
        raise InvalidInput("the path of the bank is empty", "give one, or AGENTMEM_DB")
    return f"sqlite:///{Path(text).expanduser().absolute()}"


def shown(database: str) -> str:
    """A path or URL as people are told it: without a password.

    Raises:
        InvalidInput: it is no URL.
    """
    return dialect_of(database).named(database) if "://" in database else database
