"""The options that the commands share which serve memory over HTTP."""

from __future__ import annotations

from typing import Annotated, Any

import typer

HOST = "127.0.0.1"
MAX_BYTES = 1_000_000
PER_MINUTE = 600

Host = Annotated[str, typer.Option("--host", metavar="HOST", help="Where to listen.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65_535, metavar="N", help="0: any that is free.")]
AllowRemote = Annotated[
    bool, typer.Option("--allow-remote", help="Let other machines reach it; put TLS before it.")
]
ServerName = Annotated[
    list[str] | None,
    typer.Option("--server-name", metavar="NAME", help="A host under which they do; repeatable."),
]
MaxBytes = Annotated[int, typer.Option("--max-bytes", min=1_000, metavar="N", help="Of one HTTP request.")]
PerMinute = Annotated[
    int,
    typer.Option(
        "--per-minute", min=1, metavar="N", help="HTTP requests of one token; a sixth of it at once."
    ),
]


def tokens(variable: str) -> Any:
    """The option `--tokens` of a command that takes one token from `variable` of the environment, too."""
    return typer.Option(
        "--tokens",
        metavar="FILE",
        help="JSON or YAML, {token: namespace}, readable by you alone. "
        f"Default: the token in {variable}, for --namespace.",
    )
