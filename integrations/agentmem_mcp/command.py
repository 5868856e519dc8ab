"""The command `agentmem mcp`: memory as an MCP server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem.cli import options, serving_options
from agentmem.extras import needed

app = typer.Typer(name="mcp", add_completion=False, rich_markup_mode=None)


@app.command()
def mcp(
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP, with tokens; without it: over stdio.")
    ] = False,
    host: serving_options.Host = serving_options.HOST,
    port: serving_options.Port = 8765,
    tokens: Annotated[Path | None, serving_options.tokens("AGENTMEM_MCP_TOKEN")] = None,
    allow_remote: serving_options.AllowRemote = False,
    server_name: serving_options.ServerName = None,
    max_bytes: serving_options.MaxBytes = serving_options.MAX_BYTES,
    per_minute: serving_options.PerMinute = serving_options.PER_MINUTE,
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
