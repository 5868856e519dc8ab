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
    SchemaMismatch,
    Unavailable,
)


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
    Exit.UNUSABLE: "the bank or a file cannot be used: locked, damaged, newer, other embedder",
    Exit.BUG: "a bug in agentmem",
    Exit.INTERRUPTED: "interrupted",
}

UNUSABLE = (Unavailable, EmbedderMismatch, SchemaMismatch, Damaged)
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
    except BrokenPipeError:
        _close_stdout()
        return Exit.OK
    except (KeyboardInterrupt, typer.Abort):
        return _told("interrupted", Exit.INTERRUPTED)
    except typer.TyperException as error:
        return _misused(error)
    except AgentMemError as error:
        return _told(str(error), code_of(error))
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        return _told(f"{what} (check the path, its rights and the disk)", Exit.UNUSABLE)
    except Exception as error:  # whatever is left is a bug: the user gets a line, not a traceback
        invalid = _invalid(error)
        if invalid:
            return _told(invalid, Exit.INPUT)
        advice = f"this is a bug; run with {DEBUG}=1 for the traceback"
        return _told(f"{type(error).__name__}: {error} ({advice})", Exit.BUG)
    return result if isinstance(result, int) else Exit.OK


def _told(message: str, code: Exit) -> Exit:
    if os.environ.get(DEBUG):
        traceback.print_exc()
    line = " ".join(message.split())
    print(f"error: {''.join(c if c.isprintable() else '?' for c in line)}", file=sys.stderr)
    return code


def _misused(error: typer.TyperException) -> Exit:
    """Wrong usage, as the parser of the command line tells it."""
    message = error.format_message().strip()
    if not message:  # a group without a command: its help is printed already
        return Exit.INPUT
    context = getattr(error, "ctx", None)
    advice = f" (see {context.command_path} --help)" if context is not None else ""
    return _told(f"{message.rstrip('.')}{advice}", Exit.INPUT)


def _invalid(error: Exception) -> str:
    """What is wrong with a value that pydantic refused; empty for any other error."""
    pydantic = sys.modules.get("pydantic")
    if pydantic is None or not isinstance(error, pydantic.ValidationError):
        return ""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{error.title}: {where}: {first['msg']}, not {first['input']!r:.60}"


def _close_stdout() -> None:
    """Let nothing more be written where nobody reads, at the end of the process neither."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # stdout is no file, as under a test runner
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
