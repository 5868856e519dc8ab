"""The JSON answers: every command's keys are the documented ones."""

import pytest

from agentmem.cli.answers import ANSWERS, page
from agentmem.cli.inspecting import commands as inspecting
from agentmem.cli.main import app
from agentmem.cli.reviewing import commands as reviewing
from agentmem.cli.running import commands as running
from agentmem.cli.serving import commands as serving
from agentmem.cli.task import commands as task
from agentmem.cli.tracing import commands as tracing

CALLS = {
    "remember": ["remember", "hello"],
    "recall": ["recall", "Maya"],
    "why": ["recall", "Maya", "--why", "t3"],
    "context": ["context", "Maya"],
    "show": ["show", "t1"],
    "history": ["history", "t1"],
    "correct": ["correct", "t2", "The kettle is blue."],
    "retract": ["retract", "t2"],
    "undo": ["undo", "t1"],
    "forget": ["forget", "t2", "--yes"],
    "scan": ["scan"],
    "ingest": ["ingest", "chat.jsonl"],
    "export": ["export", "--out", "out.jsonl"],
    "stats": ["stats"],
    "spend": ["spend"],
    "verify": ["verify"],
    "rebuild": ["rebuild"],
    "embed": ["embed"],
    "reembed": ["reembed", "--embedder", "hashing:32"],
    "pending": ["pending"],
    "retry": ["retry"],
    "changes": ["changes"],
    "backup": ["backup", "b.db"],
    "fork": ["fork", "f.db"],
    "doctor": ["doctor"],
    "retention": ["retention", "--max-events", "2", "--no-archive"],
    "sweep": ["sweep", "--dry-run"],
    "archive": ["archive", "old.jsonl", "--session", "s1", "--yes"],
    "audit": ["audit"],
    "migrate": ["migrate", "agentmem.db", "other.db"],
}


@pytest.mark.parametrize("command", CALLS)
def test_an_answer_has_its_schema_and_the_documented_keys(answer, bank, command):
    given = answer(*CALLS[command])
    assert given["schema"] == f"agentmem.cli.{command}/1"
    assert set(given) == {"schema", *ANSWERS[command]}


def test_every_answer_is_called_here_or_has_its_own_test():
    others = {"import", "demo", "chat"}
    groups = (
        "task.",
        "concepts.",
        "layers.",
        "profile.",
        "run",
        "trace.",
        "review.",
        "entities.",
        "export.",
        "import.",
    )
    assert {name for name in set(ANSWERS) - set(CALLS) if not name.startswith(groups)} == others


def test_the_page_documents_every_key():
    text = page()
    assert all(f"`{key}`" in text for keys in ANSWERS.values() for key in keys)


def test_every_command_takes_db_and_namespace_and_json():
    commands = {
        command.name or command.callback.__name__: command.callback.__annotations__
        for group in app.registered_groups
        for command in group.typer_instance.registered_commands
        if group.typer_instance
        not in (
            task,
            running,
            serving,
            inspecting,
            reviewing,
            tracing,
        )  # which say of themselves what they take
    }
    assert set(CALLS) - {"why"} | {"import", "demo", "chat"} == set(commands)
    del commands["migrate"]  # which names two banks, whole
    for name, options in commands.items():
        assert {"db", "json"} <= set(options), name
        assert name == "demo" or "namespace" in options, name
