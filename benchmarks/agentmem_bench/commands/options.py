"""Options that several benchmarks have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[
    str | None,
    typer.Option("--json", metavar="OUT", help="Write the result as JSON to this file; - prints it."),
]
Answer = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="Measure answers instead of recall: who answers, e.g. llama or openai:MODEL."
    ),
]
Judge = Annotated[str | None, typer.Option(metavar="MODEL", help="Who judges the answers.")]
Budget = Annotated[int | None, typer.Option(min=1, help="Tokens of a context to answer from; 1500.")]
Questions = Annotated[
    int | None, typer.Option(min=1, help="Answer a seeded sample of so many, by category; all.")
]
Rows = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write every answer here as it comes; go on where a run was ended."),
]
Split = Annotated[str | None, typer.Option(help="What the JSON calls this data; the file's name.")]
Example = Annotated[bool, typer.Option("--example", help="Print a small file that runs, and stop.")]
Pipelines = Annotated[
    list[str] | None, typer.Option(help="dense, bm25, fused or full; give it again for another; all.")
]
