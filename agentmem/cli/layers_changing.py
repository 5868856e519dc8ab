"""Commands of `layers` that change the memory: note, reflect, feedback, advance."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agentmem.cli import layers_opening, options, values
from agentmem.cli.answers import answer
from agentmem.cli.layers_opening import Rating, beginning, changing, item_of
from agentmem.cli.memory_opening import Where

if TYPE_CHECKING:
    from datetime import datetime

    from agentmem.cli.opening import Opened
    from agentmem.records import Record
    from agentmem.stores.layered.course import Moved, Stand
    from agentmem.stores.layered.store import LayeredMemory

commands = typer.Typer()
PANEL = "Change"

Importance = Annotated[
    float | None,
    typer.Option("--importance", metavar="X", help="0 to 100. Default: drawn by the policy, or by --rating."),
]
Metadata = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="What filters can ask for; repeatable."),
]


@commands.command(rich_help_panel=PANEL)
def note(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="What happened; `-` reads it from stdin.")
    ] = None,
    kind: Annotated[
        str, typer.Option("--kind", metavar="NAME", help="Its kind, by which the policy chooses its layer.")
    ] = "",
    layer: Annotated[
        str | None, typer.Option("--layer", metavar="NAME", help="Its layer, whatever its kind.")
    ] = None,
    importance: Importance = None,
    metadata: Metadata = None,
    time: options.Time = None,
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "user",
    id: Annotated[
        str, typer.Option("--id", metavar="ID", help="The event's id: given twice, it is stored once.")
    ] = "",
    policy: layers_opening.Policy = None,
    rating: Annotated[
        Rating | None,
        typer.Option("--rating", help="Who rates what nobody rated; chosen when the memory begins."),
    ] = None,
    model: options.Model = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Keep an item. Its clock starts when it happened."""
    from agentmem.records import Trust

    said = values.given_text("text", text)
    with beginning(Where(db, namespace, model), policy, rating) as (memory, opened):
        made = memory.note(
            said,
            kind=kind,
            layer=layer,
            importance=importance,
            time=values.moment("--time", time),
            trust=Trust(trust),
            actor=actor,
            session=session,
            metadata=values.pairs("--set", metadata),
            id=id,
        )
        (item,) = memory.get([made])
        waiting = [one for one in memory.pending() if one.event_id in item.sources]
        _tell_item("note", item, memory, opened, json=json, pending=waiting)


