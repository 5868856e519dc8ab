"""What is indexed of a version, as text: what caches, embedders and checks read of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from agentmem.db.tables import event as events
from agentmem.db.tables import field
from agentmem.db.tables import record as records

_OWN = func.coalesce(records.c.text, events.c.text, "")
_SPOKEN = case((records.c.actor == "", _OWN), else_=records.c.actor + ": " + _OWN)
_TEXT = func.coalesce(field.c.text, _SPOKEN)
"""A null text is what `agentmem.records.spoken` gives; a null text of a record is that of its event."""


def selection(*columns: ColumnElement[Any]) -> Select[Any]:
    """`columns` of every field of every version, and behind them the indexed text."""
    return (
        select(*columns, _TEXT.label("indexed"))
        .select_from(field)
        .join(records, records.c.row == field.c.row)
        .outerjoin(events, events.c.seq == records.c.event_seq)
    )
