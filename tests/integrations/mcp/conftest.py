"""Real servers, as clients meet them: a process over stdio, a process over HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

TOKENS = {"first-holder-0123456789": "acme/first", "second-holder-0123456789": "acme/second"}
COMMAND = [sys.executable, "-m", "agentmem.cli", "mcp"]


def environment(**more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AGENTMEM_")}
    return own | {"AGENTMEM_EMBEDDER": "hashing"} | more


@dataclass
class Served:
    """A server over HTTP: where it is, the tokens of its two namespaces, and what it wrote on stderr."""

    url: str
    errors: Path
    first: str = next(iter(TOKENS))
    second: str = list(TOKENS)[1]

    def headers(self, token: str | None = None) -> dict[str, str]:
        accept = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        return accept | {"Authorization": f"Bearer {token or self.first}"}


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Served]]:
    """Start a server over HTTP in a folder of its own."""
    started = []

    def start(*options: str) -> Served:
        folder = tmp_path_factory.mktemp("served")
        tokens = folder / "tokens.json"
        tokens.write_text(json.dumps(TOKENS))
        tokens.chmod(0o600)
        errors = folder / "errors.txt"
        with errors.open("w") as target:
            process = subprocess.Popen(
                [*COMMAND, "--http", "--port", "0", "--tokens", "tokens.json", *options],
                cwd=folder,
                env=environment(),
                stderr=target,
            )
        started.append(process)
        while "http://" not in errors.read_text():
            assert process.poll() is None, errors.read_text()
        return Served(errors.read_text().split()[-1], errors)

    yield start
    for process in started:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    """A server that many tests share: it allows much."""
    return serve("--per-minute", "1000000")


Connect = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture(params=["stdio", "http"])
def connect(request: pytest.FixtureRequest, tmp_path: Path) -> Connect:
    """A client over one of both transports; over HTTP for one of both tokens."""
    if request.param == "stdio":

        @asynccontextmanager
        async def over_stdio(token: str | None = None, mode: str = "auto") -> AsyncIterator[Client]:
            own = list(TOKENS.values())[1 if token == list(TOKENS)[1] else 0]
            parameters = StdioServerParameters(
                command=COMMAND[0],
                args=[*COMMAND[1:], "--db", str(tmp_path / "bank.db"), "--namespace", own],
                env=environment(),
                cwd=tmp_path,
            )
            async with Client(parameters, mode=mode) as client:
                yield client

        return over_stdio

    served: Served = request.getfixturevalue("served")

    @asynccontextmanager
    async def over_http(token: str | None = None, mode: str = "auto") -> AsyncIterator[Client]:
        headers = {"Authorization": f"Bearer {token or served.first}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(served.url, http_client=http), mode=mode) as client,
        ):
            yield client

    return over_http


@pytest.fixture
def tokens() -> list[str]:
    """The tokens of both namespaces."""
    return list(TOKENS)


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start a command of agentmem in a folder of the test, with text on its streams."""
    started = []

    def start(*arguments: str, env: dict[str, str] | None = None) -> subprocess.Popen:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, "-m", "agentmem.cli", *arguments]
        started.append(
            subprocess.Popen(command, cwd=tmp_path, env=environment(**(env or {})), text=True, **pipes)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
