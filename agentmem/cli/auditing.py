"""The command `audit`: who changed what is believed, and what was erased."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer

commands = typer.Typer()


@commands.command(rich_help_panel="Look")
def audit(
    before: Annotated[
        int | None, typer.Option("--before", min=1, metavar="SEQ", help="Only what came before this number.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="How many at most.")] = 100,
    scope: options.Scope = "own",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """List corrections, erasures, archives and reviews, newest first: who, when, why, how much."""
    from agentmem.cli.opening import path_of, reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        entries = opened.known(scope).bank.audit(opened.namespace, scope=scope, before=before, limit=limit)
        path = opened.path
    if json:
        answer("audit", namespace=path, entries=entries)
        return
    page = Page()
    if not entries:
        page.line("nothing was corrected or erased")
        return
    rows = []
    for entry in entries:
        what = [entry.act, *([f"in {entry.store}"] if entry.about else []), *entry.about]
        told = [f"{name}: {value}" for name, value in entry.told.items()]
        said = [f"by {entry.actor or 'nobody named'}, trusted as {entry.trust.value}"] if entry.about else []
        lines = [" ".join(what), *told, *said, *([f"why: {entry.why}"] if entry.why else [])]
        when = f"{entry.recorded_at:%Y-%m-%d %H:%M}"
        rows.append([str(entry.seq), when if scope == "own" else f"{when} {path_of(entry.namespace)}", lines])
    page.table(["seq", "when", "what"], rows)
