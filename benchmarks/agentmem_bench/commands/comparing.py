"""Commands that compare: memories of others with agentmem, and results with each other."""

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


@commands.command()
def peers(
    data: Annotated[
        Path | None, typer.Option(metavar="FILE", help="LoCoMo JSON, or LongMemEval JSON with marked turns.")
    ] = None,
    systems: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="agentmem, bm25, dense, chroma, mem0, …; all that can run here."),
    ] = None,
    k: Annotated[str, typer.Option(help="The k of recall@k.")] = "5,10,20",
    budget: Annotated[int, typer.Option(min=1, help="Tokens of what is shown of the hits.")] = 1_000,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="The first N conversations.")] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="openai:MODEL", help="For those that need a model; AGENTMEM_MODEL, if a server's."
        ),
    ] = None,
    json: options.Json = None,
    split: options.Split = None,
) -> None:
    """Memories of others beside agentmem: the same data, embedder, k and token budget for all."""
    from agentmem_bench.peers import command

    command.run(data, systems, k, budget, limit, model, json, split)
