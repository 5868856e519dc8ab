"""Commands that ask: recall, context."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentmem.cli import options, values
from agentmem.cli.answers import answer
from agentmem.cli.exits import Exit

if TYPE_CHECKING:
    from agentmem.cli.opening import Opened
    from agentmem.stores import MemoryStore

commands = typer.Typer()
PANEL = "Ask"
NOTHING = "nothing relevant"


@commands.command(rich_help_panel=PANEL)
def recall(
    question: options.Asked = "",
    explain: Annotated[bool, typer.Option("--explain", help="Show the parts of every score.")] = False,
    why: Annotated[
        str | None,
        typer.Option(
            "--why", metavar="ID", help="Say instead why this record is recalled, or which step drops it."
        ),
    ] = None,
    k: options.K = 10,
    at: options.At = None,
    known_at: options.KnownAt = None,
    since: options.Since = None,
    until: options.Until = None,
    filter: options.Filter = None,
    entity: options.Entity = None,
    scope: options.Scope = "own",
    state: options.States = None,
    no_floor: options.NoFloor = False,
    dedupe: options.Dedupe = False,
    mmr: options.Mmr = None,
    rerank: options.Rerank = False,
    option: options.Options = None,
    steps: options.Steps = None,
    store: options.StoreName = "episodic",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Find what is relevant to a question, best first. Exit code 1 where nothing is."""
    from agentmem.cli.describing import hits_table, parts
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    asked = values.question(question)
    query = _query(
        k=k,
        at=at,
        known_at=known_at,
        since=since,
        until=until,
        filter=filter,
        entity=entity,
        scope=scope,
        state=state,
        no_floor=no_floor,
        dedupe=dedupe,
        mmr=mmr,
        rerank=rerank,
        option=option,
        steps=steps,
    )
    with reading(db, namespace) as opened:
        memory = _memory(opened, store, asked, query)
        path = opened.path
        if why is not None:
            explanation = memory.explain(asked, why, **query)
            hits = []
        else:
            hits = memory.recall(asked, **query)
    page = Page()
    if why is not None:
        if json:
            answer("why", namespace=path, query=asked, store=store, explanation=explanation)
            return
        verdict = (
            f"{why} is recalled, at rank {explanation.rank}"
            if explanation.recalled
            else f"{why} is not recalled: {explanation.reason} (step: {explanation.step})"
        )
        page.line(verdict)
        if explanation.score is not None:
            page.line(f"score {explanation.score:.2f}:  {parts(explanation.parts)}")
        return
    if json:
        answer("recall", namespace=path, query=asked, store=store, relevant=bool(hits), hits=hits)
    elif hits:
        page.table(*hits_table(hits, with_parts=explain))
    else:
        page.line(NOTHING)
    if not hits:
        raise typer.Exit(Exit.NEGATIVE)


@commands.command(rich_help_panel=PANEL)
def context(
    question: options.Asked = "",
    budget: Annotated[
        int, typer.Option("--budget", min=0, metavar="TOKENS", help="The text never costs more.")
    ] = 1_000,
    k: options.K = 20,
    at: options.At = None,
    known_at: options.KnownAt = None,
    since: options.Since = None,
    until: options.Until = None,
    filter: options.Filter = None,
    entity: options.Entity = None,
    scope: options.Scope = "own",
    state: options.States = None,
    no_floor: options.NoFloor = False,
    dedupe: options.Dedupe = False,
    mmr: options.Mmr = None,
    rerank: options.Rerank = False,
    option: options.Options = None,
    steps: options.Steps = None,
    store: options.StoreName = "episodic",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Write prompt text for a question, within a token budget. In a pipe: the text alone."""
    from agentmem.cli.describing import head, summary
    from agentmem.cli.opening import reading
    from agentmem.cli.rendering import Page

    asked = values.question(question)
    query = _query(
        k=k,
        at=at,
        known_at=known_at,
        since=since,
        until=until,
        filter=filter,
        entity=entity,
        scope=scope,
        state=state,
        no_floor=no_floor,
        dedupe=dedupe,
        mmr=mmr,
        rerank=rerank,
        option=option,
        steps=steps,
    )
    page = Page()
    with reading(db, namespace) as opened:
        memory = _memory(opened, store, asked, query)
        made = memory.synthesize(asked, budget, **query)
        path = opened.path
        is_told = page.is_rich and made.text and not json
        left = {record.id: head(record) for record in memory.get(made.left_out)} if is_told else {}
    if json:
        answer("context", namespace=path, query=asked, store=store, context=made)
    elif not page.is_rich:
        sys.stdout.write(made.text)
    elif made.text:
        page.block(made.text)
        page.line()
        page.line(summary(made), style="bold")
        if left:
            rows = [[reason, left.get(id, id)] for id, reason in made.left_out.items()]
            page.table(["left out for", "what"], rows)
    else:
        page.line(NOTHING if not made.left_out else summary(made))
    if not made.text:
        raise typer.Exit(Exit.NEGATIVE)


def _memory(opened: Opened, store: str, asked: str, query: dict[str, Any]) -> MemoryStore:
    """The store that is asked; where the question is to be embedded, the model is loaded meanwhile."""
    from agentmem.retrieval.steps import BY_VECTORS

    memory = opened.store(store, query["scope"])
    steps = query["steps"]
    if asked.strip() and (steps is None or not BY_VECTORS.isdisjoint(steps)):
        opened.bank.library.warm()
    return memory


def _query(
    *,
    k: int,
    at: str | None,
    known_at: str | None,
    since: str | None,
    until: str | None,
    filter: str | None,
    entity: str | None,
    scope: str,
    state: Sequence[options.StateName] | None,
    no_floor: bool,
    dedupe: bool,
    mmr: float | None,
    rerank: bool,
    option: Sequence[str] | None,
    steps: str | None,
) -> dict[str, Any]:
    """The fields of a query, from what was typed."""
    return {
        "k": k,
        "at": values.moment("--at", at),
        "known_at": values.moment("--known-at", known_at),
        "since": values.moment("--since", since),
        "until": values.moment("--until", until, whole_day=True),
        "filter": filter,
        "entity": entity,
        "scope": scope,
        "states": tuple(name.value for name in state) if state else ("live",),
        "floor": not no_floor,
        "dedupe": dedupe,
        "mmr": mmr,
        "rerank": rerank,
        "options": values.pairs("--option", option),
        "steps": values.names(steps),
    }
