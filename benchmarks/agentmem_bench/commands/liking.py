"""The command that measures how likable a memory is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem_bench.commands import options

commands = typer.Typer()


@commands.command()
def likebench(
    memory: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME[@TOKENS]", help="A store, or a+b; oracle, none; again for another; all."),
    ] = None,
    system: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT", help="With a memory of its own: openai:MODEL, or python:MODULE:NAME; again."
        ),
    ] = None,
    answer: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="Who answers from a memory, e.g. llama; the probe, by rule."),
    ] = None,
    user: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Who words what the user says; its script.")
    ] = None,
    rater: Annotated[
        list[str] | None,
        typer.Option(metavar="MODEL", help="Who rates; again for one to agree with the first; by rule."),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="How often a model rates each reply.")] = 1,
    same_model: Annotated[
        bool, typer.Option("--same-model", help="Let a rater rate what it answered itself.")
    ] = False,
    decoys: Annotated[
        int, typer.Option(min=0, metavar="N", help="Rate worse replies too, every N-th turn; 0: never.")
    ] = 5,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="TOKENS", help="Stop before models take more; with --rows.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what models would take, without asking one.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with plots, and dialogues to read.")
    ] = None,
    personas: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Personas, YAML; those that are shipped.")
    ] = None,
    generated: Annotated[
        int | None, typer.Option(min=0, metavar="SEED", help="Personas generated with this seed instead.")
    ] = None,
    count: Annotated[int | None, typer.Option(min=1, help="So many personas, the first ones; all.")] = None,
    variant: Annotated[list[str] | None, typer.Option(help="clean or noisy; both.")] = None,
    seeds: Annotated[str, typer.Option(help="Of the users' scripts.")] = "1,2,3",
    rows: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Keep a row for each turn, and go on with what is there."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core.")] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write --count personas of --generated, and stop.")
    ] = None,
    enrich: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="With --write: let a model word what they do, for each anew."),
    ] = None,
    json: options.Json = None,
    example: options.Example = False,
) -> None:
    """Is a memory likable? Simulated users rate every reply; no model is needed."""
    from agentmem_bench.arguments import numbers
    from agentmem_bench.likebench import command, result
    from agentmem_bench.likebench.cast import cast_of

    if example:
        command.print_example()
    elif write is not None or enrich is not None:
        command.write(write, generated or 0, count or 1, enrich)
    else:
        plan = result.Plan(
            memories=tuple(memory or ()),
            systems=tuple(system or ()),
            personas=personas,
            generated=generated,
            count=count,
            variants=tuple(variant or result.Plan.variants),
            seeds=tuple(numbers("--seeds", seeds, "1,2,3")),
            rows=rows,
            workers=workers,
            cast=cast_of(user, answer, rater, repeats, decoys),
            same_model=same_model,
            limit=limit,
        )
        if dry_run:
            command.tell(plan, json)
        else:
            command.run(plan, json, page)
