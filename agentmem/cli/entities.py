"""The command group `entities`: who and what memory names, and one person's part of it."""

from __future__ import annotations

import typer

from agentmem.cli import entities_changing, entities_persons, entities_seeing

commands = typer.Typer(
    name="entities",
    help="People, places, organisations and things that are named; one person's copy and erasure.",
    epilog="To rename one: agentmem correct; what is none: agentmem retract; to take a merge back: undo.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for group in (entities_seeing, entities_changing, entities_persons):
    commands.add_typer(group.commands)
