"""An export of mem0: what `Memory.get_all()` returns, or its list of memories."""

from __future__ import annotations

from typing import Any

from agentmem.errors import FormatError
from agentmem.formats.conversation import Conversation, Format, Source, Turn, Warnings, grouped, moment, turn
from agentmem.records import Trust

REMEDY = "write what `get_all()` returns as JSON: json.dump(memory.get_all(...), file)"
WHOSE = ("user_id", "agent_id", "run_id")
KNOWN = (
    *WHOSE,
    *("id", "memory", "hash", "metadata", "categories", "created_at", "updated_at", "actor_id", "role"),
    *("score", "owner", "organization", "immutable", "expiration_date", "input", "type", "timestamp"),
)


def _memories(source: Source) -> Any:
    document = source.document
    return document.get("results") if isinstance(document, dict) else document


def recognises(source: Source) -> bool:
    """Whether the file is a list of objects with a `memory`, or holds one under `results`."""
    memories = _memories(source)
    first = memories[0] if isinstance(memories, list) and memories else None
    return isinstance(first, dict) and "memory" in first


def read(source: Source) -> tuple[Conversation, ...]:
    """Read the memories, those of each user (else agent) as a conversation, the oldest first.

    A model drew them from what was said, so they are trusted as an agent's words are.

    Raises:
        FormatError: one is not as exports are; names the key.
    """
    warnings = Warnings()
    turns: list[tuple[str, str, Turn]] = []
    for place, memory in enumerate(_memories(source)):
        where = f"{source.name}, key [{place}]"
        if not isinstance(memory, dict) or not isinstance(memory.get("memory"), str):
            raise FormatError(f"{where}: no memory with a text", REMEDY)
        warnings.unknown(memory, KNOWN, where)
        if not memory["memory"].strip():
            warnings.add("a memory without a text is left out", where)
            continue
        owner = str(memory.get("user_id") or memory.get("agent_id") or "")
        beside = {name: memory[name] for name in ("metadata", "categories") if memory.get(name)}
        said = turn(
            where,
            id=str(memory.get("id") or ""),
            session=str(memory.get("run_id") or ""),
            time=moment(memory.get("updated_at") or memory.get("created_at"), where),
            actor=str(memory.get("actor_id") or ""),
            trust=Trust.AGENT,
            text=memory["memory"],
            data=beside,
        )
        turns.append((owner, where, said))
    if isinstance(source.document, dict) and source.document.get("relations"):
        warnings.add("relations are left out: what they were drawn from stands in the memories", "relations")
    if not turns:
        raise FormatError(f"{source.name}: no memory holds a text", REMEDY)
    return grouped(turns, FORMAT.name, warnings)


FORMAT = Format("mem0 export", recognises, read)
