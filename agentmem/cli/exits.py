"""Exit codes, and how every error becomes one line on stderr and one of them."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from enum import IntEnum

import typer

from agentmem.errors import (
    AgentMemError,
    Damaged,
    EmbedderMismatch,
    NotFound,
    OverBudget,
    SchemaMismatch,
    Unavailable,
)
from agentmem.faults import first_fault


class ReaderLeft(Exception):
    """Whoever read our output has enough of it: that is no error, and nothing is said."""


class Exit(IntEnum):
    """What the exit code of a command means."""

    OK = 0
    NEGATIVE = 1
    INPUT = 2
    NOT_FOUND = 3
    UNUSABLE = 4
    BUG = 70
    INTERRUPTED = 130


MEANINGS: Mapping[Exit, str] = {
    Exit.OK: "done",
    Exit.NEGATIVE: "the answer is no: nothing relevant, not stored, found wrong, still pending",
    Exit.INPUT: "wrong usage or input",
    Exit.NOT_FOUND: "an id, a namespace, a store or a file does not exist",
    Exit.UNUSABLE: "bank, file or model cannot be used: locked, damaged, newer, other embedder, over budget",
    Exit.BUG: "a bug in agentmem",
    Exit.INTERRUPTED: "interrupted",
}

UNUSABLE = (Unavailable, OverBudget, EmbedderMismatch, SchemaMismatch, Damaged)
DEBUG = "AGENTMEM_DEBUG"


def code_of(error: AgentMemError) -> Exit:
    """The exit code of an error that agentmem raised on purpose."""
    if isinstance(error, NotFound):
        return Exit.NOT_FOUND
    return Exit.UNUSABLE if isinstance(error, UNUSABLE) else Exit.INPUT


def guarded(command: Callable[[], object]) -> int:
    """Run `command` and return its exit code; whatever it raises is told in one line on stderr."""
    try:
        try:
            result = command()
        finally:
            sys.stdout.flush()
    except (BrokenPipeError, ReaderLeft):
        _close_stdout()
        return int(Exit.OK)
    except (KeyboardInterrupt, typer.Abort):
        return _tell("interrupted", Exit.INTERRUPTED)
    except Exception as error:  # whatever it is: the user gets a line, not a traceback
        return _tell(*_explained(error))
    return result if isinstance(result, int) else int(Exit.OK)


def _explained(error: Exception) -> tuple[str, Exit]:
    """What is told of an error, and its exit code."""
    if isinstance(error, typer.TyperException):
        return _misuse(error), Exit.INPUT
    if isinstance(error, AgentMemError):
        return str(error), code_of(error)
    if isinstance(error, OSError):
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return f"{what} (check the path, its rights and the disk)", Exit.UNUSABLE
    if invalid := _invalid(error):
        return invalid, Exit.INPUT
    advice = f"this is a bug; run with {DEBUG}=1 for the traceback"
    return f"{type(error).__name__}: {error} ({advice})", Exit.BUG


def _tell(message: str, code: Exit) -> int:
    if os.environ.get(DEBUG):
        traceback.print_exc()
    if message:
        line = " ".join(message.split())
        print(f"error: {''.join(c if c.isprintable() else '?' for c in line)}", file=sys.stderr)
    return int(code)


def _misuse(error: typer.TyperException) -> str:
    """Wrong usage as the parser of the command line tells it; nothing where that was help."""
    message = error.format_message().strip()
    if message.startswith("Usage:"):
        print(message, file=sys.stderr)
        return ""
    context = getattr(error, "ctx", None)
    if not message or context is None:
        return message
    return f"{message.rstrip('.')} (see {context.command_path} --help)"


def _invalid(error: Exception) -> str:
    """What is wrong with a value that pydantic refused; empty for any other error."""
    pydantic = sys.modules.get("pydantic")
    if pydantic is None or not isinstance(error, pydantic.ValidationError):
        return ""
    fault = first_fault(error)
    return f"{error.title}: {fault.where}: {fault.message}, not {fault.given!r:.60}"


def _close_stdout() -> None:
    """Let nothing more be written where nobody reads, at the end of the process neither."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # stdout is no file, as under a test runner
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
