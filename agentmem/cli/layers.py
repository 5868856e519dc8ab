"""The command group `layers`: what fades, what stays, and why."""

from __future__ import annotations

import typer

from agentmem.cli import layers_changing, layers_explaining, layers_seeing

commands = typer.Typer(
    name="layers",
    help="Items that fade, each at its pace: see, explain, note, use.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for group in (layers_seeing, layers_explaining, layers_changing):
    commands.add_typer(group.commands)