@commands.command(rich_help_panel=PANEL)
def reflect(
    about: Annotated[list[str], typer.Argument(metavar="ID", help="Items that it is about.")],
    text: Annotated[
        str, typer.Option("--text", metavar="TEXT", help="The thought; `-` reads it from stdin.")
    ],
    importance: Importance = None,
    metadata: Metadata = None,
    time: options.Time = None,
    actor: options.Actor = "",
    session: options.Session = "",
    trust: options.Trust = "agent",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Keep a thought on items, in the layer of reflections."""
    from agentmem.records import Trust

    said = values.given_text("text", text)
    with changing(Where(db, namespace)) as (memory, opened):
        ids = [item_of(memory, one).id for one in about]
        made = memory.reflect(
            said,
            ids,
            importance=importance,
            time=values.moment("--time", time),
            trust=Trust(trust),
            actor=actor,
            session=session,
            metadata=values.pairs("--set", metadata),
        )
        (item,) = memory.get([made])
        _tell_item("reflect", item, memory, opened, json=json, about=ids)


def _tell_item(
    command: str, item: Record, memory: LayeredMemory, opened: Opened, *, json: bool, **more: Any
) -> None:
    from agentmem.cli.layers_telling import standing_words
    from agentmem.cli.rendering import Page

    stand = memory.standing(item.id, item.time)
    if json:
        answer(f"layers.{command}", namespace=opened.path, item=item, standing=stand, **more)
        return
    page = Page()
    page.line(f"{command} {item.id}: {standing_words(stand)}")
    for one in more.get("pending", ()):
        page.line(f"not rated yet: {one.error or 'it waits'}; try again: agentmem retry", style="yellow")


@commands.command(rich_help_panel=PANEL)
def feedback(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID", help="Items, by their ids or those of their events.")
    ],
    kind: Annotated[
        str,
        typer.Option(
            "--kind", metavar="NAME", help="helped, used, ...; `harmed` counts against, `profit` by its sign."
        ),
    ] = "helped",
    value: Annotated[
        float, typer.Option("--value", metavar="X", help="How much: -1 to 1; of a profit: the amount.")
    ] = 1.0,
    time: options.Time = None,
    trust: options.Trust = "user",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say what became of items. What is of use rises, and stays; what harmed sinks."""
    from agentmem.cli.layers_telling import now_of, standing_words
    from agentmem.cli.rendering import Cell, Page
    from agentmem.records import Trust

    moment = values.moment("--time", time)
    with changing(Where(db, namespace)) as (memory, opened):
        items = list({item.id: item for item in (item_of(memory, one) for one in ids)}.values())
        before = [_importance(memory, one, now_of(memory, moment)) for one in items]
        receipts = memory.feedback([one.id for one in items], kind, value, trust=Trust(trust), time=moment)
        events = opened.bank.events(opened.namespace, [one.event_id for one in receipts])
        at = moment or max(event.happened for event in events)
        stands = [memory.standing(one.id, at) for one in items]
        path = opened.path
    told = [
        {
            "id": item.id,
            "text": item.text,
            "before": was,
            "after": None if stand is None else stand.importance,
            "standing": stand,
        }
        for item, was, stand in zip(items, before, stands, strict=True)
    ]
    if json:
        answer("layers.feedback", namespace=path, items=told, receipts=receipts)
        return
    rows: list[list[Cell]] = [
        [
            item.id,
            "-" if was is None else f"{was:.1f}",
            "-" if stand is None else f"{stand.importance:.1f}",
            standing_words(stand),
        ]
        for item, was, stand in zip(items, before, stands, strict=True)
    ]
    Page().table(["id", "before", "after", "stands"], rows)


def _importance(memory: LayeredMemory, item: Record, at: datetime) -> float | None:
    stand: Stand | None = memory.standing(item.id, at)
    return None if stand is None else stand.importance


@commands.command(rich_help_panel=PANEL)
def advance(
    now: Annotated[
        str | None,
        typer.Argument(metavar="TIME", help="Up to when (ISO 8601, UTC unless said). Default: now."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=0, metavar="N", help="Tell of so many items that moved.")
    ] = 50,
    policy: layers_opening.Policy = None,
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Let time pass. What is due moves or fades, and its history says why. Time never goes back."""
    from agentmem.cli.layers_telling import now_of

    where, moment = Where(db, namespace), values.moment("TIME", now)
    with beginning(where, policy) if policy is not None else changing(where) as (memory, opened):
        until = now_of(memory, moment)
        view = memory.bank.view(memory.namespace, store=memory.shelf)
        due = view.due(until + timedelta(microseconds=1))
        (receipt,) = memory.advance(until)
        moved = _moved(due, memory, until)
        path = opened.path
    counts: Counter[str] = Counter(move.kind for _, moves in moved for move in moves)
    _tell_moved(moved[:limit], counts, len(moved), memory, path, until, receipt, json=json)


def _moved(due: list[Record], memory: LayeredMemory, until: datetime) -> list[tuple[Record, list[Moved]]]:
    """The items that were due, each with its moves up to a moment."""
    from agentmem.stores.layered.course import moves_of
    from agentmem.stores.layered.standing import is_item
    from agentmem.stores.layered.trajectory import Ladder

    ladder = Ladder(memory.policy)
    found = [(one, moves_of([one], ladder, until)) for one in due if is_item(one)]
    return [(item, moves) for item, moves in found if moves]


def _tell_moved(
    shown: list[tuple[Record, list[Moved]]],
    counts: Counter[str],
    total: int,
    memory: LayeredMemory,
    path: str,
    until: datetime,
    receipt: Any,
    *,
    json: bool,
) -> None:
    from agentmem.cli.describing import head, short, stamp
    from agentmem.cli.layers_telling import move_json, move_words, reason_of
    from agentmem.cli.rendering import Cell, Page

    if json:
        moved = [
            {"id": item.id, "text": item.text, "moves": [move_json(move, memory.policy) for move in moves]}
            for item, moves in shown
        ]
        answer(
            "layers.advance",
            namespace=path,
            now=until.isoformat(),
            counts=counts,
            moved=moved,
            receipt=receipt,
        )
        return
    page = Page()
    told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items())) or "nothing was due"
    page.line(f"time has passed up to {stamp(until)}: {told}")
    rows: list[list[Cell]] = [
        [
            stamp(moves[-1].at),
            move_words(moves[-1]),
            [
                head(item),
                short(item.text),
                *(
                    f"{move_words(move)} on {move.at:%Y-%m-%d}: {reason_of(move, memory.policy)}"
                    for move in moves
                ),
            ],
        ]
        for item, moves in shown
    ]
    if rows:
        page.table(["when", "move", "what"], rows)
    if total > len(shown):
        page.line(f"and {total - len(shown):,} more items; see --limit")
