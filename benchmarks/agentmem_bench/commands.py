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
