"""Commands of all benchmarks together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command("all")
def run_all(
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE_OR_FOLDER", help="LoCoMo JSON; without, its benchmarks are left out."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="locomo, speed, …; again for another; all.")
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where results go; benchmarks/results, with tables."),
    ] = None,
    peers_python: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The Python that has the memories of others; this one."),
    ] = None,
    small: Annotated[
        bool, typer.Option("--small", help="Show only that everything runs; with --results.")
    ] = False,
) -> None:
    """Every benchmark at the size of the README, an hour on two cores; then the tables."""
    from agentmem_bench.whole import command

    command.run_all(data, only or (), results, peers_python, small=small)


@commands.command()
def tables(
    check: Annotated[
        bool, typer.Option("--check", help="Only look; exit code 1 where they are not so.")
    ] = False,
) -> None:
    """Write the tables of README.md and docs/ from benchmarks/results."""
    from agentmem_bench.whole import command

    command.write_tables(check=check)
