"""What is indexed of a version, as text: what caches, embedders and checks read of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select

from agentmem.db.tables import event as events
from agentmem.db.tables import field
from agentmem.db.tables import record as records
from agentmem.records import spoken


def selection(*columns: ColumnElement[Any]) -> Select[Any]:
    """`columns` of every field of every version, and behind them the four that `text_of` takes."""
    return (
        select(*columns, field.c.text, records.c.actor, records.c.text, events.c.text)
        .select_from(field)
        .join(records, records.c.row == field.c.row)
        .outerjoin(events, events.c.seq == records.c.event_seq)
    )


def text_of(text: str | None, actor: str, own: str | None, said: str | None) -> str:
    """The indexed text; a null one is `Speaker: text` of the record, whose null text is that of its event."""
    return spoken(actor, (own if own is not None else said) or "") if text is None else text
