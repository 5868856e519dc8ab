"""The responses interface of OpenAI: what its items say, and where recalled text stands in a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openai_agentmem.said import Call, Role, Said, arguments, content, plain

INSTRUCTING = ("system", "developer")
"""Roles whose words are instructions: they are no memory."""
UNSAID = ("reasoning", "item_reference", "compaction")
"""Items that say nothing to remember, and may be left out when a history is sent again."""


def read(request: Mapping[str, Any]) -> list[Said]:
    """What is new in a request, in order, but for instructions."""
    given = plain(request.get("input"))
    if isinstance(given, str):
        given = [{"role": "user", "content": given}]
    return read_items(given) if isinstance(given, list) else []


def read_items(items: Sequence[Any]) -> list[Said]:
    """What items say; what says nothing is left out."""
    found = (said_of(item) for item in items if isinstance(item, Mapping))
    return [said for said in found if said is not None]


def said_of(item: Mapping[str, Any]) -> Said | None:
    """What one item says; none: an instruction, or nothing to remember."""
    kind = str(item.get("type") or "message")
    call_id = str(item.get("call_id") or item.get("id") or "")
    if kind in UNSAID:
        return None
    if kind == "message" and "role" in item:
        return _message(item)
    if kind.endswith("_output"):
        text, parts = content(_output(item))
        return Said("tool", text, answers=call_id, parts=parts)
    if kind == "function_call":
        made = Call(str(item.get("name") or ""), arguments(item.get("arguments")), call_id)
    elif kind == "custom_tool_call":
        made = Call(str(item.get("name") or ""), arguments({"input": item.get("input")}), call_id)
    elif kind.endswith("_call"):
        made = Call(str(item.get("name") or kind.removesuffix("_call")), arguments(_asked(item)), call_id)
    else:
        return None
    return Said("assistant", "", calls=(made,))


def _message(item: Mapping[str, Any]) -> Said | None:
    role = str(item["role"])
    if role in INSTRUCTING:
        return None
    whose: Role = "assistant" if role == "assistant" else "user"
    text, parts = content(item.get("content"), joint="" if whose == "assistant" else "\n")
    return Said(whose, text, parts=parts) if text else None


def _output(item: Mapping[str, Any]) -> Any:
    output = item.get("output")
    return [output] if isinstance(output, Mapping) else output


def _asked(item: Mapping[str, Any]) -> Any:
    """What a tool of the provider's own was asked to do."""
    return item.get("action") or item.get("queries") or item.get("arguments") or item.get("code")


def placed(request: Mapping[str, Any], stable: str, recalled: str) -> dict[str, Any]:
    """The request with memory in it: stable text in the instructions, recalled text as the last item."""
    made = dict(request)
    if stable:
        own = made.get("instructions")
        made["instructions"] = f"{own}\n\n{stable}" if isinstance(own, str) and own else stable
    if recalled:
        given = made.get("input")
        items = [{"role": "user", "content": given}] if isinstance(given, str) else _list(given)
        made["input"] = [*items, {"role": "developer", "content": recalled}]
    return made


def _list(given: Any) -> list[Any]:
    return list(given) if isinstance(given, list | tuple) else []


def continues(request: Mapping[str, Any]) -> str:
    """The name of the history that the server holds for a request; empty: it is all in the request."""
    conversation = request.get("conversation")
    if isinstance(conversation, Mapping):
        conversation = conversation.get("id")
    if isinstance(conversation, str) and conversation:
        return conversation
    previous = request.get("previous_response_id")
    return previous if isinstance(previous, str) else ""


def held_as(request: Mapping[str, Any], answer_id: str) -> str:
    """The name by which the history up to an answer is continued."""
    conversation = request.get("conversation")
    return continues({"conversation": conversation}) or answer_id


def answer(response: Any) -> list[Said]:
    """What a response says."""
    return read_items(plain(getattr(response, "output", None) or []))


class Gathered:
    """The answer of a stream, from its events."""

    def __init__(self) -> None:
        self.id = ""
        self.finished = False
        self._response: Any = None
        self._done: list[Any] = []
        self._partly: dict[str, str] = {}

    def add(self, event: Any) -> None:
        """Take one event."""
        kind = str(getattr(event, "type", ""))
        response = getattr(event, "response", None)
        self.id = self.id or str(getattr(response, "id", "") or "")
        if kind in ("response.completed", "response.incomplete", "response.failed"):
            self._response = response
            self.finished = kind != "response.failed"
        elif kind == "response.output_item.done":
            self._done.append(plain(event.item))
            self._partly.pop(str(self._done[-1].get("id", "")), None)
        elif kind in ("response.output_text.delta", "response.refusal.delta"):
            self._partly[event.item_id] = self._partly.get(event.item_id, "") + event.delta

    def answer(self) -> list[Said]:
        """What came."""
        if self._response is not None and (whole := answer(self._response)):
            return whole
        return list(self._so_far())

    def _so_far(self) -> Iterator[Said]:
        yield from read_items(self._done)
        yield from (Said("assistant", text.strip()) for text in self._partly.values() if text.strip())
