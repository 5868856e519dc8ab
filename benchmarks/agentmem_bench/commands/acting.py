"""Commands that measure agents and integrations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem_bench.commands import options

commands = typer.Typer()


@commands.command()
def longhorizon(
    world: Annotated[
        list[str] | None, typer.Option(help="blocksworld, gripper, …; again for another; all.")
    ] = None,
    budgets: Annotated[str, typer.Option(help="Tokens of contexts.")] = "256,512,1024,2048,4096,8192",
    seeds: Annotated[int, typer.Option(min=1, help="Problems of each world.")] = 6,
    part: Annotated[list[str] | None, typer.Option(help="grid or pace; again for another; all.")] = None,
    model: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Let a model play the smallest problems too, e.g. llama."),
    ] = None,
    plots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw success by budget as SVG into this folder.")
    ] = None,
    json: options.Json = None,
) -> None:
    """Long errands: does memory carry the facts that an agent needs, by budget, world and memory?"""
    from agentmem_bench.longhorizon import command

    command.run(world, budgets, seeds, part, model, plots, json)


@commands.command()
def langchain(
    memories: Annotated[
        int, typer.Option(min=100, help="Memories beside which turns are measured.")
    ] = 10_000,
    turns: Annotated[int, typer.Option(min=10, help="Turns that are measured.")] = 200,
    agents: Annotated[int, typer.Option(min=1, help="Agents at once, 20 turns each.")] = 50,
    sizes: Annotated[str, typer.Option(help="Items of the stores.")] = "1000,10000,100000",
    part: Annotated[
        list[str] | None, typer.Option(help="overhead, crowd or stores; again for another; all.")
    ] = None,
    json: options.Json = None,
) -> None:
    """What memory costs an agent of LangChain, its store beside LangGraph's, and many agents at once."""
    from agentmem_bench.langchain import command

    command.run(memories, turns, agents, sizes, part, json)
