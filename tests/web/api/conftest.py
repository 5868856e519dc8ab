"""The API in this process, over a bank: for a holder who writes, one who reads, one who reads below, and another."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from agentmem.web.api.serving import app_of
from agentmem.web.limits import Limits
from agentmem.web.tokens import bound

ANN, READER, TEAM, BOB, NEAR = (
    f"{name}-0123456789-0123456789" for name in ("ann", "reader", "team", "bob", "near")
)
TOKENS = bound(
    {ANN: ("acme", "ann"), READER: ("acme", "ann"), TEAM: ("acme",), BOB: ("acme", "bob"), NEAR: ("acm",)},
    reading={READER},
    spanning={TEAM, NEAR},
)
LOOSE = Limits(bytes=10**8, per_minute=10**9, burst=10**9)
HERE = "http://localhost:8766"


@dataclass(frozen=True)
class Holders:
    """Tokens of the namespaces `acme/ann`, of one who only reads it, of `acme`, `acme/bob` and `acm`."""

    ann: str = ANN
    reader: str = READER
    team: str = TEAM
    bob: str = BOB
    near: str = NEAR
    tokens: Any = TOKENS
    loose: Any = LOOSE


@pytest.fixture
def holders() -> Holders:
    return Holders()


@dataclass
class Api:
    """What a client does."""

    client: TestClient

    def get(self, path: str, token: str = ANN, **more: Any) -> httpx.Response:
        return self.client.get(f"/v1{path}", headers={"Authorization": f"Bearer {token}"}, **more)

    def post(self, path: str, token: str = ANN, **body: Any) -> httpx.Response:
        return self.client.post(f"/v1{path}", headers={"Authorization": f"Bearer {token}"}, json=body)

    def keep(self, *texts: str, token: str = ANN, **more: Any) -> list[str]:
        """Observe texts; the ids of their events."""
        answer = self.post("/events", token, events=[{"text": text, **more} for text in texts])
        assert answer.status_code == 200, answer.text
        return [receipt["event_id"] for receipt in answer.json()["receipts"]]


@pytest.fixture
def serve() -> Iterator[Callable[..., Api]]:
    """Serve a bank in this process."""
    opened = []

    def served(bank: Any, *stores: str, limits: Limits = LOOSE, **more: Any) -> Api:
        app = app_of(bank, TOKENS, stores or ("episodic", "profile+episodic"), limits, **more)
        opened.append(TestClient(app, base_url=HERE, raise_server_exceptions=False))
        return Api(opened[-1].__enter__())

    yield served
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def api(serve: Callable[..., Api], bank: Any) -> Api:
    return serve(bank)


@dataclass
class Served:
    """A server of its own: where it is, its process, and what it says."""

    url: str
    process: Any
    said: Path

    def client(self, token: str = ANN) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)


@pytest.fixture
def launch(tmp_path: Path, locate: Any) -> Iterator[Callable[..., Served]]:
    """Start `agentmem serve` on the bank `bank.db` of the test, in a folder of the test."""
    started = []

    def launched(*options: str) -> Served:
        tokens, said = tmp_path / "tokens.json", tmp_path / f"said{len(started)}.txt"
        tokens.write_text(
            json.dumps({ANN: "acme/ann", BOB: "acme/bob", READER: {"namespace": "acme/ann", "write": False}})
        )
        tokens.chmod(0o600)
        own = {name: value for name, value in os.environ.items() if not name.startswith("AGENTMEM_")}
        with said.open("w") as target:
            command = [
                sys.executable,
                "-m",
                "agentmem.cli",
                "serve",
                "--port",
                "0",
                "--tokens",
                "tokens.json",
            ]
            process = subprocess.Popen(
                [*command, "--db", str(locate(tmp_path / "bank.db")), "--per-minute", "1000000", *options],
                cwd=tmp_path,
                env=own | {"AGENTMEM_EMBEDDER": "hashing"},
                stderr=target,
            )
        started.append(process)
        while "http://" not in said.read_text():
            assert process.poll() is None, said.read_text()
            time.sleep(0.02)
        return Served(said.read_text().split()[-1], process, said)

    yield launched
    for process in started:
        process.kill()
        process.wait()
