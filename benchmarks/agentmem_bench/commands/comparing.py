"""The command that compares results."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem_bench.commands import options

commands = typer.Typer()


@commands.command()
def compare(
    first: Annotated[Path, typer.Argument(metavar="A.json", help="A result of any benchmark.")],
    second: Annotated[Path, typer.Argument(metavar="B.json", help="Another one of the same benchmark.")],
    a: Annotated[
        str | None, typer.Option("--a", metavar="MEASURE", help="Compare this measure of the first file …")
    ] = None,
    b: Annotated[
        str | None, typer.Option("--b", metavar="MEASURE", help="… with this one of the second file.")
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Compare though the data are not the same; with a caution.")
    ] = False,
    every: Annotated[
        bool, typer.Option("--all", help="Single figures side by side too, and those that hardly differ.")
    ] = False,
    json: options.Json = None,
) -> None:
    """Two results of one benchmark: which differences does chance not explain, unit by unit?"""
    from agentmem_bench.compare import command
    from agentmem_bench.compare.comparison import Plan

    command.run(first, second, Plan(a=a, b=b, anyway=anyway, every=every), json)
