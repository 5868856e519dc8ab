"""Copies of a bank that is in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agentmem.errors import Conflict

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank


def backup(bank: Bank, target: Path) -> Path:
    """Copy `bank` to `target`, which appears whole or not at all.

    Raises:
        Conflict: `target` is there already.
        InvalidInput: the bank has no file.
        Unavailable: the copy cannot be written.
    """
    if target.exists():
        raise Conflict(f"{target} is there already", "give another path, or move it away")
    bank.database.backup(target)
    return target
