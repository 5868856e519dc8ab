"""The command group `concepts`: ideas from solved problems, what is known of them, and their graph."""

from __future__ import annotations

import typer

from agentmem.cli import concepts_changing, concepts_files, concepts_seeing

commands = typer.Typer(
    name="concepts",
    help="Ideas from solved problems: see, select, state, judge, draw.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for group in (concepts_seeing, concepts_changing, concepts_files):
    commands.add_typer(group.commands)
