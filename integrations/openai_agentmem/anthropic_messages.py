"""The messages interface of Anthropic: what its messages say, and where recalled text stands in a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openai_agentmem.said import Call, Said, arguments, content, plain

CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")


def read(request: Mapping[str, Any]) -> list[Said]:
    """What the messages of a request say, in order."""
    given = plain(request.get("messages"))
    return [said for message in given or () if isinstance(message, Mapping) for said in _said(message)]


def _said(message: Mapping[str, Any]) -> Iterator[Said]:
    given = message.get("content")
    blocks = [{"type": "text", "text": given}] if isinstance(given, str) else list(given or ())
    if message.get("role") == "assistant":
        yield from _of_agent(blocks)
        return
    answers = [block for block in blocks if block.get("type") == "tool_result"]
    for block in answers:
        text, parts = content(block.get("content"))
        yield Said("tool", text, answers=str(block.get("tool_use_id") or ""), parts=parts)
    text, parts = content([block for block in blocks if block.get("type") != "tool_result"])
    if text and message.get("role") == "user":
        yield Said("user", text, parts=parts)


def _of_agent(blocks: Sequence[Mapping[str, Any]]) -> Iterator[Said]:
    calls = tuple(
        Call(str(block.get("name") or ""), arguments(block.get("input")), str(block.get("id") or ""))
        for block in blocks
        if block.get("type") in CALLS
    )
    text, parts = content([block for block in blocks if block.get("type") == "text"], joint="")
    if text or calls:
        yield Said("assistant", text, calls=calls, parts=parts)


def placed(request: Mapping[str, Any], stable: str, recalled: str) -> dict[str, Any]:
    """The request with memory in it: stable text in the system prompt, recalled text at the end.

    There it is a text block after the user's last words, as no system message may stand among messages.
    """
    made = dict(request)
    if stable:
        made["system"] = _with_stable(made.get("system"), stable)
    if recalled:
        messages = list(made["messages"])
        places = [n for n, one in enumerate(messages) if plain(one).get("role") == "user"]
        last = messages[places[-1]]
        own = last["content"] if isinstance(last, Mapping) else last.content
        blocks = [{"type": "text", "text": own}] if isinstance(own, str) else list(own)
        messages[places[-1]] = {**dict(last), "content": [*blocks, {"type": "text", "text": recalled}]}
        made["messages"] = messages
    return made


def _with_stable(own: Any, stable: str) -> Any:
    if isinstance(own, str) and own:
        return f"{own}\n\n{stable}"
    if isinstance(own, list | tuple) and own:
        return [*own, {"type": "text", "text": stable}]
    return stable


def answer(message: Any) -> list[Said]:
    """What an answer says."""
    return list(_of_agent(plain(getattr(message, "content", None) or [])))


class Gathered:
    """The answer of a stream, from its events."""

    def __init__(self) -> None:
        self.id = ""
        self.finished = False
        self._blocks: dict[int, dict[str, Any]] = {}

    def add(self, event: Any) -> None:
        """Take one event."""
        kind = str(getattr(event, "type", ""))
        if kind == "content_block_start":
            self._blocks[event.index] = plain(event.content_block)
            if self._blocks[event.index].get("type") in CALLS:
                self._blocks[event.index]["input"] = ""
        elif kind == "content_block_delta":
            block, delta = self._blocks[event.index], event.delta
            if delta.type == "text_delta":
                block["text"] += delta.text
            elif delta.type == "input_json_delta":
                block["input"] += delta.partial_json
        elif kind == "message_delta":
            self.finished = self.finished or bool(event.delta.stop_reason)

    def answer(self) -> list[Said]:
        """What came."""
        return list(_of_agent([self._blocks[index] for index in sorted(self._blocks)]))
