from __future__ import annotations
import typer
commands = typer.Typer()
@commands.command(rich_help_panel="Try")
def demo() -> None:
    """x"""
