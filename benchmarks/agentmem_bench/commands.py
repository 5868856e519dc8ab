"""The command `agentmem bench`: one command a benchmark, the work in its package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="bench",
    add_completion=False,
    help="Measure it: every figure of the README comes from here.",
    no_args_is_help=True,
)

Json = Annotated[
    str | None,
    typer.Option("--json", metavar="OUT", help="Write the result as JSON to this file; - prints it."),
]


@app.callback()
def bench() -> None:
    """Measure it: every figure of the README comes from here."""


@app.command()
def locomo(
    data: Annotated[Path | None, typer.Option(metavar="FILE", help="LoCoMo JSON.")] = None,
    k: Annotated[str, typer.Option(help="The k of recall@k.")] = "5,10,20",
    pipeline: Annotated[
        list[str] | None, typer.Option(help="dense, bm25, fused or full; give it again for another; all.")
    ] = None,
    json: Json = None,
    split: Annotated[str | None, typer.Option(help="What the JSON calls this data; the file's name.")] = None,
    example: Annotated[
        bool, typer.Option("--example", help="Print a small file that runs, and stop.")
    ] = False,
) -> None:
    """Evidence recall over very long dialogues (LoCoMo), with an ablation, tokens and time."""
    from agentmem_bench.locomo import command

    if example:
        command.print_example()
    else:
        command.run(data, k, pipeline, json, split)


@app.command()
def floor(
    chat: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A conversation; the shipped one.")
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Labelled questions about it, JSON lines; the shipped ones."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(metavar="FILE", help="LoCoMo JSON as a check; never fitted on.")
    ] = None,
    json: Json = None,
) -> None:
    """Fit the floor of "nothing relevant" on labelled questions, and tell its error."""
    from agentmem_bench.floor import command

    command.run(chat, questions, data, json)


@app.command()
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
    json: Json = None,
) -> None:
    """Speed, size and memory from a thousand to a million records, beside limits and other stores."""
    from agentmem_bench.speed import command

    command.run(sizes, part, ingest, namespaces, keep, plots, json)
