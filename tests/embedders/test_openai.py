"""The embedder behind a server, against a real server on this machine that also misbehaves."""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.config import Settings
from agentmem.embedders import Embedder, HashingEmbedder, open_embedder
from agentmem.embedders.openai import BYTES_PER_TOKEN, OpenAIEmbedder
from agentmem.errors import InvalidInput, NetworkForbidden, Unavailable

KEY = "sk-secret-key-of-the-test"
MODEL = HashingEmbedder(16)

Fault = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Embeds by hashing, after the faults that the test put in line."""

    faults: ClassVar[list[Fault]] = []
    requests: ClassVar[list[dict[str, Any]]] = []
    released: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.requests.append({"path": self.path, "key": self.headers["authorization"], **body})
        if self.faults:
            self.faults.pop(0)(self)
        else:
            self.answer(rows(MODEL.embed(body["input"]).tolist()))

    def answer(self, body: object, status: int = 200) -> None:
        self.raw(json.dumps(body).encode(), status)

    def raw(self, content: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.send_header("retry-after-ms", "1")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def rows(vectors: list[Any]) -> dict[str, Any]:
    # In reverse, as a server may: the index says which is which.
    data = [{"object": "embedding", "index": at, "embedding": row} for at, row in enumerate(vectors)]
    return {
        "object": "list",
        "model": "m",
        "data": data[::-1],
        "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }


def status(code: int, message: str = "no") -> Fault:
    return lambda handler: handler.answer({"error": {"message": message}}, code)


def hang(handler: Handler) -> None:
    handler.released.wait(10)


def gives(body: object) -> Fault:
    return lambda handler: handler.answer(body)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    Handler.faults, Handler.requests, Handler.released = [], [], threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Settings(
        embedder="openai:m", embedder_url=f"http://127.0.0.1:{server.server_port}/v1", network=True
    )
    Handler.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def narrow() -> OpenAIEmbedder:
    return OpenAIEmbedder("m", Settings(embedder_url="http://127.0.0.1:9/v1"), window=80)


def test_embeds_in_order_and_in_batches(settings: Settings) -> None:
    embedder = open_embedder(settings)
    assert isinstance(embedder, Embedder)
    texts = [f"text number {number}" for number in range(150)]
    assert np.allclose(embedder.embed(texts), MODEL.embed(texts), atol=1e-6)
    assert (embedder.name, embedder.dimensions) == ("m", 16)
    asked = [request for request in Handler.requests if request["input"] != ["dimensions"]]
    assert [len(request["input"]) for request in asked] == [64, 64, 22]
    assert asked[0]["path"] == "/v1/embeddings"
    assert asked[0]["key"] == f"Bearer {KEY}"
    assert embedder.embed([]).shape == (0, 16)


@pytest.mark.parametrize("faults", [[status(429)], [status(500), status(503)]])
def test_a_server_that_recovers_is_asked_again(settings: Settings, faults: list[Fault]) -> None:
    embedder = OpenAIEmbedder("m", settings)
    Handler.faults = faults
    assert np.allclose(embedder.embed(["hello"]), MODEL.embed(["hello"]), atol=1e-6)


@pytest.mark.parametrize(
    "fault",
    [
        status(500, f"broken, and here is your key {KEY}"),
        status(401, f"Incorrect API key provided: {KEY}"),
        status(404, "no such model"),
        hang,
        lambda handler: handler.raw(b'{"data": [{"emb'),
        lambda handler: handler.raw(b"<html>a proxy's page</html>"),
        gives({"hello": "world"}),
        gives([]),
        gives(rows([[1.0, 2.0], [1.0]])),
        gives(rows([[1.0], [1.0]])),
        gives(rows([["a", "b"]])),
        gives(rows([[0.0, 0.0]])),
        gives(rows([[float("nan"), 1.0]])),
        gives(rows([1.0])),
    ],
)
def test_a_failure_is_one_clear_error_without_the_key(
    settings: Settings, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    embedder = OpenAIEmbedder("m", settings, timeout=0.2, retries=0)
    Handler.faults = [fault]
    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable, match="openai:m at http") as caught:
        embedder.embed(["hello"])
    assert caught.value.remedy
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in caplog.text


def test_vectors_of_another_length_are_refused(settings: Settings) -> None:
    embedder = OpenAIEmbedder("m", settings)
    assert embedder.dimensions == 16
    Handler.faults = [gives(rows([[1.0, 2.0, 3.0]]))]
    with pytest.raises(Unavailable, match="3 numbers instead of 16"):
        embedder.embed(["hello"])


def test_no_call_passes_the_shut_gate(settings: Settings) -> None:
    embedder = open_embedder(settings.model_copy(update={"network": False}))
    with pytest.raises(NetworkForbidden):
        embedder.embed(["hello"])
    with pytest.raises(NetworkForbidden):
        _ = embedder.dimensions
    assert Handler.requests == []


def test_a_server_that_is_not_there_is_named(settings: Settings) -> None:
    gone = settings.model_copy(update={"embedder_url": "http://127.0.0.1:9/v1"})
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9"):
        OpenAIEmbedder("m", gone, retries=0).embed(["hello"])


def test_a_key_is_needed_only_for_the_vendor_s_own_server(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    OpenAIEmbedder("m", settings).embed(["hello"])
    with pytest.raises(Unavailable, match="OPENAI_API_KEY"):
        OpenAIEmbedder("m", Settings(network=True))


def test_blank_texts_are_refused_before_any_call(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="blank"):
        OpenAIEmbedder("m", settings).embed(["hello", " "])
    assert Handler.requests == []


@hypothesis.settings(deadline=None, max_examples=50)
@given(text=st.text(max_size=400), times=st.integers(1, 20))
def test_parts_are_short_and_lose_no_character(narrow: OpenAIEmbedder, text: str, times: int) -> None:
    text = text * times
    parts = narrow.parts(text)
    assert bool(parts) == bool(text.strip())
    end = 0
    for part in parts:
        assert len("".join(part.split()).encode()) <= 80 * BYTES_PER_TOKEN
        begin = text.rfind(part, 0, end + len(part))
        assert 0 <= begin <= end
        end = max(end, begin + len(part))
    assert end == len(text) or not parts
