"""The `agentmem` command: its groups, and its first page of help."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from agentmem.cli import (
    auditing,
    care,
    chat,
    concepts,
    conversations,
    copies,
    demo,
    doctor,
    entities,
    erasing,
    inspecting,
    keeping,
    layers,
    looking,
    options,
    profile,
    recalling,
    reviewing,
    running,
    serving,
    spending,
    task,
    tracing,
    writing,
)
from agentmem.cli.commandline import CommandLine
from agentmem.cli.exits import MEANINGS

EPILOG = "\b\nExit codes:\n" + "\n".join(f"{int(code):>5}  {meaning}" for code, meaning in MEANINGS.items())

app = typer.Typer(
    name="agentmem",
    cls=CommandLine,
    help="A memory with structure for LLM agents: lossless, explainable, on one machine. Try: agentmem demo",
    epilog=EPILOG,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its help imports a Markdown parser: half a second
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    recalling,
    chat,
    writing,
    conversations,
    erasing,
    looking,
    auditing,
    inspecting,
    spending,
    keeping,
    care,
    doctor,
    copies,
    demo,
    running,
    serving,
):
    app.add_typer(group.commands)
app.add_typer(task.commands, rich_help_panel="Tasks")
app.add_typer(concepts.commands, rich_help_panel="Tasks")
app.add_typer(layers.commands, rich_help_panel="Tasks")
app.add_typer(profile.commands, rich_help_panel="Tasks")
app.add_typer(entities.commands, rich_help_panel="Tasks")
app.add_typer(reviewing.commands, rich_help_panel="Care")
app.add_typer(tracing.commands, rich_help_panel="Agents")


def _version(wanted: bool) -> None:
    if wanted:
        import agentmem

        typer.echo(f"agentmem {agentmem.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
    log: options.Log = None,
    log_level: options.LogLevel = None,
) -> None:
    # Before the command as after it: what a command says of its own goes over this.
    given = {
        "AGENTMEM_DB": db,
        "AGENTMEM_NAMESPACE": namespace,
        "AGENTMEM_LOG": log,
        "AGENTMEM_LOG_LEVEL": log_level,
    }
    for name, value in given.items():
        if value is not None:
            os.environ[name] = value
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line and end the process with its exit code."""
    app(prog_name="agentmem")
