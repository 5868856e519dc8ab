"""Messages of LangChain as events: what was said, done and seen, under the same ids whenever it comes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ChatMessage, HumanMessage, ToolCall, ToolMessage

from agentmem.agents.remembering import chained, event_id, keepable
from agentmem.records import Event, Trust

OWN = "agentmem"
"""The key in a tool message's artifact that marks what memory's own tools answered: it is no news."""
MARK = "\ufffd"
"""What stands in the place of a character that no bank keeps."""
DIGEST = 8
"""Hexadecimal digits of what a message says, in its event's id: a message that was edited is another one."""


def event_ids(messages: Sequence[BaseMessage], thread: str | None) -> list[str]:
    """The id of each message's event.

    Args:
        messages: A conversation from its beginning.
        thread: The thread whose checkpoints keep the messages with their ids; none: they come without, and
            are told apart by all that was said before.
    """
    said = [_canonical(message) for message in messages]
    if thread is None or any(message.id is None for message in messages):
        return chained(thread or "", said)
    digests = [sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGEST] for text in said]
    return [
        event_id(thread, f"{message.id}/{digest}") for message, digest in zip(messages, digests, strict=True)
    ]


def shown(messages: Sequence[BaseMessage], thread: str | None, start: int = 0) -> list[str]:
    """The ids of all events of the messages from the place `start` on."""
    ids = event_ids(messages, thread)[start:]
    calls = [len(_calls(message)) for message in messages[start:]]
    return [*ids, *(_action(id, n) for id, count in zip(ids, calls, strict=True) for n in range(count))]


def events_of(messages: Sequence[BaseMessage], thread: str | None, start: int = 0) -> list[Event]:
    """The events of the messages from the place `start` on.

    None is of instructions, nor of what memory itself answered. A tool call is an action; what the tool
    answered is an observation that it caused.
    """
    actions: dict[str, str] = {}
    session = thread or ""
    events: list[Event] = []
    for place, (message, id) in enumerate(zip(messages, event_ids(messages, thread), strict=True)):
        actions |= {str(call["id"]): _action(id, n) for n, call in enumerate(_calls(message))}
        if place < start:
            continue
        if isinstance(message, AIMessage):
            events += _of_agent(message, id, session)
        elif isinstance(message, ToolMessage) and not _is_own(message):
            cause = actions.get(message.tool_call_id)
            events.append(_observation(message, id, session, (cause,) if cause else ()))
        elif isinstance(message, HumanMessage):
            events.append(_said(message, id, session, message.name or "user", Trust.USER))
        elif isinstance(message, ChatMessage):
            events.append(_said(message, id, session, message.name or message.role, Trust.AGENT))
    return events


def _calls(message: BaseMessage) -> Sequence[ToolCall]:
    return message.tool_calls if isinstance(message, AIMessage) else ()


def _action(id: str, n: int) -> str:
    """The id of the event of a message's tool call."""
    return f"{id}/{n}"


def _of_agent(message: AIMessage, id: str, session: str) -> list[Event]:
    actor = marked(message.name or "agent")
    events = []
    if message.text.strip():
        events.append(_said(message, id, session, actor, Trust.AGENT))
    for n, call in enumerate(message.tool_calls):
        args = marked(json.dumps(call["args"], ensure_ascii=False, default=str))
        name = marked(call["name"])
        events.append(
            Event(
                id=_action(id, n),
                type="action",
                actor=actor,
                trust=Trust.AGENT,
                session=session,
                text=f"{name}({args})",
                data={"tool_call": {"name": name, "args": json.loads(args), "id": call["id"]}},
            )
        )
    return events


def _said(message: BaseMessage, id: str, session: str, actor: str, trust: Trust) -> Event:
    return Event(
        id=id,
        actor=marked(actor),
        trust=trust,
        session=session,
        text=marked(message.text),
        data=_beside_text(message),
    )


def _observation(message: ToolMessage, id: str, session: str, causes: tuple[str, ...]) -> Event:
    failed: dict[str, Any] = {"status": "error"} if message.status == "error" else {}
    return Event(
        id=id,
        type="observation",
        actor=marked(message.name or "tool"),
        trust=Trust.TOOL,
        session=session,
        caused_by=causes,
        text=marked(message.text),
        data=failed | _beside_text(message),
    )


def _beside_text(message: BaseMessage) -> dict[str, Any]:
    """What a message holds beside text: the kinds of its other parts, as what they hold is no memory."""
    if isinstance(message.content, str):
        return {}
    kinds = [part.get("type", "") for part in message.content if isinstance(part, Mapping)]
    others = [kind for kind in kinds if kind not in ("text", "tool_use", "tool_call", "function_call")]
    return {"parts": others} if others else {}


def marked(text: str) -> str:
    """`text` as a bank can keep it."""
    return keepable(text, MARK)


def _is_own(message: ToolMessage) -> bool:
    return isinstance(message.artifact, Mapping) and OWN in message.artifact


def _canonical(message: BaseMessage) -> str:
    """What a message says, whoever serialised it since."""
    calls = [[call["name"], call["args"]] for call in _calls(message)]
    said = [message.type, message.name, message.text, calls, getattr(message, "tool_call_id", None)]
    return json.dumps([*said, _beside_text(message)], ensure_ascii=False, sort_keys=True, default=str)
