"""Conditions on record versions that callers combine."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement

from agentmem.db.tables import record as table
from agentmem.db.times import micros
from agentmem.records import State


def due_before(moment: datetime) -> list[ColumnElement[bool]]:
    """Live, and due before `moment`."""
    return [table.c.due_at < micros(moment), table.c.state == State.LIVE.value]


def pinned() -> list[ColumnElement[bool]]:
    """Live, and pinned: in the words of the index of what is."""
    return [table.c.pinned.is_(True), table.c.state == State.LIVE.value]
