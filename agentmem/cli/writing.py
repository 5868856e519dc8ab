"""Commands that write: remember, correct, retract, undo."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmem.cli import options, values
from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit

commands = typer.Typer()
PANEL = "Write"


@commands.command(rich_help_panel=PANEL)
def remember(
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT", help="What happened. Without it, or with `-`: all of stdin, as one event."
        ),
    ] = None,
    actor: options.Actor = "",
    session: options.Session = "",
    time: options.Time = None,
    trust: options.Trust = "user",
    kind: Annotated[
        str, typer.Option("--type", metavar="NAME", help="What kind of event it is.")
    ] = "message",
    id: Annotated[
        str, typer.Option("--id", metavar="ID", help="The event's id: given twice, it is stored once.")
    ] = "",
    model: options.Model = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Keep what happened, verbatim. It can be recalled when this returns."""
    from agentmem.cli.describing import receipt_line
    from agentmem.cli.opening import writing
    from agentmem.cli.rendering import Page
    from agentmem.records import Event, Trust

    event = Event(
        id=id,
        type=kind,
        actor=actor,
        trust=Trust(trust),
        session=session,
        time=values.moment("--time", time),
        text=values.given_text("text", text),
    )
    with writing(db, namespace, model) as opened:
        receipt = opened.bank.append(opened.namespace, [event])[0]
    if json:
        answer("remember", namespace=opened.path, receipt=receipt)
    else:
        Page().line(receipt_line(receipt))
    if receipt.status not in ("stored", "duplicate"):
        raise typer.Exit(Exit.NEGATIVE)


@commands.command(rich_help_panel=PANEL)
def correct(
    id: options.Id,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What is right; `-` reads it from stdin.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="ID", help="A record that says what is right already.")
    ] = None,
    why: options.Why = "",
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="It changed then. Without it: the old was never so."),
    ] = None,
    actor: options.Actor = "",
    trust: options.Trust = "user",
    time: options.Time = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Replace what a record says. The old leaves recall, and stays in the history."""
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page
    from agentmem.records import Trust
    from agentmem.stores.lineage import successors

    said = "" if by is not None and text is None else values.given_text("text", text)
    with reading(db, namespace) as opened:
        receipt = opened.store().correct(
            id,
            said,
            why,
            values.moment("--since", since),
            by=by,
            actor=actor,
            trust=Trust(trust),
            time=values.moment("--time", time),
        )
        made, beside = successors(opened.bank.view(opened.namespace), id)
        path = opened.path
    if json:
        answer("correct", namespace=path, id=id, receipt=receipt, superseded_by=made, alternatives=beside)
    elif made:
        Page().line(f"{id} is superseded by {made[-1]}; see: agentmem history {id}")
    else:
        Page().line(
            f"{id} is trusted more than {trust!r}: it stands, and {', '.join(beside)} stands beside it"
        )


@commands.command(rich_help_panel=PANEL)
def retract(
    ids: options.Ids,
    why: options.Why = "",
    trust: options.Trust = "user",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Take records out of recall. They stay in the history; to erase them, see `forget`."""
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page
    from agentmem.records import Trust

    with reading(db, namespace) as opened:
        receipts = opened.store().retract(ids, why, trust=Trust(trust))
        path = opened.path
    if json:
        answer("retract", namespace=path, ids=ids, receipts=receipts)
    else:
        Page().line(f"retracted {', '.join(ids)}")


@commands.command(rich_help_panel=PANEL)
def undo(
    id: options.Id,
    why: options.Why = "",
    trust: options.Trust = "user",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Let a record that left recall stand again, as it was. See `changes` for which did."""
    from agentmem.cli.describing import body, short
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page
    from agentmem.records import Trust
    from agentmem.stores.lineage import returned

    with reading(db, namespace) as opened:
        receipt = opened.bank.undo(opened.known().namespace, id, why, trust=Trust(trust))
        path = opened.path
        view = opened.bank.view(opened.namespace)
        out, beside = returned(view, id, receipt.seq)
        record = view.get([id])[0]
    if json:
        answer(
            "undo",
            namespace=path,
            id=id,
            receipt=receipt,
            record=record,
            out_of_recall=out,
            alternatives=beside,
        )
        return
    page = Page()
    page.line(f"{id} stands again: {short(body(record))}")
    if out:
        page.line(f"out of recall in its place: {', '.join(out)}")
    if beside:
        page.line(f"stands beside it, and says otherwise: {', '.join(beside)}")
