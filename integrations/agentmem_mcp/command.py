"""The command `agentmem mcp`: memory as an MCP server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem.cli import options
from agentmem.extras import needed

app = typer.Typer(name="mcp", add_completion=False, rich_markup_mode=None)


@app.command()
def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP, with tokens; without it: over stdio.")
    ] = False,
    host: Annotated[str, typer.Option(metavar="HOST", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, metavar="N", help="0: any that is free.")] = 8765,
    tokens: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="JSON or YAML, {token: namespace}, readable by you alone. "
            "Default: the token in AGENTMEM_MCP_TOKEN, for --namespace.",
        ),
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Let other machines reach it; put TLS before it.")
    ] = False,
    server_name: Annotated[
        list[str] | None,
        typer.Option("--server-name", metavar="NAME", help="A host under which they do; repeatable."),
    ] = None,
    max_bytes: Annotated[
        int, typer.Option(min=1_000, metavar="N", help="Of one request over HTTP.")
    ] = 1_000_000,
    per_minute: Annotated[
        int, typer.Option(min=1, metavar="N", help="Requests of one token over HTTP; a sixth of it at once.")
    ] = 600,
    store: options.StoreName = "episodic",
    db: options.Db = None,
    namespace: options.Namespace = None,
) -> None:
    """Serve memory to MCP clients: over stdio, or with --http over HTTP."""
    from agentmem.cli.opening import writing
    from agentmem.web import listening
    from agentmem.web.limits import Limits
    from agentmem.web.tokens import chosen

    with needed("MCP", "mcp"):
        from agentmem_mcp import serving

    with writing(db, namespace) as opened:
        if not http:
            serving.serve_stdio(opened.bank, opened.namespace, store)
            return
        limits = Limits.of(max_bytes, per_minute)
        names = tuple(server_name or ())
        known = chosen(tokens, opened.namespace, serving.VARIABLE)
        with listening.listen(host, port, allow_remote=allow_remote, names=names) as at:
            app = serving.app_of(opened.bank, known, store, limits, names)
            listening.serve(app, at, limits, f"serving memory at {{}}{serving.PATH}", opened.bank.settings)
