"""Commands that look at what is kept: show, history, changes, stats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.errors import NotFound

if TYPE_CHECKING:
    from agentmem.records import Event, Record

commands = typer.Typer()
SHOWN = 30
"""The newest days, and the largest namespaces; `--json` tells all."""
PANEL = "Look"


@commands.command(rich_help_panel=PANEL)
def show(
    ids: options.Ids, db: options.Db = None, namespace: options.Namespace = None, json: options.Json = False
) -> None:
    """Show records or events, with all that is known of them."""
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        records = [record for record in opened.store().get(ids) if record.state != "forgotten"]
        there = {record.id for record in records}
        events = [event for event in opened.bank.events(opened.namespace, ids) if event.id not in there]
        path = opened.path
    missing = [id for id in ids if id not in there | {event.id for event in events}]
    if missing:
        raise NotFound(f"there is no record or event {missing[0]!r} in namespace {path!r}", "see `recall`")
    if json:
        answer("show", namespace=path, records=records, events=events)
        return
    page = Page()
    things: list[Record | Event] = [*records, *events]
    for place, thing in enumerate(things):
        if place:
            page.line()
        page.pairs(_told(thing))


def _told(thing: Record | Event) -> dict[str, str]:
    """The fields of a record or event that say something."""
    import json

    told: dict[str, str] = {"id": thing.id}
    for name, value in thing.model_dump(mode="json", exclude_defaults=True).items():
        if name not in ("id", "indexed", "from_seq", "to_seq", "seq"):
            told[name] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if thing.namespace:
        told["namespace"] = "/".join(thing.namespace)
    told.setdefault("state", str(thing.state))
    return told


@commands.command(rich_help_panel=PANEL)
def history(
    id: options.Id, db: options.Db = None, namespace: options.Namespace = None, json: options.Json = False
) -> None:
    """Show every version of a record. And of what it replaced, and what replaced it."""
    from agentmem.cli.describing import versions_table
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        versions = opened.store().history(id)
        path = opened.path
    if json:
        answer("history", namespace=path, id=id, versions=versions)
    else:
        Page().table(*versions_table(versions))


@commands.command(rich_help_panel=PANEL)
def changes(
    after: Annotated[
        int, typer.Option("--after", min=0, metavar="SEQ", help="Only those after this sequence number.")
    ] = 0,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="How many at most.")] = 100,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """List what left recall: superseded, retracted, faded. Newest first. `undo` brings it back."""
    from agentmem.cli.describing import body, head, short
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page
    from agentmem.stores.lineage import standing_again

    with reading(db, namespace) as opened:
        records = opened.known().bank.changes(opened.namespace, after=after, limit=limit)
        standing = standing_again(opened.bank.view(opened.namespace), records)
        path = opened.path
    if json:
        answer("changes", namespace=path, changes=records, standing=standing)
        return
    page = Page()
    if not records:
        page.line("nothing has left recall")
        return
    rows = [
        [
            str(record.from_seq),
            [
                head(record),
                short(body(record)),
                *([f"why: {record.why}"] if record.why else []),
                *(["it stands again"] if record.id in standing else []),
            ],
        ]
        for record in records
    ]
    page.table(["seq", "what"], rows)


@commands.command(rich_help_panel=PANEL)
def stats(
    growth: Annotated[
        bool, typer.Option("--growth", help="Also how much was recorded when, and what namespaces hold.")
    ] = False,
    db: options.Db = None,
    namespace: options.AnyNamespace = None,
    json: options.Json = False,
) -> None:
    """Count what the bank holds, or one namespace of it."""
    from agentmem.cli.opening import path_of, reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        counted = opened.bank.stats(opened.known().namespace if namespace is not None else None)
        places = [path_of(one) for one in opened.bank.namespaces()]
        grown = opened.bank.growth(opened.namespace if namespace is not None else None) if growth else []
        where = opened.where
    if json:
        answer("stats", namespace=namespace, db=where, stats=counted, namespaces=places, growth=grown)
        return
    page = Page()
    told: dict[str, object] = {"bank": where, "namespace": namespace or ", ".join(places) or "none"}
    told |= {"events": counted.events, "operations": counted.operations, "forgotten": counted.forgotten}
    for state, n in {"quarantined": counted.quarantined, "archived": counted.archived}.items():
        told |= {state: n} if n else {}
    for store, states in counted.records.items():
        told[f"{store} records"] = ", ".join(f"{n} {state}" for state, n in sorted(states.items()))
    told["vectors"] = f"{counted.vectors} ({counted.embedder or 'no embedder yet'})"
    if counted.waiting_for_vectors:
        told["waiting for vectors"] = counted.waiting_for_vectors
    if counted.pending:
        told["pending"] = ", ".join(f"{n} {state}" for state, n in sorted(counted.pending.items()))
    told["size"] = f"{counted.bytes / 1_000_000:.1f} MB"
    page.pairs(told)
    for name, of in (("days", "day"), ("namespaces", "namespace")):
        rows = [
            [path_of(one.namespace) if one.namespace else str(one.day), str(one.events), str(one.bytes)]
            for one in grown
            if (one.namespace is None) is (of == "day")
        ]
        if rows:
            page.heading(f"{name}: events recorded that are held, operations too, and bytes of text and data")
            page.table([of, "events", "bytes"], rows[-SHOWN:] if of == "day" else rows[:SHOWN])
