"""A small server of our own that speaks chat completions, responses and messages, plain and as a stream."""

from __future__ import annotations

import itertools
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route


@dataclass
class Answer:
    """What the server says next.

    Attributes:
        text: Its words.
        calls: Tools that it calls: name and arguments.
        status: Of HTTP.
        torn_after: The connection breaks after so many events of a stream.
        error_after: An error is sent after so many events.
    """

    text: str = ""
    calls: tuple[tuple[str, dict[str, Any]], ...] = ()
    status: int = 200
    torn_after: int | None = None
    error_after: int | None = None


@dataclass
class Server:
    """The server: what it will say, and what it was sent."""

    Answer: ClassVar = Answer

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def will_say(self, *answers: Answer | str) -> None:
        self.answers += [Answer(one) if isinstance(one, str) else one for one in answers]

    async def answer(self, request: Request) -> Response:
        body = await request.json()
        self.requests.append(body)
        self.paths.append(request.url.path)
        said = self.answers.pop(0)
        if said.status != 200:
            error = {"type": "invalid_request_error", "message": "no"}
            return JSONResponse({"type": "error", "error": error}, said.status)
        made = {"completions": chat, "responses": responses, "messages": messages}[
            request.url.path.rsplit("/", 1)[-1]
        ]
        number = len(self.requests)
        if not body.get("stream"):
            return JSONResponse(made(said, number)[0])
        return StreamingResponse(sent(made(said, number)[1], said), media_type="text/event-stream")


async def sent(events: list[tuple[str, Any]], said: Answer) -> AsyncIterator[str]:
    for place, (name, data) in enumerate(events):
        if place == said.torn_after:
            raise ConnectionError("torn")
        if place == said.error_after:
            error = {"type": "error", "error": {"type": "overloaded_error", "message": "too much"}}
            yield f"event: error\ndata: {json.dumps(error)}\n\n"
            return
        head = f"event: {name}\n" if name else ""
        yield f"{head}data: {data if isinstance(data, str) else json.dumps(data)}\n\n"


def words(text: str) -> list[str]:
    return [word + " " for word in text.split(" ")[:-1]] + text.split(" ")[-1:] if text else []


def call_ids(said: Answer, number: int) -> list[tuple[str, str, str]]:
    return [(f"call_{number}_{n}", name, json.dumps(given)) for n, (name, given) in enumerate(said.calls)]


def chat(said: Answer, number: int) -> tuple[Any, list[tuple[str, Any]]]:
    calls = [
        {"id": id, "type": "function", "function": {"name": name, "arguments": given}}
        for id, name, given in call_ids(said, number)
    ]
    message = {"role": "assistant", "content": said.text or None, **({"tool_calls": calls} if calls else {})}
    end = "tool_calls" if calls else "stop"
    head = {"id": f"chat-{number}", "created": 1, "model": "m"}
    whole = {
        **head,
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": end, "logprobs": None}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    deltas: list[Any] = [
        {"role": "assistant", "content": ""},
        *({"content": word} for word in words(said.text)),
    ]
    for n, call in enumerate(calls):
        arguments = call["function"]["arguments"]
        deltas.append(
            {"tool_calls": [{"index": n, **call, "function": {**call["function"], "arguments": ""}}]}
        )
        for part in (arguments[:5], arguments[5:]):
            deltas.append({"tool_calls": [{"index": n, "function": {"arguments": part}}]})
    parts = [(delta, None) for delta in deltas] + [({}, end)]
    chunks = [
        {
            **head,
            "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
        }
        for delta, reason in parts
    ]
    return whole, [*(("", chunk) for chunk in chunks), ("", "[DONE]")]


def responses(said: Answer, number: int) -> tuple[Any, list[tuple[str, Any]]]:
    message = {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [{"type": "output_text", "text": said.text, "annotations": []}],
    }
    calls = [
        {
            "id": f"fc_{id}",
            "type": "function_call",
            "call_id": id,
            "name": name,
            "arguments": given,
            "status": "completed",
        }
        for id, name, given in call_ids(said, number)
    ]
    output = [
        {"id": f"rs_{number}", "type": "reasoning", "summary": []},
        *([message] if said.text else []),
        *calls,
    ]
    head = {
        "id": f"resp_{number}",
        "object": "response",
        "created_at": 1,
        "model": "m",
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    whole = {**head, "status": "completed", "output": output}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**head, "status": "in_progress", "output": []}}
    ]
    for n, item in enumerate(output):
        here = {"output_index": n, "item_id": item["id"]}
        begun = {**item, "content": []} if item is message else item
        events.append({"type": "response.output_item.added", "output_index": n, "item": begun})
        if item is message:
            place = {**here, "content_index": 0}
            part = {"type": "output_text", "text": "", "annotations": []}
            events.append({"type": "response.content_part.added", **place, "part": part})
            for word in words(said.text):
                events.append({"type": "response.output_text.delta", **place, "delta": word, "logprobs": []})
            events.append({"type": "response.output_text.done", **place, "text": said.text, "logprobs": []})
            events.append({"type": "response.content_part.done", **place, "part": message["content"][0]})
        events.append({"type": "response.output_item.done", "output_index": n, "item": item})
    events.append({"type": "response.completed", "response": whole})
    return whole, [(one["type"], {**one, "sequence_number": n}) for n, one in enumerate(events)]


def messages(said: Answer, number: int) -> tuple[Any, list[tuple[str, Any]]]:
    text = [{"type": "text", "text": said.text}] if said.text else []
    uses = [
        {"type": "tool_use", "id": id, "name": name, "input": json.loads(given)}
        for id, name, given in call_ids(said, number)
    ]
    end = "tool_use" if uses else "end_turn"
    head = {"id": f"msg_{number}", "type": "message", "role": "assistant", "model": "m"}
    usage = {"input_tokens": 1, "output_tokens": 1}
    whole = {**head, "content": [*text, *uses], "stop_reason": end, "stop_sequence": None, "usage": usage}
    begun = {**head, "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": begun}]
    for n, block in enumerate([*text, *uses]):
        empty = {**block, "text": ""} if block["type"] == "text" else {**block, "input": {}}
        events.append({"type": "content_block_start", "index": n, "content_block": empty})
        given = json.dumps(block.get("input"))
        deltas = (
            [{"type": "text_delta", "text": word} for word in words(said.text)]
            if block["type"] == "text"
            else [{"type": "input_json_delta", "partial_json": part} for part in ("", given[:5], given[5:])]
        )
        events += [{"type": "content_block_delta", "index": n, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": n})
    ending = {"stop_reason": end, "stop_sequence": None}
    events.append({"type": "message_delta", "delta": ending, "usage": {"output_tokens": 1}})
    events.append({"type": "message_stop"})
    return whole, [(one["type"], one) for one in events]


@pytest.fixture(scope="session")
def running() -> Iterator[Server]:
    said = Server()
    paths = ("/v1/chat/completions", "/v1/responses", "/v1/messages")
    app = Starlette(routes=[Route(path, said.answer, methods=["POST"]) for path in paths])
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        said.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        for _ in itertools.takewhile(lambda _: not server.started, range(1_000)):
            time.sleep(0.01)
        yield said
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def server(running: Server) -> Iterator[Server]:
    """The server, with nothing said yet; what a test let it say is asked for by its end."""
    running.answers.clear()
    running.requests.clear()
    running.paths.clear()
    yield running
    assert not running.answers
