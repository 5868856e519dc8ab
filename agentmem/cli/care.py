"""Commands that look after a bank: verify, rebuild, embed, reembed, pending, retry."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit

if TYPE_CHECKING:
    from agentmem.records import Pending

commands = typer.Typer()
PANEL = "Care"


@commands.command(rich_help_panel=PANEL)
def verify(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what disagrees, from the journal.")] = False,
    db: options.Db = None,
    namespace: options.NoNamespace = None,
    json: options.Json = False,
) -> None:
    """Check that journal, records, vectors and indexes agree. Exit code 1 where they do not."""
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    with reading(db) as opened:
        found = opened.bank.verify(repair_found=repair)
        left = opened.bank.verify() if repair and found else found
        where = opened.where
    if json:
        answer("verify", db=where, found=found, repaired=repair, left=left)
    else:
        page = Page()
        for line in found:
            page.line(line, style="yellow")
        if not found:
            page.line("all agrees")
        elif not repair:
            page.line(f"{len(found)} disagreements; mend them: agentmem verify --repair", style="bold")
        else:
            page.line(
                f"{len(found)} disagreements found, {len(left)} are left after the repair", style="bold"
            )
    if left:
        raise typer.Exit(Exit.NEGATIVE)


@commands.command(rich_help_panel=PANEL)
def rebuild(
    store: options.OneStore = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Make the records of a namespace anew from its journal. No model is asked; ids stay the same."""
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        made = opened.known().bank.rebuild(opened.namespace, store)
        path = opened.path
    if json:
        answer("rebuild", namespace=path, records=made)
    else:
        Page().pairs({name: f"{n} records" for name, n in made.items()})


@commands.command(rich_help_panel=PANEL)
def embed(
    workers: options.Workers = 0,
    ray_address: options.RayAddress = None,
    db: options.Db = None,
    namespace: options.NoNamespace = None,
    json: options.Json = False,
) -> None:
    """Make the vectors that are missing now, as after an import; else the next search makes them."""
    from agentmem import bulk
    from agentmem.cli.ingesting import embed as make
    from agentmem.cli.opening import reading
    from agentmem.cli.progress import bar
    from agentmem.cli.rendering import Page

    with reading(db) as opened, bulk.spread(workers, ray_address) as spread, bar() as told:
        texts = make(opened.bank, told, spread)
        where = opened.where
    if json:
        answer("embed", db=where, texts=texts)
    else:
        Page().pairs({"texts embedded": texts})


@commands.command(rich_help_panel=PANEL)
def reembed(
    embedder: Annotated[
        str, typer.Option("--embedder", metavar="NAME", help="The new one, as AGENTMEM_EMBEDDER names it.")
    ],
    workers: options.Workers = 0,
    ray_address: options.RayAddress = None,
    db: options.Db = None,
    namespace: options.NoNamespace = None,
    json: options.Json = False,
) -> None:
    """Make all vectors anew by another embedder. Others are served meanwhile; broken off, it goes on."""
    from agentmem import bulk
    from agentmem.cli.opening import reading
    from agentmem.cli.progress import bar
    from agentmem.cli.rendering import Page
    from agentmem.embedders import open_embedder

    with reading(db) as opened:
        settings, where = opened.bank.settings, opened.where
        new = open_embedder(settings.model_copy(update={"embedder": embedder}))
        with bulk.spread(workers, ray_address) as spread, bar() as told:
            report = opened.bank.reembed(new, None if told is None else partial(told, "vectors"), spread)
    if json:
        answer("reembed", db=where, report=report)
        return
    page = Page()
    page.pairs(
        {
            "embedder": f"{report.embedder} (before: {report.previous or 'none'})",
            "texts embedded": report.texts,
            "texts that lost other vectors": report.erased,
        }
    )
    if settings.embedder != embedder:
        page.line(f"open this bank with it from now on: AGENTMEM_EMBEDDER={embedder}", style="bold")


@commands.command(rich_help_panel=PANEL)
def pending(
    store: options.OneStore = None,
    db: options.Db = None,
    namespace: options.AnyNamespace = None,
    json: options.Json = False,
) -> None:
    """List the events that a store has not interpreted yet."""
    from agentmem.cli.opening import reading

    with reading(db, namespace) as opened:
        items = opened.bank.pending(opened.known().namespace if namespace is not None else None, store)
    if json:
        answer("pending", namespace=namespace, pending=items)
    else:
        _tell(items)


@commands.command(rich_help_panel=PANEL)
def retry(
    store: options.OneStore = None,
    model: options.Model = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Interpret again what failed or waits. Exit code 1 where something is still pending."""
    from agentmem.cli.opening import reading

    with reading(db, namespace, model) as opened:
        items = opened.known().bank.retry(opened.namespace, store)
        path = opened.path
    if json:
        answer("retry", namespace=path, pending=items)
    else:
        _tell(items)
    if items:
        raise typer.Exit(Exit.NEGATIVE)


def _tell(items: Sequence[Pending]) -> None:
    from agentmem.cli.describing import pending_table
    from agentmem.cli.rendering import Page

    if items:
        Page().table(*pending_table(items))
    else:
        Page().line("nothing is pending")
