"""The command `agentmem bench`: one command a benchmark, the work in its package."""

from __future__ import annotations

import typer

from agentmem_bench.commands import acting, comparing, liking, recalling, remembering, timing

app = typer.Typer(
    name="bench",
    add_completion=False,
    help="Measure it: every figure of the README comes from here.",
    no_args_is_help=True,
)


@app.callback()
def bench() -> None:
    """Measure it: every figure of the README comes from here."""
    from agentmem.cli.opening import log_as_set, read_settings

    log_as_set(read_settings())


for group in (recalling, remembering, acting, timing, liking, comparing):
    app.add_typer(group.commands)
