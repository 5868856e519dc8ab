"""How a run ends on the command line, in whatever world; and whose options are whose."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from agentmem.cli.exits import Exit
from agentmem.errors import AgentMemError, InvalidInput


@contextmanager
def kept(path: Path) -> Iterator[None]:
    """Play a run in here: where that fails, it is told that what was played is kept."""
    try:
        yield
    except AgentMemError:
        print(f"note: what was played is kept; go on: agentmem run --resume {path}", file=sys.stderr)
        raise


def leave(path: Path, *, interrupted: bool, complete: bool, missing: str = "") -> None:
    """Leave the command as a run ended.

    Args:
        path: The folder of the run.
        interrupted: Whether Ctrl-C ended it.
        complete: Whether all of it was played.
        missing: What is told of one that is not complete, before how to go on.

    Raises:
        Exit: it was interrupted, or is not complete.
    """
    if interrupted:
        print(f"interrupted; go on: agentmem run --resume {path}", file=sys.stderr)
        raise typer.Exit(Exit.INTERRUPTED)
    if not complete:
        if missing:
            print(f"{missing}; go on: agentmem run --resume {path}", file=sys.stderr)
        raise typer.Exit(Exit.NEGATIVE)


def refuse_elsewhere(given: Mapping[str, Any], world: str, example: str) -> None:
    """Let pass what no other world takes.

    Args:
        given: The options of a world, none where they were not given.
        world: Its name.
        example: What a command says that plays it.

    Raises:
        InvalidInput: one is given.
    """
    more = [name for name, value in given.items() if value is not None]
    if more:
        raise InvalidInput(
            f"--{more[0].replace('_', '-')} is an option of the world {world!r} alone",
            f"leave it out, or: agentmem run {world} {example}",
        )
