"""The command group `profile`: what a user is like, and what that rests on."""

from __future__ import annotations

import typer

from agentmem.cli import profile_changing, profile_explaining, profile_seeing

commands = typer.Typer(
    name="profile",
    help="What a user is like, in their words: portrait, facts, standing questions.",
    epilog="To change it: agentmem correct, retract, undo, forget; what it said before: agentmem history.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
for group in (profile_seeing, profile_explaining, profile_changing):
    commands.add_typer(group.commands)
