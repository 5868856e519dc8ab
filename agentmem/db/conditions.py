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


def current() -> ColumnElement[bool]:
    """The version that stands now: in these words an index leads to what is due."""
    return table.c.to_seq.is_(None)
