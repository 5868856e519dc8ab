"""Commands of `entities` that tell who is named: list, show."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.entities_opening import COLUMNS, NOTHING, Called, entities_of, entity_row

commands = typer.Typer()
PANEL = "See"
Limit = Annotated[
    int, typer.Option("--limit", "-n", min=0, metavar="N", help="Tell so many, the first ones.")
]


@commands.command("list", rich_help_panel=PANEL)
def listed(
    limit: Limit = 50,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """List who and what is named, the most mentioned first."""
    from agentmem.cli.rendering import Page

    with entities_of(db, namespace) as (memory, opened):
        found, pending, path = memory.entities(), memory.pending(), opened.path
    if json:
        answer("entities.list", namespace=path, entities=found[:limit], pending=pending)
        return
    page = Page()
    if found:
        page.table(COLUMNS, [entity_row(one) for one in found[:limit]])
    else:
        page.line(NOTHING)
    if len(found) > limit:
        page.line(f"and {len(found) - limit:,} further ones; see --limit")
    if pending:
        told = next((one.error for one in pending if one.error), None) or "it waits"
        page.line(f"{len(pending):,} events not read yet: {told}; try again: agentmem retry", style="yellow")


@commands.command(rich_help_panel=PANEL)
def show(
    name: Called,
    limit: Limit = 20,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Show an entity: its names, and what was said by it or mentions it."""
    from agentmem.cli.describing import body, head, short, stamp
    from agentmem.cli.rendering import Page

    with entities_of(db, namespace) as (memory, opened):
        entity = memory.entity(name)
        episodic = opened.bank.store("episodic", opened.namespace)
        records = [hit.record for hit in episodic.recall("", entity=entity.id, k=max(limit, 1))][:limit]
        path = opened.path
    if json:
        answer("entities.show", namespace=path, entity=entity, records=records)
        return
    page = Page()
    page.line(f"{entity.name}, {entity.kind}", style="bold")
    page.pairs(
        {
            "id": entity.id,
            "names": ", ".join(f"{one.name} ({one.times})" for one in entity.names),
            "named in": f"{entity.mentions} events, {entity.said} of them its own",
            "from": f"{stamp(entity.first)} to {stamp(entity.last)}",
        }
    )
    if records:
        page.heading("what stands of it, the newest first")
        page.table(["what"], [[[head(one), short(body(one))]] for one in records])
