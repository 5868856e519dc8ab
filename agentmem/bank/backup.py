"""Copies of a bank that is in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agentmem.db import sqlite
from agentmem.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank


def backup(bank: Bank, target: Path) -> Path:
    """Copy `bank` to `target`, which appears whole or not at all.

    Raises:
        Conflict: `target` is there already.
        InvalidInput: the bank is in memory.
        Unavailable: the copy cannot be written.
    """
    if bank.database.path is None:
        raise InvalidInput("a bank in memory has no file to copy", "export it instead")
    if target.exists():
        raise Conflict(f"{target} is there already", "give another path, or move it away")
    sqlite.backup(bank.database.path, target)
    return target
