"""How standings, moves and feedback of a layered memory are told, to people and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agentmem.cli.rendering import Cell
    from agentmem.records import Record
    from agentmem.stores.layered.course import Moved, Stand
    from agentmem.stores.layered.policy import LayerPolicy
    from agentmem.stores.layered.store import LayeredMemory
    from agentmem.stores.layered.trajectory import Ladder

USES = ("feedback", "layered.rate")
"""Operations that change an importance other than by time."""


def now_of(memory: LayeredMemory, at: datetime | None) -> datetime:
    """The moment that is asked about; none: now."""
    return at or memory.bank.view(memory.namespace, store=memory.shelf).now


def standing_words(stand: Stand | None) -> str:
    """A standing in one line: `in release, importance 70.1, recency 0.93; demoted 2026-03-01 10:00`."""
    from agentmem.cli.describing import stamp

    if stand is None:
        return "it has not happened yet"
    place = f"faded from {stand.layer}" if stand.faded else f"in {stand.layer}"
    told = f"{place}, importance {stand.importance:.1f}, recency {stand.recency:.2f}"
    if stand.next_move is None:
        return told if stand.faded else f"{told}; it stays"
    return f"{told}; {'fades' if stand.fades else 'moves down'} {stamp(stand.next_move)}"


def reason_of(move: Moved, policy: LayerPolicy) -> str:
    """Why an item moved, as the new version of its record says it."""
    from agentmem.stores.layered.changes import told
    from agentmem.stores.layered.trajectory import Ladder

    ladder = Ladder(policy)
    words = told([_as_arrays_say(move, ladder)], ladder).removeprefix("; ")
    _, _, why = words.partition(f" on {move.at.isoformat(timespec='minutes')}")
    return why.lstrip(": ")


def _as_arrays_say(move: Moved, ladder: Ladder) -> Any:
    from agentmem.db.times import micros
    from agentmem.stores.layered.standing import number_of
    from agentmem.stores.layered.trajectory import Move

    return Move(
        place=0,
        at=micros(move.at),
        kind=move.kind,
        source=number_of(move.source, ladder),
        target=number_of(move.target, ladder),
        importance=move.importance,
        recency=move.recency,
    )


def move_words(move: Moved) -> str:
    """What happened, in two or three words: `demoted to today`."""
    if move.kind == "faded":
        return f"faded from {move.source}"
    return f"{move.kind} {'in' if move.kind == 'revived' else 'to'} {move.target}"


def move_json(move: Moved, policy: LayerPolicy) -> dict[str, Any]:
    """A move as JSON answers tell it."""
    return {**move.model_dump(mode="json"), "why": reason_of(move, policy)}


def moves_table(
    moves: Sequence[Moved], policy: LayerPolicy, at: datetime
) -> tuple[list[str], list[list[Cell]]]:
    """Columns and rows for the moves of one item, past ones and those to come."""
    from agentmem.cli.describing import stamp

    rows: list[list[Cell]] = [
        [
            stamp(move.at),
            "comes" if move.at > at else "past",
            move_words(move),
            f"{move.importance:.1f}",
            f"{move.recency:.3f}",
            reason_of(move, policy),
        ]
        for move in moves
    ]
    return ["when", "", "move", "importance", "recency", "why"], rows


def uses_of(memory: LayeredMemory, item: Record) -> list[dict[str, Any]]:
    """What use and rating did to an item's importance, oldest first, as JSON answers tell it."""
    view = memory.bank.view(memory.namespace, store=memory.shelf)
    made = {one.from_seq: one for one in view.versions([item.id])}
    operations = [event for event in reversed(view.operations([item.id])) if event.type in USES]
    told = []
    for event in operations:
        version = made.get(event.seq)
        told.append(
            {
                "time": event.happened.isoformat(),
                "kind": event.data.get("kind", "rated"),
                "value": event.data.get("value", event.data.get("importance")),
                "event_id": event.id,
                "importance": None if version is None else version.payload["importance"],
                "why": "" if version is None else version.why,
            }
        )
    return told
