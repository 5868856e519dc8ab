"""The chat interface of OpenAI: what its messages say, and where recalled text stands in a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openai_agentmem.said import Call, Said, arguments, content, plain

INSTRUCTING = ("system", "developer")
"""Roles whose words are instructions: they are no memory."""


def read(request: Mapping[str, Any]) -> list[Said]:
    """What the messages of a request say, in order, but for instructions."""
    given = plain(request.get("messages"))
    found = [_said(message) for message in given if isinstance(message, Mapping)] if given else []
    return [said for said in found if said is not None]


def _said(message: Mapping[str, Any]) -> Said | None:
    role = str(message.get("role", ""))
    if role in INSTRUCTING:
        return None
    if role in ("tool", "function"):
        text, parts = content(message.get("content"))
        return Said("tool", text, answers=str(message.get("tool_call_id") or ""), parts=parts)
    if role != "assistant":
        text, parts = content(message.get("content"))
        return Said("user", text, parts=parts) if text else None
    text, parts = content(message.get("content") or message.get("refusal"), joint="")
    calls = _calls(message)
    return Said("assistant", text, calls=calls, parts=parts) if text or calls else None


def _calls(message: Mapping[str, Any]) -> tuple[Call, ...]:
    found = [_call(one) for one in message.get("tool_calls") or ()]
    if legacy := message.get("function_call"):
        found.append(Call(str(legacy.get("name") or ""), arguments(legacy.get("arguments"))))
    return tuple(found)


def _call(given: Mapping[str, Any]) -> Call:
    if custom := given.get("custom"):
        return Call(
            str(custom.get("name") or ""), arguments({"input": custom.get("input")}), str(given["id"] or "")
        )
    function = given.get("function") or {}
    return Call(
        str(function.get("name") or ""), arguments(function.get("arguments")), str(given.get("id") or "")
    )


def placed(request: Mapping[str, Any], stable: str, recalled: str) -> dict[str, Any]:
    """The request with memory in it: stable text in the system message, recalled text after the last one.

    An answer that the model is to go on with stays the last message.
    """
    messages = list(request["messages"])
    if stable:
        messages = _with_stable(messages, stable)
    if recalled:
        end = len(messages) - (plain(messages[-1]).get("role") == "assistant")
        messages.insert(end, {"role": "system", "content": recalled})
    return {**request, "messages": messages}


def _with_stable(messages: Sequence[Any], stable: str) -> list[Any]:
    first = plain(messages[0])
    if first.get("role") not in INSTRUCTING:
        return [{"role": "system", "content": stable}, *messages]
    own = first["content"]
    joined = f"{own}\n\n{stable}" if isinstance(own, str) else [*own, {"type": "text", "text": stable}]
    return [{**first, "content": joined}, *messages[1:]]


def answer(completion: Any) -> list[Said]:
    """What a completion says; of several choices the first, as another comes as history where it is taken."""
    choices = getattr(completion, "choices", None)
    return read({"messages": [choices[0].message]}) if choices else []


class Gathered:
    """The answer of a stream, from its chunks."""

    def __init__(self) -> None:
        self.id = ""
        self.finished = False
        self._text: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}

    def add(self, chunk: Any) -> None:
        """Take one chunk."""
        for choice in getattr(chunk, "choices", None) or ():
            if choice.index:
                continue
            self.finished = self.finished or bool(choice.finish_reason)
            delta = choice.delta
            if delta is not None:
                self._text.append(delta.content or getattr(delta, "refusal", None) or "")
                for part in delta.tool_calls or ():
                    self._add_call(part)

    def _add_call(self, part: Any) -> None:
        call = self._calls.setdefault(part.index, {"id": "", "function": {"name": "", "arguments": ""}})
        call["id"] = call["id"] or part.id or ""
        if part.function is not None:
            call["function"]["name"] += part.function.name or ""
            call["function"]["arguments"] += part.function.arguments or ""

    def answer(self) -> list[Said]:
        """What came."""
        calls = [self._calls[index] for index in sorted(self._calls)]
        return read(
            {"messages": [{"role": "assistant", "content": "".join(self._text), "tool_calls": calls}]}
        )
