"""Items of a session of the Agents SDK as events of the journal, and back, verbatim."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentmem.agents.remembering import keepable
from agentmem.errors import InvalidInput
from agentmem.records import Event, Trust, clean_json
from openai_agentmem.openai_responses import INSTRUCTING, said_of
from openai_agentmem.said import TRUST, actor, content, kind

ITEM = "item"
"""Under which name an event's data hold the item."""
SILENT = " "
"""The text of an item that says nothing: it is not indexed, where none at all would be found by its data."""
AS_TEXT = "item_json"
"""Under which name they hold it as JSON in ASCII, where no database can keep what it says."""


def event_of(item: Any, session: str) -> Event:
    """The event that keeps an item.

    Raises:
        TypeError: it is not JSON.
    """
    text = json.dumps(item)
    kept = json.loads(text)
    data: dict[str, Any] = {ITEM: kept}
    try:
        clean_json(data)
    except InvalidInput:
        data = {AS_TEXT: text}
    said = said_of(kept) if isinstance(kept, Mapping) else None
    if said is None:
        return Event(session=session, data=data, text=keepable(_unsaid(kept)), **_whose(kept))
    return Event(
        session=session,
        data=data,
        text=keepable(said.readable) or SILENT,
        type=kind(said),
        actor=actor(said),
        trust=TRUST[said.role],
    )


def item_of(event: Event) -> tuple[Any] | None:
    """The item that an event keeps, as a tuple of one; none: it keeps none."""
    if ITEM in event.data:
        return (event.data[ITEM],)
    try:
        return (json.loads(str(event.data[AS_TEXT])),)
    except (KeyError, ValueError):
        return None


def _unsaid(item: Any) -> str:
    """What people read of an item that nobody says to anybody: an instruction, a summary, or nothing."""
    given = item if isinstance(item, Mapping) else {}
    for name in ("content", "summary"):
        held = given.get(name)
        if isinstance(held, str | list) and (text := content([held] if isinstance(held, str) else held)[0]):
            return text
    return SILENT


def _whose(item: Any) -> dict[str, Any]:
    """Instructions are the application's, so trusted as the user is; all else is the agent's."""
    role = str(item.get("role", "")) if isinstance(item, Mapping) else ""
    if role in INSTRUCTING:
        return {"type": "note", "actor": role}
    return {"type": "note", "actor": "agent", "trust": Trust.AGENT}
