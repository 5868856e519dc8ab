"""The course of items through time: where one stands, its moves, how many stand where, how long they last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from agentmem.db.times import micros, moment
from agentmem.records import Record, State, Text, Time, Value
from agentmem.stores.layered.effective import Effective
from agentmem.stores.layered.standing import arrays_of, due_moment, is_item
from agentmem.stores.layered.trajectory import (
    DAY,
    NEVER,
    Kind,
    Ladder,
    Move,
    Standings,
    importance_at,
    next_moves,
    recency_at,
    rolled,
)


class Moved(Value):
    """One move of an item.

    Attributes:
        at: When.
        kind: What happened.
        source: The layer that it left.
        target: The layer it is in afterwards; of a fading, the same.
        importance: Then.
        recency: Then, before it moved.
    """

    at: Time
    kind: Kind
    source: Text
    target: Text
    importance: float
    recency: float


class Stand(Value):
    """Where one item stands at a moment.

    Attributes:
        at: The moment.
        layer: The layer; of a faded item, that which it faded from.
        faded: Whether it has faded.
        importance: v α^days.
        recency: exp(-days in the layer / Q).
        next_move: When it moves next by itself; none: never.
        fades: Whether it fades then, and does not fall.
    """

    at: Time
    layer: Text
    faded: bool
    importance: float
    recency: float
    next_move: Time | None
    fades: bool


class Survival(Value):
    """How long the items of a layer last, as the Kaplan-Meier estimate tells it.

    Attributes:
        items: How many began in the layer.
        faded: How many of them have faded; the others are still there, and count as long as they are.
        days: Ages at which some faded, ascending.
        share: Of all items, that live longer than each of `days`.
    """

    items: int
    faded: int
    days: tuple[float, ...]
    share: tuple[float, ...]


def standing_at(versions: Sequence[Record], ladder: Ladder, at: int) -> Stand | None:
    """Where an item stood or will stand by its versions, the oldest first; none before it happened."""
    states = [arrays_of([one], ladder) for one in versions if is_item(one)]
    before = [one for one in states if int(one.since[0]) <= at]
    if not before:
        return None
    standing = rolled(ladder, before[-1], at)
    due, fading = next_moves(ladder, standing)
    due_at = int(due[0])
    return Stand(
        at=moment(at),
        layer=ladder.names[int(standing.layer[0])],
        faded=bool(standing.faded[0]),
        importance=float(importance_at(ladder, standing, at)[0]),
        recency=float(recency_at(ladder, standing, at)[0]),
        next_move=due_moment(due_at),
        fades=bool(fading[0]) and due_at != NEVER,
    )


def moves_of(versions: Sequence[Record], ladder: Ladder, until: datetime) -> list[Moved]:
    """All moves of an item up to a moment, past or coming, in their order.

    Args:
        versions: Its versions, the oldest first.
        ladder: The policy.
        until: Up to when; after its last version, as it goes on by itself.
    """
    end = micros(until)
    states = [arrays_of([one], ladder) for one in versions if is_item(one)]
    moves: list[Move] = []
    for place, state in enumerate(states):
        after = states[place + 1] if place + 1 < len(states) else None
        if after is None:
            rolled(ladder, state, end, moves)
            break
        since = int(after.since[0])
        if since > end:
            rolled(ladder, state, end, moves)
            break
        by_itself = rolled(ladder, state, since, moves)
        moves += _jump(by_itself, after, ladder)
    return [_moved(move, ladder) for move in moves]


def _jump(before: Standings, after: Standings, ladder: Ladder) -> list[Move]:
    """The moves that a use made between two standings."""
    at, importance = int(after.since[0]), float(after.importance[0])
    layer, target = int(before.layer[0]), int(after.layer[0])
    recency = float(recency_at(ladder, before, at)[0])
    moves: list[Move] = []
    if before.faded[0] and not after.faded[0]:
        moves.append(Move(0, at, "revived", layer, layer, importance, recency))
    moves += [
        Move(0, at, "promoted", number, number + 1, importance, recency) for number in range(layer, target)
    ]
    return moves


def _moved(move: Move, ladder: Ladder) -> Moved:
    names = ladder.names
    return Moved(
        at=moment(move.at),
        kind=move.kind,
        source=names[move.source],
        target=names[move.target],
        importance=move.importance,
        recency=move.recency,
    )


def population(found: Effective, ladder: Ladder) -> dict[str, int]:
    """How many live items stand in each layer, and how many have `faded`."""
    standings = found.standings
    counts = np.bincount(standings.layer[~standings.faded], minlength=len(ladder.policy.layers))
    told = {name: int(count) for name, count in zip(ladder.names, counts, strict=True)}
    return {**told, State.FADED.value: int(np.count_nonzero(standings.faded))}


def survival(found: Effective, began: NDArray[np.int8], ladder: Ladder) -> dict[str, Survival]:
    """How long items last, by the layer in which they began (Kaplan and Meier, 1958).

    Args:
        found: All items at a moment, faded ones too.
        began: Number of the layer in which each began, shape (n,).
        ladder: The policy.
    """
    from scipy.stats import CensoredData, ecdf

    told: dict[str, Survival] = {}
    standings = found.standings
    ages = (np.where(standings.faded, standings.since, found.at) - standings.born) / DAY
    for number, name in enumerate(ladder.names):
        own = began == number
        gone, there = ages[own & standings.faded], ages[own & ~standings.faded]
        days: list[float] = []
        share: list[float] = []
        if len(gone):
            curve = ecdf(CensoredData(uncensored=gone, right=there)).sf
            falls = np.isin(curve.quantiles, gone)  # the others are ages at which somebody was last seen
            days, share = curve.quantiles[falls].tolist(), curve.probabilities[falls].tolist()
        told[name] = Survival(
            items=int(np.count_nonzero(own)), faded=len(gone), days=tuple(days), share=tuple(share)
        )
    return told
