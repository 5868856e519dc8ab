"""The options of `run` that the world `arc` alone takes."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

Tasks = Annotated[
    str | None,
    typer.Option(
        "--tasks", metavar="WHICH", help="arc: arcagi:training@20, solved, ids after a data set, a JSON file."
    ),
]
Solver = Annotated[
    Literal["enumerate", "model"] | None,
    typer.Option("--solver", help="arc: who solves.  [enumerate; model with --model]"),
]
Attempts = Annotated[
    int | None, typer.Option("--attempts", min=1, metavar="N", help="arc: attempts at a task.  [2]")
]
Retries = Annotated[
    int | None,
    typer.Option("--retries", min=0, metavar="N", help="arc: how often a model goes on after feedback.  [0]"),
]
Tried = Annotated[
    int | None,
    typer.Option("--tried", min=1, metavar="N", help="arc: programs that are tried for a task.  [10000]"),
]
Every = Annotated[
    int | None,
    typer.Option("--every", min=1, metavar="N", help="arc: solved tasks that are written at once.  [1]"),
]
Order = Annotated[
    Literal["given", "shuffled"] | None,
    typer.Option("--order", help="arc: of the tasks; shuffled by --seed.  [given]"),
]
SeedMemory = Annotated[
    Literal["none", "solutions"] | None,
    typer.Option(
        "--seed-memory", help="arc: what it holds at first; solutions: other tasks' programs.  [none]"
    ),
]
