"""The command `agentmem bench`: one command a benchmark, the work in its package."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmem_bench.commands import acting, comparing, liking, recalling, remembering, timing, whole

app = typer.Typer(
    name="bench",
    add_completion=False,
    help="Measure it: every figure of the README comes from here.",
    no_args_is_help=True,
)


@app.callback()
def bench(
    ray: Annotated[
        bool,
        typer.Option(
            "--ray", help="Workers of likebench, longhorizon, layered and concepts are those of Ray ([ray])."
        ),
    ] = False,
) -> None:
    """Measure it: every figure of the README comes from here."""
    from agentmem.cli.opening import log_as_set, read_settings
    from agentmem_bench.pool import ON_RAY

    log_as_set(read_settings())
    ON_RAY.set(ray)


for group in (recalling, remembering, acting, timing, liking, comparing, whole):
    app.add_typer(group.commands)
