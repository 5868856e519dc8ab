"""Commands that measure one store each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from agentmem_bench.commands import options

commands = typer.Typer()


@commands.command()
def task(
    scenarios: Annotated[
        Path | None,
        typer.Option(metavar="FILE_OR_FOLDER", help="Scenarios, YAML; the shipped ones, both splits."),
    ] = None,
    trim: Annotated[str, typer.Option(help="Who reads utterances: rule or model.")] = "rule",
    model: Annotated[
        str | None, typer.Option(metavar="MODEL", help="The model of the trim model; AGENTMEM_MODEL, llama.")
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(help="scenarios, prompts or forest; again for another; all, or scenarios alone."),
    ] = None,
    lengths: Annotated[str, typer.Option(help="Turns at which prompts are compared.")] = "10,50,200,1000",
    nodes: Annotated[int, typer.Option(min=1_000, help="Nodes of the large forest.")] = 100_000,
    plots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw how prompts grow as SVG into this folder.")
    ] = None,
    json: options.Json = None,
    example: options.Example = False,
) -> None:
    """Task memory: slots and intents over written-down dialogues, prompt sizes, and a large forest."""
    from agentmem_bench.task import command

    if example:
        command.print_example()
    else:
        command.run(scenarios, trim, model, part, lengths, nodes, plots, json)


@commands.command()
def concepts(
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Problems, concepts and uses, JSON; our own, and generated ones."),
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option(help="select, transfer, growth or pace; again for another; all.")
    ] = None,
    selector: Annotated[
        list[str] | None, typer.Option(help="popularity, bm25, embedding, …, full; again for another; all.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="A language model that goes through --tasks besides.")
    ] = None,
    tasks: Annotated[
        str, typer.Option(metavar="WHICH", help="ARC tasks for --model, as of `agentmem run arc`.")
    ] = "arcagi:evaluation@20",
    retries: Annotated[int, typer.Option(min=0, metavar="N", help="Retries of --model.")] = 1,
    json: options.Json = None,
    example: options.Example = False,
) -> None:
    """Concept memory: are the concepts found that a problem's solution uses? Leave one out."""
    from agentmem_bench.concepts import command

    if example:
        command.print_example()
    else:
        command.run(data, part, selector, model, tasks, retries, json)


@commands.command()
def layered(
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Items, queries and feedback, JSON lines; generated streams."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(help="streams, ablations, scale or market; again for another; streams."),
    ] = None,
    policy: Annotated[
        str | None, typer.Option(metavar="NAME_OR_FILE", help="A preset, or a policy as JSON, for --data.")
    ] = None,
    regime: Annotated[
        list[str] | None,
        typer.Option(help="market, support_desk or personal; again for another; all."),
    ] = None,
    split: Annotated[str, typer.Option(help="Seeds of generated streams: test or development.")] = "test",
    streams: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Streams of each regime, the first ones; 10, of ablations 3."),
    ] = None,
    k: Annotated[str, typer.Option(help="The k of precision, recall and F1.")] = "5,10,20",
    size: Annotated[str, typer.Option(help="Items of the part scale.")] = "10000,100000,1000000",
    symbols: Annotated[
        str | None, typer.Option(metavar="A,B", help="What the part market trades; ten symbols.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Random traders of the part market.")] = 50,
    start: Annotated[
        datetime,
        typer.Option(
            "--from",
            formats=["%Y-%m-%d"],
            help="The first day of the part market; a year before it warms up.",
        ),
    ] = datetime(2019, 1, 1),
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a generated stream of --regime, and stop.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the stream that is written.")] = 1,
    plots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw it as SVG into this folder.")
    ] = None,
    json: options.Json = None,
    example: options.Example = False,
) -> None:
    """Layered memory: is what still matters recalled, what has expired left out? And at a million items."""
    from agentmem_bench.arguments import numbers
    from agentmem_bench.layered import command, market, result

    if example:
        command.print_example()
    elif write is not None:
        command.write(write, (regime or ["market"])[0], seed)
    else:
        plan = result.Plan(
            parts=tuple(part or ()),
            data=data,
            policy=policy or result.POLICY,
            regimes=tuple(regime or ()),
            split=split,
            streams=streams,
            ks=tuple(numbers("--k", k, "5,10,20")),
            sizes=tuple(numbers("--size", size, "10000,100000")),
            market=market.plan_of(symbols, seeds, start.date()),
        )
        command.run(plan, command.Out(plots, json))


@commands.command()
def profile(
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Sentences by aspect, YAML; the shipped ones, both splits."),
    ] = None,
    reader: Annotated[str, typer.Option(help="Who reads: cues or model.")] = "cues",
    model: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The model of the reader model; AGENTMEM_MODEL, llama."),
    ] = None,
    sentences: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Read a seeded sample of so many a split; all.")
    ] = None,
    json: options.Json = None,
    split: options.Split = None,
    example: options.Example = False,
) -> None:
    """A profile's reading: is it seen what a sentence is about, and what is about nothing?"""
    from agentmem_bench.profile import command

    if example:
        command.print_example()
    else:
        command.run(command.Plan(data, reader, model, sentences, split), json)
