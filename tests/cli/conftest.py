"""The command line as tests call it: in this process by a runner, or as a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agentmem import Bank
from agentmem.cli.ingesting import ingest
from agentmem.cli.main import app
from agentmem.embedders import HashingEmbedder
from agentmem.formats import parse_conversations

TURNS = (
    {"id": "t1", "session": "s1", "time": "2025-01-10T10:00:00Z", "actor": "Maya", "text": "I live in York."},
    {
        "id": "t2",
        "session": "s1",
        "time": "2025-01-10T10:01:00Z",
        "actor": "Leo",
        "text": "The kettle is red.",
    },
    {
        "id": "t3",
        "session": "s2",
        "time": "2025-03-05T10:00:00Z",
        "actor": "Maya",
        "text": "I live in Porto, since Saturday the 1st, in a flat with a balcony.",
        "corrects": {"id": "t1", "why": "she moved", "since": "2025-03-01"},
    },
)


@pytest.fixture(autouse=True)
def alone(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test in a folder of its own, with the embedder that loads nothing."""
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")


@pytest.fixture
def run():
    """Call a command in this process."""
    runner = CliRunner()

    def call(*args: str, input: str | bytes | None = None):
        return runner.invoke(app, list(args), input=input)

    return call


@pytest.fixture
def answer(run):
    """Call a command with --json, and take its answer."""

    def call(*args: str, code: int = 0, input: str | None = None) -> dict:
        result = run(*args, "--json", input=input)
        assert result.exit_code == code, result.output
        assert result.stdout.count("\n") == 1
        return json.loads(result.stdout)

    return call


@pytest.fixture
def process() -> Callable[..., subprocess.CompletedProcess]:
    """Call a command in a process of its own."""

    def call(*args: str, env: dict[str, str] | None = None, **options) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "agentmem.cli", *args],
            capture_output=True,
            check=False,
            env={**os.environ, **(env or {})},
            **({"stdin": subprocess.DEVNULL} | options if "input" not in options else options),
        )

    return call


@pytest.fixture
def chat(tmp_path: Path) -> str:
    """A short chat in which one turn corrects another."""
    file = tmp_path / "chat.jsonl"
    file.write_text("".join(json.dumps(turn) + "\n" for turn in TURNS), encoding="utf-8")
    return str(file)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank that holds the chat, made once."""
    path = tmp_path_factory.mktemp("made") / "agentmem.db"
    with Bank(path, embedder=HashingEmbedder()) as bank:
        conversation = parse_conversations("\n".join(map(json.dumps, TURNS)))[0]
        ingest(bank, ("default",), conversation, as_recorded=True)
    return path


@pytest.fixture
def bank(made: Path, chat: str) -> str:
    """A bank, in the current folder, that holds the chat."""
    shutil.copy(made, "agentmem.db")
    return "agentmem.db"
