"""Files that appear whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, TypeVar

from agentmem.errors import Conflict

T = TypeVar("T")


def write_new(target: Path, write: Callable[[IO[str]], T], *, over: bool = False) -> T:
    """Write a file that nobody else reads and that appears whole or not at all.

    Args:
        target: Its path.
        write: Writes its text, and returns what this returns.
        over: Whether a file that is there is replaced.

    Raises:
        Conflict: it is there already.
    """
    if target.exists() and not over:
        raise Conflict(f"{target} is there already", "give another path, or move it away")
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, delete=False) as file:
        try:
            result = write(file)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(target)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    return result
