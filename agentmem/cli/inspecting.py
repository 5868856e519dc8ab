"""The command that shows a bank in a browser: inspect."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmem.cli import options

commands = typer.Typer()


@commands.command(rich_help_panel="Look")
def inspect(
    store: options.StoreName = "episodic",
    port: Annotated[
        int, typer.Option(min=0, max=65_535, metavar="N", help="Where to listen on this machine. 0: any.")
    ] = 0,
    write: Annotated[
        bool, typer.Option("--write", help="Also correct, retract and forget; without it, only look.")
    ] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser; the address is told.")] = False,
    db: options.Db = None,
    namespace: options.Prefix = None,
) -> None:
    """Look through a bank in the browser. What it holds, where it is from, why it is recalled."""
    from agentmem.bank.registry import spec_of
    from agentmem.cli.opening import reading
    from agentmem.extras import check

    check("the inspector", "serve", "starlette", "uvicorn")
    from agentmem.web.inspector.serving import inspect as serve

    spec_of(store)
    with reading(db, namespace) as opened:
        prefix = opened.known("prefix").namespace if namespace is not None else None
        serve(
            opened.bank,
            port,
            prefix=prefix,
            store=store,
            name=opened.where,
            writes=write,
            opens=not no_open,
        )
