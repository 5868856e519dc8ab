"""The wire format of chat completions, as OpenAI defined it and all servers speak it."""

from __future__ import annotations

from typing import Any

from agentmem.models.base import Answer, Request, Unfinished, Usage


def body_of(request: Request) -> dict[str, Any]:
    """The body of a request, without model and streaming."""
    body: dict[str, Any] = {
        "messages": [message.model_dump() for message in request.messages],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "stream_options": {"include_usage": True},
    }
    if request.stop:
        body["stop"] = list(request.stop)
    if request.json_schema is not None:
        named = {"name": "answer", "schema": request.json_schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    return body


class BrokenOff(Unfinished):
    """An answer that ended in the middle.

    Args:
        whose: Who gave it.
    """

    def __init__(self, whose: str) -> None:
        super().__init__(
            f"the answer of {whose} broke off in the middle", "try again; check the server's log"
        )


class Gathered:
    """An answer that comes in chunks."""

    def __init__(self) -> None:
        self.error: dict[str, Any] | None = None
        self._pieces: list[str] = []
        self._finish: str | None = None
        self._usage: dict[str, Any] = {}

    def add(self, chunk: dict[str, Any]) -> None:
        """Take the next chunk."""
        if chunk.get("error"):
            self.error = chunk["error"]
            return
        self._usage = chunk.get("usage") or self._usage
        for choice in chunk.get("choices") or ():
            self._pieces.append((choice.get("delta") or {}).get("content") or "")
            self._finish = choice.get("finish_reason") or self._finish

    def answer(self, whose: str) -> Answer:
        """The answer.

        Raises:
            BrokenOff: it did not come to its end.
        """
        if self._finish is None:
            raise BrokenOff(whose)
        usage = Usage(
            prompt_tokens=self._usage.get("prompt_tokens", 0),
            completion_tokens=self._usage.get("completion_tokens", 0),
        )
        finish = "length" if self._finish == "length" else "stop"
        return Answer(text="".join(self._pieces), finish=finish, usage=usage)
