"""The command that serves memory over HTTP: serve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from agentmem.cli import options, serving_options
from agentmem.extras import needed

commands = typer.Typer()


@commands.command(rich_help_panel="Serve")
def serve(
    host: serving_options.Host = serving_options.HOST,
    port: serving_options.Port = 8766,
    tokens: Annotated[Path | None, serving_options.tokens("AGENTMEM_SERVE_TOKEN")] = None,
    allow_remote: serving_options.AllowRemote = False,
    server_name: serving_options.ServerName = None,
    max_bytes: serving_options.MaxBytes = serving_options.MAX_BYTES,
    per_minute: serving_options.PerMinute = serving_options.PER_MINUTE,
    store: Annotated[
        list[str] | None,
        typer.Option(
            "--store",
            metavar="NAME",
            help="A memory that may be asked: episodic, profile+episodic, ...; repeatable. "
            "The first is asked where a request names none. Default: episodic.",
        ),
    ] = None,
    openapi: Annotated[bool, typer.Option("--openapi", help="Print the OpenAPI document instead.")] = False,
    db: options.Db = None,
    namespace: options.Namespace = None,
) -> None:
    """Serve memory as a JSON API over HTTP, for the holders of tokens. `agentmem mcp` speaks MCP."""
    with needed("serving", "serve"):
        import uvicorn  # noqa: F401

        from agentmem.web.api import serving
    from agentmem.cli.opening import writing
    from agentmem.web import listening
    from agentmem.web.api.document import document
    from agentmem.web.api.operations import VERSION
    from agentmem.web.limits import Limits
    from agentmem.web.tokens import chosen

    if openapi:
        typer.echo(json.dumps(document(), ensure_ascii=False, indent=2))
        return
    with writing(db, namespace) as opened:
        limits = Limits.of(max_bytes, per_minute)
        names = tuple(server_name or ())
        known = chosen(tokens, opened.namespace, serving.VARIABLE)
        with listening.listen(host, port, allow_remote=allow_remote, names=names) as at:
            app = serving.app_of(opened.bank, known, store or ["episodic"], limits, names)
            opened.bank.library.warm()
            listening.serve(app, at, limits, f"serving memory at {{}}{VERSION}", opened.bank.settings)
