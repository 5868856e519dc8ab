"""A server of chat completions that misbehaves as it is told, by the name of the model that is asked for."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from agentmem.config import Settings
from agentmem.models import Cancellation
from agentmem.models.openai_chat import OpenAIChat


class Faults(ThreadingHTTPServer):
    """Answers on loopback.

    A model is named by what happens, one thing a request, the last one from then on: `500,429,ok`.

    Attributes:
        seen: Bodies of requests, in order.
        keys: Their Authorization headers.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.asked: Counter[str] = Counter()
        self.over = threading.Event()
        self.came = threading.Event()
        self.texts = ["hello"]
        """What is answered, one after the other, the last one from then on."""

    @property
    def url(self) -> str:
        """For `model_url`."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def ends(self, cancel: Cancellation) -> None:
        """Cancel a call that is about to be made, once it is here."""
        threading.Thread(target=lambda: self.came.wait(30) and cancel.cancel(), daemon=True).start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what some tests want."""


@contextmanager
def faults() -> Iterator[Faults]:
    """A server that runs."""
    server = Faults()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Faults
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(body)
        self.server.came.set()
        self.server.keys.append(self.headers.get("Authorization", ""))
        steps = body["model"].split(",")
        step = steps[min(self.server.asked[body["model"]], len(steps) - 1)]
        self.server.asked[body["model"]] += 1
        getattr(self, f"_{step}" if not step.isdecimal() else "_status")(step, body)

    def _status(self, step: str, _: dict[str, Any]) -> None:
        told = json.dumps(
            {"error": {"message": f"it is {step}; key {self.headers.get('Authorization')}"}}
        ).encode()
        self.send_response(int(step))
        if step == "429":
            self.send_header("Retry-After", "0")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def _begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def _say(self, piece: str, **further: Any) -> None:
        chunk = {
            "id": "c",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None, **further}],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def _ok(self, _: str, body: dict[str, Any]) -> None:
        self._begin()
        place = min(len(self.server.seen) - 1, len(self.server.texts) - 1)
        text = self.server.texts[place]
        for start in range(0, len(text), 5):
            self._say(text[start : start + 5])
        self._say("", finish_reason="stop")
        usage = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
        last = {
            "id": "c",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "m",
            "choices": [],
            "usage": usage,
        }
        self.wfile.write(f"data: {json.dumps(last)}\n\ndata: [DONE]\n\n".encode())
        self.close_connection = True

    def _hang(self, *_: Any) -> None:
        self.server.over.wait(30)

    def _slow(self, *_: Any) -> None:
        """A piece every 20 ms, without end."""
        self._begin()
        while not self.server.over.wait(0.02):
            self._say("and ")

    def _cut(self, *_: Any) -> None:
        self._begin()
        self._say("half of")
        self.close_connection = True

    def _rubbish(self, *_: Any) -> None:
        self._begin()
        self.wfile.write(b"data: {no json\n\n")
        self.close_connection = True

    def _html(self, *_: Any) -> None:
        told = b"<html>welcome</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    with faults() as running:
        yield running


@pytest.fixture
def ask(server: Faults):
    """A model of the server, by what happens; with settings."""

    def make(model: str, **settings: object) -> OpenAIChat:
        usual = {"model_url": server.url, "network": True, "model_timeout": 10.0, "model_retries": 2}
        return OpenAIChat(model, Settings(**{**usual, **settings}))

    return make
