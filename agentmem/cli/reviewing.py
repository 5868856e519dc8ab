"""Commands of the quarantine: review list, approve, reject."""

from __future__ import annotations

from typing import Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.erasing import Wait, Yes, sure, tell

commands = typer.Typer(
    name="review",
    help="What tools and the web said that looks like an instruction to the agent: kept, out of recall.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Events = Annotated[
    list[str], typer.Argument(metavar="ID", help="Ids of events, as `review list` shows them.")
]


@commands.command("list")
def waiting(
    after: Annotated[
        int, typer.Option("--after", min=0, metavar="SEQ", help="Only what came after this number.")
    ] = 0,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, metavar="N", help="How many at most.")] = 100,
    scope: options.Scope = "own",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """List what waits for review, and what makes it look like an instruction."""
    from agentmem.cli.describing import short
    from agentmem.cli.opening import path_of, reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        bank = opened.known(scope).bank
        found = bank.quarantined(opened.namespace, scope=scope, after=after, limit=limit + 1)
        path = opened.path
    suspects = found[:limit]
    last = suspects[-1].event.seq if len(found) > limit else None
    if json:
        answer("review.list", namespace=path, suspects=suspects, next=last)
        return
    page = Page()
    if not suspects:
        page.line("nothing waits for review")
        return
    rows = [
        [
            one.event.id if scope == "own" else f"{path_of(one.event.namespace)}\n{one.event.id}",
            [
                f"{one.event.trust.value} {one.event.actor}".rstrip(),
                short(one.event.text or str(one.event.data)),
                f"it {', '.join(one.signs)}" if one.signs else "it is caused by what waits for review",
            ],
        ]
        for one in suspects
    ]
    page.table(["event", "what"], rows)
    if last is not None:
        page.line(f"there are more: agentmem review list --after {last}")


@commands.command()
def approve(
    ids: Events,
    why: options.Why = "",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Let events into the stores, in their places, with what was kept apart for them alone."""
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        review = opened.known().bank.approve(opened.namespace, ids, why)
        path = opened.path
    if json:
        answer("review.approve", namespace=path, review=review)
        return
    page = Page()
    page.line(f"approved: {', '.join(review.approved)}")
    if review.pending:
        page.line(f"{review.pending} are still pending: agentmem retry")


@commands.command()
def reject(
    ids: Events,
    why: options.Why = "",
    yes: Yes = False,
    wait: Wait = 10.0,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Forget events for good, down to the bytes, with what they caused."""
    from agentmem.bank.forgetting import scrubbed
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    with reading(db, namespace) as opened:
        opened.known()
        sure(f"Forget {len(ids)} events of namespace {opened.path!r} for good?", yes, "forgotten")
        report = scrubbed(opened.bank, opened.bank.reject(opened.namespace, ids, why), wait)
        path = opened.path
    if json:
        answer("review.reject", namespace=path, report=report)
    else:
        tell(Page(), report)
