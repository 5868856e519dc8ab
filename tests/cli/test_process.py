"""The command as a process: exit codes, streams, and what is loaded when."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agentmem.cli.exits import MEANINGS, Exit, code_of, guarded
from agentmem.errors import AgentMemError, Conflict, Damaged, NotFound, SchemaMismatch, Unavailable

COMMANDS = (
    *(
        "recall",
        "context",
        "remember",
        "correct",
        "retract",
        "ingest",
        "forget",
        "show",
        "history",
        "changes",
        "chat",
        "spend",
    ),
    *("stats", "verify", "rebuild", "pending", "retry", "doctor", "export", "import", "backup", "fork"),
    *("demo", "task", "bench"),
)
HEAVY = "{'numpy', 'pydantic', 'sqlalchemy', 'torch', 'rich', 'agentmem_bench'}"


def test_help_lists_all_commands_and_exit_codes_and_imports_nothing_heavy():
    code = (
        "import sys; from agentmem.cli.main import app\n"
        "try: app(['--help'], prog_name='agentmem')\n"
        "except SystemExit as end: print(end.code)\n"
        f"print(sorted({HEAVY} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert all(f"\n  {command} " in said for command in COMMANDS)
    assert all(f"{int(code)}  {meaning}" in said for code, meaning in MEANINGS.items())
    assert said.endswith("0\n[]\n")


def test_a_recall_does_not_import_torch(bank):
    code = (
        "import sys; from agentmem.cli.main import app\n"
        "try: app(['recall', 'where does Maya live'])\n"
        "except SystemExit: print({'torch', 'rich', 'alembic'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.endswith("set()\n")


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["stats", "--db", "none.db"], 3, "error: there is no bank at none.db (write to it first"),
        (["recall", "x", "--db", "none.db"], 3, "error: there is no bank"),
        (["recall", "x", "--namespace", "a//b"], 2, "error: namespace 'a//b' has an empty label"),
        (["recal"], 2, "error: No such command 'recal'. Did you mean 'recall'"),
        (["recall", "-k", "0"], 2, "error: Invalid value for '-k' / '--k'"),
        (["show"], 2, "error: Missing argument"),
        (["stats", "--db", "junk.db"], 4, "error: bank"),
        (["stats", "--db", "newer.db"], 4, "error: the bank has schema 9999"),
        (
            ["stats", "--db", "mysql://x/y"],
            2,
            "error: database 'mysql' is of a kind not supported",
        ),
        (["remember", "x", "--db", ""], 2, "error: the path of the bank is empty"),
    ],
)
def test_an_error_is_one_line_with_its_code(run, bank, args, code, said):
    Path("junk.db").write_text("no bank, but long enough to be read as one" * 10, encoding="utf-8")
    shutil.copy(bank, "newer.db")
    with sqlite3.connect("newer.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    result = run(*args)
    assert result.exit_code == code
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert not Path("none.db").exists()


def test_a_process_ends_with_the_code_and_without_a_traceback(process):
    for args, code in ((["stats"], 3), (["show"], 2), ([], 0)):
        result = process(*args)
        assert result.returncode == code
        assert b"Traceback" not in result.stderr
        assert result.stderr.count(b"\n") == (code != 0)


def test_another_embedder_is_refused_by_name(run, bank, monkeypatch):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing:32")
    result = run("recall", "x")
    assert result.exit_code == 4
    assert "hashing-64" in result.stderr
    assert "hashing-32" in result.stderr


def test_wrong_settings_are_told_in_one_line(run, bank, monkeypatch):
    monkeypatch.setenv("AGENTMEM_SCREEN", "perhaps")
    result = run("stats")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "AGENTMEM_SCREEN" in result.stderr
    monkeypatch.delenv("AGENTMEM_SCREEN")
    Path("agentmem.toml").write_text("db = ", encoding="utf-8")
    result = run("stats")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)


def test_options_win_over_the_environment_and_that_over_the_file(run, answer, monkeypatch):
    Path("agentmem.toml").write_text('namespace = "from-file"\ndb = "file.db"\n', encoding="utf-8")
    monkeypatch.setenv("AGENTMEM_DB", "environment.db")
    run("remember", "x")
    assert answer("stats")["namespaces"] == ["from-file"]
    run("remember", "x", "--db", "option.db", "--namespace", "mine")
    assert answer("stats", "--db", "option.db")["namespaces"] == ["mine"]
    assert not Path("file.db").exists()


def test_the_bank_and_the_namespace_may_be_named_before_the_command(run, answer):
    run("--db", "before.db", "--namespace", "mine", "remember", "x")
    assert answer("stats", "--db", "before.db")["namespaces"] == ["mine"]
    run("--db", "before.db", "remember", "x", "--namespace", "other")
    assert answer("stats", "--db", "before.db")["namespaces"] == ["mine", "other"]


def test_a_prompt_can_be_piped_into_another_program(bank):
    said = subprocess.run(
        f"echo 'where does Maya live' | {sys.executable} -m agentmem.cli context - | cat",
        shell=True,
        capture_output=True,
        check=True,
    )
    assert said.stdout.startswith(b"<memory-")
    assert said.stderr == b""


def test_a_reader_that_has_enough_is_no_error(run):
    for _ in range(3):
        run("remember", input="x" * 100_000)
    said = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m agentmem.cli export | head -1; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stderr == ""
    assert said.stdout.splitlines()[-1] == "0"


def test_an_interruption_is_one_line_and_130():
    with subprocess.Popen(
        [sys.executable, "-m", "agentmem.cli", "remember"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A job that a shell runs in the background is started with interruptions ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as running:
        status = Path(f"/proc/{running.pid}/wchan")
        deadline = time.monotonic() + 20
        while status.exists() and "pipe" not in status.read_text() and time.monotonic() < deadline:
            if running.poll() is not None:
                break
            os.sched_yield()
        if not status.exists() or "pipe" not in status.read_text():
            running.kill()
            pytest.skip("this system does not say when a process waits for a pipe")
        running.send_signal(signal.SIGINT)
        _, error = running.communicate(timeout=20)
    assert running.returncode == 130
    assert error == b"error: interrupted\n"


def test_a_broken_package_of_others_breaks_no_other_command(process, tmp_path, bank):
    package = tmp_path / "packages" / "other-1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n")
    (package / "entry_points.txt").write_text(
        "[agentmem.commands]\nmissing = no_such_module:app\ngood = good_module:app\n"
    )
    (tmp_path / "packages" / "good_module.py").write_text(
        "import typer\napp = typer.Typer()\n\n\n@app.command()\ndef hello() -> None:\n    print('hello')\n"
    )
    path = {"PYTHONPATH": str(tmp_path / "packages")}
    assert b"Commands of the package no_such_module" in process("--help", env=path).stdout
    assert process("good", env=path).stdout == b"hello\n"
    broken = process("missing", env=path)
    assert broken.returncode == 4
    assert broken.stderr.startswith(b"error: command 'missing' of no_such_module:app cannot be loaded")
    assert broken.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound("x"), Exit.NOT_FOUND),
        (Unavailable("x"), Exit.UNUSABLE),
        (Damaged("x"), Exit.UNUSABLE),
        (SchemaMismatch("x"), Exit.UNUSABLE),
        (Conflict("x"), Exit.INPUT),
        (AgentMemError("x"), Exit.INPUT),
    ],
)
def test_every_error_has_its_code(error, code):
    assert code_of(error) is code


def test_a_bug_is_told_as_one_and_shown_on_demand(capsys, monkeypatch):
    def broken() -> None:
        raise ZeroDivisionError("a\nb\x1b[31m")

    assert guarded(broken) == Exit.BUG
    assert capsys.readouterr().err == (
        "error: ZeroDivisionError: a b?[31m (this is a bug; run with AGENTMEM_DEBUG=1 for the traceback)\n"
    )
    monkeypatch.setenv("AGENTMEM_DEBUG", "1")
    guarded(broken)
    assert "Traceback" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_named(capsys):
    def unreadable() -> None:
        Path("/nowhere/at/all").read_text(encoding="utf-8")

    assert guarded(unreadable) == Exit.UNUSABLE
    assert capsys.readouterr().err.startswith("error: /nowhere/at/all: No such file or directory (check")
