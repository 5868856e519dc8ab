"""What was said in a session, as a coding assistant writes it down: JSON lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from agentmem.agents.remembering import chained, event_id
from agentmem.records import Event, Trust

LARGEST = 64_000_000
"""Bytes that are read, the last ones: more would take longer than a hook may."""
NOT_SAID = ("<command-", "<local-command-", "<system-reminder>", "<ide_", "<user-prompt-submit-hook>")
"""How texts begin that an assistant puts among those of the user."""
TRUST = {"user": Trust.USER, "assistant": Trust.AGENT}


@dataclass(frozen=True)
class Said:
    """One text of a transcript.

    Attributes:
        role: `user` or `assistant`.
        text: What was said, without space around it.
        name: What the transcript calls it; empty where it has no name.
        time: When; none where that is not said.
    """

    role: str
    text: str
    name: str
    time: datetime | None


def read(path: Path) -> list[Said]:
    """What the user and the assistant said, in order; what they did with tools is left out."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LARGEST))
        return [said for line in file for said in _said(line)]


def _said(line: bytes) -> Iterator[Said]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):  # not written to its end yet, or cut by where we began to read
        return
    if not isinstance(entry, dict) or entry.get("isMeta") or entry.get("isSidechain"):
        return
    message = entry.get("message")
    role = entry.get("type")
    if role not in TRUST or not isinstance(message, dict) or entry.get("isCompactSummary"):
        return
    for number, text in enumerate(_texts(message.get("content"))):
        if text and not text.startswith(NOT_SAID):
            name = entry.get("uuid")
            part = f"/{number}" if number else ""
            yield Said(role, text, f"{name}{part}" if isinstance(name, str) and name else "", _time(entry))


def _texts(content: Any) -> list[str]:
    blocks = [content] if isinstance(content, str) else content if isinstance(content, list) else []
    texts = [block.get("text") if isinstance(block, dict) else block for block in blocks]
    return [text.strip() for text in texts if isinstance(text, str)]


def _time(entry: dict[str, Any]) -> datetime | None:
    try:
        time = datetime.fromisoformat(entry["timestamp"])
    except (KeyError, TypeError, ValueError):
        return None
    return time if time.tzinfo else None


def events(session: str, said: Iterable[Said]) -> list[Event]:
    """What was said as events, each with an id that it has whenever it is read again."""
    every = list(said)
    ids = chained(session, [f"{one.role}\n{one.text}" for one in every])
    seen: Counter[str] = Counter()
    made = []
    for one, chain in zip(every, ids, strict=True):
        if one.role == "user":
            id = prompt_id(session, one.text, seen[one.text])
            seen[one.text] += 1
        else:
            id = event_id(session, one.name) if one.name else chain
        made.append(event(session, one, id))
    return made


def event(session: str, said: Said, id: str) -> Event:
    """One text as an event."""
    return Event(
        id=id, actor=said.role, trust=TRUST[said.role], session=session, text=said.text, time=said.time
    )


def prompt_id(session: str, text: str, before: int) -> str:
    """The id of a prompt that the session had `before` times.

    A hook is given a prompt before the transcript names it, so what names it is what it says.
    """
    return event_id(
        session, f"prompt/{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}/{before}"
    )
