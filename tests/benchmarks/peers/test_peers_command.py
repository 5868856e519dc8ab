"""`agentmem bench peers`: each memory in a process of its own, one result, and clear refusals."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from typer.testing import CliRunner

from agentmem.errors import InvalidInput, NetworkForbidden, Unavailable
from agentmem_bench.commands import app
from agentmem_bench.peers.systems.known import KINDS, NO_MODEL, chosen, missing


def ran(*arguments: object, environment: dict[str, str] | None = None) -> Any:
    return CliRunner().invoke(app, ["peers", *map(str, arguments)], env=environment)


def test_two_memories_on_the_same_questions(dialogues: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    done = ran("--data", dialogues, "--systems", "agentmem, bm25", "--limit", 1, "--json", out)
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["schema"] == "agentmem.bench.peers/1"
    assert told["data"] | {"file": "", "sha256": ""} == {
        **{"file": "", "sha256": "", "limit": 1},
        **{"conversations": 1, "turns": 4, "questions": 2},
    }
    assert list(told["systems"]) == ["agentmem", "bm25"]
    for name, system in told["systems"].items():
        assert system["overall"]["recall@10"] == fmean(told["paired"][f"recall@10 {name}"].values())
        assert system["within_budget"]["evidence"] == 1
        assert system["within_budget"]["tokens_max"] <= 1_000
        assert system["turns"] == {"written": 4, "verbatim": 4, "altered": 0, "lost": 0}
        assert system["model"] == {"calls": 0, "prompt_tokens": 0, "completion_tokens": 0}
        assert system["called_out"] == []
        assert system["bytes"] > 0
        assert set(system["categories"]) == {"2 temporal", "4 single-hop"}
    assert "recall@10 by categories" in done.stdout
    compared = CliRunner().invoke(
        app, ["compare", str(out), str(out), "--a", "recall@10 agentmem", "--b", "recall@10 bm25"]
    )
    assert compared.exit_code == 0, compared.exception


def test_what_is_not_asked_for_by_name_is_left_out_with_the_reason() -> None:
    run, passed = chosen(None, None)
    assert run[:3] == ["agentmem", "bm25", "dense"]
    for name, kind in KINDS.items():
        if error := missing(name):
            assert passed[name] == str(error)
        elif kind.model:
            assert passed[name] == NO_MODEL
        else:
            assert name in run
    assert set(run) | set(passed) == set(KINDS)


def test_what_is_asked_for_and_is_not_installed_is_an_error_that_names_the_command() -> None:
    absent = [name for name in KINDS if missing(name)]
    if not absent:
        pytest.skip("everything is installed")
    with pytest.raises(Unavailable, match=r"not installed \(pip install "):
        chosen(absent[:1], None)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ([], InvalidInput, "no data"),
        (["--systems", "agentmem,moon"], InvalidInput, "no 'moon'"),
        (["--systems", "agentmem", "--k", "0"], InvalidInput, "k is 0"),
        (["--systems", "agentmem", "--model", "llama"], InvalidInput, "'llama' is no server's"),
        (["--systems", "agentmem", "--model", "openai:m"], NetworkForbidden, "the network is off"),
    ],
)
def test_refusals(arguments: list[str], error: type[Exception], says: str, dialogues: Path) -> None:
    done = ran(*(["--data", dialogues] if arguments else []), *arguments)
    assert isinstance(done.exception, error)
    assert says in str(done.exception)


class _Server(BaseHTTPRequestHandler):
    """Says of every turn that it is about bees, by OpenAI's interface."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        said = {"memory": [{"id": "0", "text": "Maya likes bees", "attributed_to": "user"}]}
        message = {"role": "assistant", "content": json.dumps(said)}
        answer = {
            **{"id": "a", "object": "chat.completion", "created": 0, "model": "m"},
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 3, "total_tokens": 13},
        }
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}/v1"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("name", ["mem0", "mem0-model"])
def test_mem0_without_and_with_a_model(name: str, dialogues: Path, tmp_path: Path, server: str) -> None:
    if error := missing(name):
        pytest.skip(str(error))
    out = tmp_path / "out.json"
    arguments = ["--data", dialogues, "--systems", name, "--limit", 1, "--json", out]
    environment = {"AGENTMEM_NETWORK": "true", "AGENTMEM_MODEL_URL": server}
    done = ran(*arguments, "--model", "openai:m", environment=environment)
    assert done.exit_code == 0, done.exception
    told = json.loads(out.read_text(encoding="utf-8"))["systems"][name]
    if name == "mem0":
        assert told["turns"] == {"written": 4, "verbatim": 4, "altered": 0, "lost": 0}
        assert told["model"]["calls"] == 0
    else:
        # The same memory is kept once: of three turns nothing is left.
        assert told["turns"] == {"written": 4, "verbatim": 0, "altered": 1, "lost": 3}
        assert told["model"] == {"calls": 4, "prompt_tokens": 40, "completion_tokens": 12}
    assert told["called_out"] == []
