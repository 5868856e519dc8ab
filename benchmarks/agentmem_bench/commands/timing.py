"""Commands that measure speed and size."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem_bench.commands import options

commands = typer.Typer()


@commands.command()
def speed(
    sizes: Annotated[str, typer.Option(help="Records of the banks.")] = "1000,10000,100000,1000000",
    part: Annotated[
        list[str] | None,
        typer.Option(
            help="recall, write, ingest, accuracy, peers, namespaces or shell; again for another; all."
        ),
    ] = None,
    ingest: Annotated[int, typer.Option(min=1, help="Texts of the bulk ingest.")] = 20_000,
    namespaces: Annotated[int, typer.Option(min=10, help="How many small namespaces.")] = 10_000,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Keep the banks here, and use those that are here; a temporary one."
        ),
    ] = None,
    plots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Draw how it grows as SVG into this folder.")
    ] = None,
    json: options.Json = None,
) -> None:
    """Speed, size and memory from a thousand to a million records, beside limits and other stores."""
    from agentmem_bench.speed import command

    command.run(sizes, part, ingest, namespaces, keep, plots, json)


@commands.command()
def bulk(
    texts: Annotated[int, typer.Option(min=1, help="Texts that are embedded, no two alike.")] = 2_000,
    workers: Annotated[str, typer.Option(help="Workers of Ray; 0 is this process alone.")] = "0,1,2",
    json: options.Json = None,
) -> None:
    """Texts embedded a second by one process and by workers of Ray, and whether the vectors are the same."""
    from agentmem_bench.arguments import numbers
    from agentmem_bench.bulk import command

    command.run(texts, numbers("--workers", workers, "0,2"), json)


@commands.command()
def scaling(
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="An empty database of PostgreSQL, which is filled; SQLite alone."),
    ] = None,
    records: Annotated[float, typer.Option(min=1, help="Of the forecast.")] = 1e9,
    namespaces: Annotated[float, typer.Option(min=1, help="Of the forecast.")] = 1e6,
    days: Annotated[float, typer.Option(min=0.001, help="In which the records come.")] = 365,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the tables of docs/scaling.md to this file.")
    ] = None,
    json: options.Json = None,
) -> None:
    """What a write, a recall and a byte cost here, and on paper what a billion of them would take."""
    from agentmem_bench.scaling import command
    from agentmem_bench.scaling.forecast import Load

    command.run(url, Load(records=records, namespaces=namespaces, days=days), markdown, json)


@commands.command()
def models(
    model: Annotated[
        list[str] | None,
        typer.Option(help="openai:MODEL, llama, llama:PATH or hf:FOLDER; again for another; llama."),
    ] = None,
    tokens: Annotated[int, typer.Option(help="Tokens of a generated answer.")] = 128,
    json: options.Json = None,
) -> None:
    """Tokens and texts a second, and memory, of language models and the embedder, by device and precision."""
    from agentmem_bench.models import command

    command.run(model, tokens, json)
