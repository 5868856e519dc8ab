"""Logs are below one name, carry fields, and repeat nothing that was said."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agentmem import Event, MemorySpec, Settings
from agentmem.bank import Bank, registry
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.embedders.openai import OpenAIEmbedder
from agentmem.errors import InvalidInput, ModelOutputError, OverBudget, Unavailable
from agentmem.logs import JsonLines, TextLines, fields, in_log, logger
from agentmem.models.base import Answer, Cancellation, ChatModel, Request
from agentmem.records import ChangeSet
from agentmem.stores.base import MemoryStore

ROOT = Path(__file__).parent.parent
SOURCES = [
    file for folder in ("agentmem", "integrations", "benchmarks") for file in (ROOT / folder).rglob("*.py")
]
OPENERS = {"logs.py", "listening.py"}
"""Who may ask `logging` for a logger: ours, and a server that keeps others from adding handlers."""
SECRET = "quince-and-kingfisher"


@pytest.fixture
def lines() -> Iterator[Any]:
    """All that agentmem logs, at every level, as JSON lines."""
    log, written = logging.getLogger("agentmem"), io.StringIO()
    handler, level = logging.StreamHandler(written), log.level
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    log.removeHandler(handler)
    log.setLevel(level)


def raised(error: Exception) -> Exception:
    with contextlib.suppress(Exception):
        raise error
    return error


class Broken(MemoryStore):
    """Whatever it does fails, with the text of the event in its words."""

    name = "broken"

    def interpret(self, events: Any, view: Any) -> list[Event]:
        if "model" in events[0].text:
            self.bank.chat_model(self.namespace, self.name).complete([], schema=Settings)
        raise ValueError(f"cannot read {events[0].text!r}")

    def apply(self, event: Event, view: Any) -> ChangeSet:
        if "apply" in event.text:
            raise KeyError(event.text)
        return ChangeSet()


class Rambling(ChatModel):
    name = "rambling"

    def answer(self, request: Request, cancel: Cancellation) -> Answer:
        return Answer(text=f"I remember {SECRET}")


class Quoting(HashingEmbedder):
    """Breaks at every text, and repeats it."""

    def embed(self, texts: Any) -> Any:
        raise RuntimeError(f"no vector for {texts}")


# How


def test_a_logger_is_below_agentmem():
    assert logger("agentmem.bank.fold").name == "agentmem.bank.fold"
    assert logger("langchain_agentmem.store").name == "agentmem.langchain_agentmem.store"
    assert logger("agentmem_mcp.gate").name == "agentmem.agentmem_mcp.gate"


def test_the_library_adds_no_handler_but_one_that_does_nothing(tmp_path):
    code = (
        "import logging; from agentmem import Bank, Settings; "
        "Bank('sqlite://', settings=Settings(embedder='hashing', slow_recall=0)).store().recall('a'); "
        "print(logging.getLogger('agentmem').handlers, logging.getLogger().handlers)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.stdout.strip() == "[<NullHandler (NOTSET)>] []", done.stderr
    assert done.stderr == ""


def test_all_loggers_are_made_in_one_place():
    asking = {file.name for file in SOURCES if "logging.getLogger" in file.read_text()}
    assert asking == OPENERS


def test_what_is_logged_with_values_carries_them_as_fields_and_no_exception():
    found = 0
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "log"):
                continue
            if node.func.attr in ("debug", "info", "warning", "error", "exception", "critical"):
                found += 1
                names = {keyword.arg for keyword in node.keywords}
                assert node.func.attr != "exception" and "exc_info" not in names, file
                assert len(node.args) == 1 or "extra" in names, f"{file}:{node.lineno}"
    assert found > 20


def test_an_error_is_told_in_its_words_only_where_they_repeat_nothing():
    assert in_log(Unavailable("the server is away", "start it")) == "the server is away (start it)"
    over = OverBudget("10 tokens an hour", "10 tokens", "5 tokens", opens_at=None, remedy="wait")
    assert "10 tokens an hour" in in_log(over)
    assert (
        in_log(PermissionError(13, "Permission denied", "/home/ada/x"))
        == "PermissionError: Permission denied"
    )
    quoting = (
        Unavailable(SECRET, quotes=True),
        InvalidInput(SECRET),
        ModelOutputError("m", SECRET, SECRET),
        ValueError(SECRET),
        OSError(SECRET),
    )
    for error in quoting:
        told = in_log(raised(error))
        assert told.startswith(f"{type(error).__name__} at tests/test_logs.py:") and told.endswith(
            " in raised"
        )
        assert SECRET not in json.dumps(fields(raised(error)))
    assert in_log(ValueError(SECRET)) == "ValueError"


def test_lines_say_what_they_carry_and_no_words_of_an_exception():
    record = logging.LogRecord("agentmem.x", logging.WARNING, __file__, 1, "%s\nof it: %d", ("a", 3), None)
    record.store, record.parts = "episodic", {"embed": 0.5}
    line = JsonLines().format(record)
    told = json.loads(line)
    assert "\n" not in line and told.pop("time").endswith("+00:00")
    assert told == {
        "level": "warning",
        "logger": "agentmem.x",
        "message": "a\nof it: 3",
        "store": "episodic",
        "parts": {"embed": 0.5},
    }
    assert TextLines().format(record) == "warning: a of it: 3"
    error = raised(ValueError(SECRET))
    record.exc_info = (type(error), error, error.__traceback__)
    assert json.loads(JsonLines().format(record))["error"] == "ValueError"
    assert TextLines().format(record).startswith("warning: a of it: 3: ValueError at tests/test_logs.py:")
    assert SECRET not in JsonLines().format(record) + TextLines().format(record)


# Slow recalls


@pytest.mark.parametrize("method", ["recall", "synthesize"])
def test_a_slow_recall_is_one_line_with_its_parts(open_bank: Any, lines: Any, method: str):
    settings = Settings(embedder="hashing", slow_recall=0)
    store = open_bank(settings=settings).store("episodic", ("acme", "ada-lovelace"))
    store.observe(f"The {SECRET} is red.", "The kettle is red.")
    getattr(store, method)(SECRET, k=3)
    (line,) = lines()
    assert line["logger"] == "agentmem.slow" and line["level"] == "warning"
    assert line["operation"] == method and line["store"] == "episodic" and line["k"] == 3
    assert line["query_length"] == len(SECRET) and line["records"] == line["candidates"] == 2
    assert line["built"] == 1 and line["hits"] == 2
    top = {name: spent for name, spent in line["parts"].items() if "." not in name}
    wanted = {"refresh", "embed", "filter", "candidates", "fuse", "load"}
    assert set(top) == wanted | ({"render"} if method == "synthesize" else set())
    assert 0 < sum(top.values()) <= line["seconds"]
    assert f"slow {method}: seconds={line['seconds']:.3f} store=episodic k=3" in line["message"]
    assert SECRET not in json.dumps(line) and "lovelace" not in json.dumps(line)
    getattr(store, method)(SECRET)
    assert lines()[1]["built"] == 0


def test_a_recall_that_is_quick_enough_is_not_logged(open_bank: Any, lines: Any):
    store = open_bank(settings=Settings(embedder="hashing", slow_recall=600)).store()
    store.recall("a")
    open_bank("other.db").store().recall("a")
    assert lines() == []


def test_a_slow_recall_that_fails_is_logged_with_the_kind_of_its_error(open_bank: Any, lines: Any):
    store = open_bank(settings=Settings(embedder="hashing", slow_recall=0)).store()
    with pytest.raises(InvalidInput):
        store.recall("a", steps=(SECRET,))
    (line,) = lines()
    assert line["error"] == "InvalidInput" and SECRET not in json.dumps(line)


def test_records_and_candidates_of_the_members_of_a_composite_add_up(open_bank: Any, lines: Any):
    settings = Settings(embedder="hashing", slow_recall=0)
    bank = open_bank(settings=settings)
    bank.store("episodic", ("shared",)).observe("one", "two")
    spec = MemorySpec(store="composite", options={"shared": ["shared"]})
    store = bank.store(spec, ("own",))
    store.observe("three")
    store.recall("one")
    (line,) = lines()
    assert line["store"] == "composite" and line["records"] == 3 and line["built"] == 2


def test_the_namespace_stands_in_the_line_where_it_was_allowed(open_bank: Any, lines: Any):
    settings = Settings(embedder="hashing", slow_recall=0, telemetry_namespace=True)
    open_bank(settings=settings).store("episodic", ("acme", "ada")).recall("a")
    assert lines()[0]["namespace"] == "acme/ada"


@pytest.mark.parametrize("store", ["layered", "concept", "subgoal", "task", "profile", "full"])
def test_every_store_tells_parts(open_bank: Any, lines: Any, store: str):
    memory = open_bank(settings=Settings(embedder="hashing", slow_recall=0)).store(store)
    memory.observe("I always want short answers.")
    memory.synthesize("answers")
    assert lines()[-1]["store"] == store and lines()[-1]["parts"]


# No secret


def test_nothing_that_was_said_is_in_any_log(open_bank: Any, lines: Any):
    registry.register(Broken)
    key = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    settings = Settings(embedder="hashing", slow_recall=0, screen="keep")
    bank = open_bank(settings=settings, model=Rambling(), embedder=Quoting())
    broken = bank.store(MemorySpec(store="broken"), (SECRET,))
    broken.observe(f"{SECRET} {key}", f"apply {SECRET} {key}", f"model {SECRET} {key}")
    broken.observe(f"later {SECRET}", wait=False)
    assert bank.settle()
    broken.retry()
    store = bank.store("episodic", (SECRET,))
    store.put(SECRET, SECRET)
    store.recall(f"{SECRET} {key}", floor=False)
    store.synthesize(SECRET)
    bank.scan(fix=True)
    bank.in_background(lambda: {}[SECRET])
    assert bank.settle()
    bank.forget((SECRET,), everything=True)
    written = lines()
    loggers = {line["logger"] for line in written}
    wanted = ("bank.derive", "bank.fold", "bank.library", "bank.worker")
    assert {"agentmem.slow", *(f"agentmem.{name}" for name in wanted)} <= loggers
    assert SECRET not in json.dumps(written) and key not in json.dumps(written)


def test_a_password_in_the_url_of_a_server_is_in_no_message():
    url = "http://ada:hunter2hunter2@127.0.0.1:9/v1"
    settings = Settings(embedder_url=url, network=True)
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1") as caught:
        OpenAIEmbedder("m", settings, retries=0).embed(["one"])
    assert "hunter2" not in str(caught.value) and "127.0.0.1" in in_log(caught.value)


def test_what_a_server_answered_is_in_no_log(open_bank: Any, lines: Any):
    class Server(HashingEmbedder):
        def embed(self, texts: Any) -> Any:
            raise Unavailable(f"the server answered: 422 {texts}", quotes=True)

    bank: Bank = open_bank(embedder=Server())
    bank.store().observe(SECRET)
    bank.store().recall(SECRET)
    assert lines() and SECRET not in json.dumps(lines())
    assert np.all([line["error"] == "Unavailable" for line in lines()])
