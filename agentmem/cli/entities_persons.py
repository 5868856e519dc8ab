"""Commands of `entities` about all of one person: export, erase."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.entities_opening import Called, entities_of
from agentmem.cli.erasing import Wait, Yes, sure, tell, tell_reached

commands = typer.Typer()
PANEL = "One person"
SHOWN = 20
"""How many events that are left are told."""


@commands.command(rich_help_panel=PANEL)
def export(
    name: Called,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="A folder that is not there yet.")],
    scope: options.Scope = "own",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Copy all that was said by an entity or mentions it: events as JSON lines, and a readable page."""
    from agentmem.cli.rendering import Page
    from agentmem.readable import export_person

    with entities_of(db, namespace) as (_, opened):
        copy = export_person(opened.bank, opened.namespace, name, out, scope=scope)
        path = opened.path
    if json:
        answer("entities.export", namespace=path, copy=copy)
    else:
        n = sum(len(one.events) for one in copy.found)
        Page().line(f"{n} events of {', '.join(copy.names)} written to {out}: {', '.join(copy.files)}")


@commands.command(rich_help_panel=PANEL)
def erase(
    name: Called,
    yes: Yes = False,
    wait: Wait = 10.0,
    scope: options.Scope = "own",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Erase for good all that was said by an entity or mentions it, down to the bytes, and say what is left.

    Whole events go, with what others said in them. Names are found by a recogniser, which misses some.
    """
    from agentmem.cli.rendering import Page
    from agentmem.readable import erase_person

    with entities_of(db, namespace) as (memory, opened):
        if scope == "own":
            entity = memory.entity(name)
            what = f"{entity.mentions} events that are of or about {entity.name!r}"
        else:
            what = f"what is of or about {name!r}"
        sure(f"Forget {what} in namespace {opened.path!r} for good?", yes, "forgotten")
        erasure = erase_person(opened.bank, opened.namespace, name, scope=scope, wait_seconds=wait)
        path = opened.path
    if json:
        answer("entities.erase", namespace=path, erasure=erasure)
        return
    page = Page()
    for place, report in erasure.reports.items():
        if len(erasure.reports) > 1:
            page.heading(place)
        tell(page, report, reached=False)
    tell_reached(page, erasure.not_reached)
    if not erasure.remaining:
        page.line("no event holds one of the names any more")
        return
    page.line(
        "these events hold one of the names, of somebody called alike or not recognised:", style="yellow"
    )
    for one in erasure.remaining:
        further = f" and {len(one.events) - SHOWN:,} more" if len(one.events) > SHOWN else ""
        page.line(f"{one.namespace}: {', '.join(one.events[:SHOWN])}{further}")
    page.line("look at them with `agentmem show ID`; to erase one: agentmem forget --event ID")
