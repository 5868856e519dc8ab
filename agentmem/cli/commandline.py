"""The command group: errors become one line, and commands of other packages load when they are named."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from agentmem.cli.exits import ReaderLeft, guarded
from agentmem.errors import Unavailable

GROUP = "agentmem.commands"
"""Entry points of other packages: a command's name, and a `typer.Typer`."""

SHORT = 66
"""Characters of a command's help in the list of commands."""


class CommandLine(TyperGroup):
    """Our commands, and those of other packages by their names alone until one is called."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line; in standalone mode, end the process with its exit code."""
        run = partial(super().main, args, prog_name, complete_var, False, windows_expand_args, **extra)
        return sys.exit(guarded(run)) if standalone_mode else run()

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is called.

        Raises:
            ReaderLeft: nobody reads what it prints any more.
            Abort: it was interrupted.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:  # typer would make an exit code of it, and of the next one
            raise ReaderLeft from error
        except KeyboardInterrupt as error:
            raise typer.Abort from error

    def list_commands(self, ctx: Any) -> list[str]:
        """Our commands, then those of other packages."""
        own = super().list_commands(ctx)
        return [*own, *sorted(set(_plugins()) - set(own))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command; one of another package that is not loaded yet is only announced."""
        own = super().get_command(ctx, cmd_name)
        entry = None if own is not None else _plugins().get(cmd_name)
        return own if entry is None else _announced(entry)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is called, loaded now if another package brings it.

        Raises:
            Unavailable: that package cannot be loaded.
        """
        if args and super().get_command(ctx, args[0]) is None:
            entry = _plugins().get(args[0])
            if entry is not None:
                self.add_command(_loaded(entry), entry.name)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands by group, in the help."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if not command.hidden:
                panel = getattr(command, "rich_help_panel", None) or "Commands"
                groups.setdefault(panel, []).append((name, command.get_short_help_str(SHORT)))
        widest = max(len(name) for rows in groups.values() for name, _ in rows)
        for panel, rows in groups.items():
            with formatter.section(panel):
                formatter.write_dl([(name.ljust(widest), text) for name, text in rows])


def _plugins() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _announced(entry: EntryPoint) -> TyperCommand:
    package = entry.module.partition(".")[0]
    return TyperCommand(
        name=entry.name, help=f"Commands of the package {package}.", rich_help_panel="Of other packages"
    )


def _loaded(entry: EntryPoint) -> Any:
    try:
        app = entry.load()
    except Exception as error:  # what another package raises when it is imported can be anything
        raise Unavailable(
            f"command {entry.name!r} of {entry.value} cannot be loaded: {type(error).__name__}: {error}",
            "install what it needs, or remove its package; the other commands work",
        ) from error
    if not isinstance(app, typer.Typer):
        raise Unavailable(
            f"command {entry.name!r}: {entry.value} is a {type(app).__name__}, not a typer.Typer",
            "remove its package; the other commands work",
        )
    command = get_command(app)
    command.name = entry.name
    return command
