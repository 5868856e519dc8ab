"""Where items stand at any moment: pure functions of time over arrays; nothing here is read or written.

Between two uses an importance only falls, so that all moves of an item follow from where it stood last.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from agentmem.stores.layered.policy import LayerPolicy

DAY = 86_400_000_000
"""Microseconds."""
GRAIN = 1_000
"""Moves happen on whole milliseconds, in microseconds: the first after their condition holds."""
NEVER = np.iinfo(np.int64).max
"""A move that never comes, in microseconds."""
FURTHEST = 2.5e17
"""Microseconds after 1970 of the last moves that are told apart from none: of about the year 9890."""
MOST = 100.0
"""Importance above this counts no more in the rank."""
DIGITS = 9
"""Decimals of an importance that is kept."""

Times = NDArray[np.int64]
Amounts = NDArray[np.float64]
Kind = Literal["promoted", "demoted", "faded", "revived"]


class Ladder:
    """A policy as arrays by the number of the layer, each shape (layers,)."""

    def __init__(self, policy: LayerPolicy) -> None:
        layers, rungs = policy.layers, len(policy.ladder)
        self.policy = policy
        self.names = policy.names
        self.stability = np.array([layer.stability for layer in layers])
        """Days."""
        self.slope = np.log([layer.retention for layer in layers])
        """ln α, per day."""
        self.ceiling = np.array([np.inf if one.promote_at is None else one.promote_at for one in layers])
        """The importance from which an item moves up."""
        self.floor = np.full(len(layers), -np.inf)
        """The importance under which an item moves down."""
        self.floor[1:rungs] = self.ceiling[: rungs - 1] - policy.margin

    @cached_property
    def lifetime(self) -> Amounts:
        """Days after which recency is used up."""
        least = self.policy.least_recency
        return self.stability * -np.log(least) if least > 0 else np.full(len(self.stability), np.inf)


@dataclass(frozen=True)
class Standings:
    """Where n items stand, from a moment on; columns, each shape (n,).

    Attributes:
        layer: Number of the layer; of a faded one, that which it faded from.
        born: When the item happened, in microseconds.
        entered: When its clock in the layer started, in microseconds.
        since: From when on this is so, in microseconds.
        importance: At `since`.
        faded: Whether it has faded.
    """

    layer: NDArray[np.int8]
    born: Times
    entered: Times
    since: Times
    importance: Amounts
    faded: NDArray[np.bool_]

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.layer)

    def taken(self, places: NDArray[Any]) -> Standings:
        """Those at `places`, numbers or a mask."""
        return Standings(**{one.name: getattr(self, one.name)[places] for one in fields(self)})

    def written(self, places: NDArray[Any], values: Standings) -> Standings:
        """The same with others at `places`."""
        columns = {one.name: getattr(self, one.name).copy() for one in fields(self)}
        for name, column in columns.items():
            column[places] = getattr(values, name)
        return Standings(**columns)


@dataclass(frozen=True)
class Move:
    """One move of one item.

    Attributes:
        place: Which item, by its place.
        at: When, in microseconds.
        kind: What happened.
        source: Number of the layer that it left.
        target: Number of the layer that it is in afterwards; of a fading, the same.
        importance: Then.
        recency: Then, before it moved.
    """

    place: int
    at: int
    kind: Kind
    source: int
    target: int
    importance: float
    recency: float


def importance_at(ladder: Ladder, standings: Standings, at: int | Times) -> Amounts:
    """Importance at a moment (microseconds) not before `since`: v α^days, shape (n,)."""
    days = (at - standings.since) / DAY
    return np.asarray(standings.importance * np.exp(ladder.slope[standings.layer] * days))


def recency_at(ladder: Ladder, standings: Standings, at: int | Times) -> Amounts:
    """Recency at a moment (microseconds): exp(-days in the layer / Q), shape (n,)."""
    return np.asarray(np.exp((standings.entered - at) / DAY / ladder.stability[standings.layer]))


def next_moves(ladder: Ladder, standings: Standings) -> tuple[Times, NDArray[np.bool_]]:
    """When each item moves next (`NEVER`: it does not), and whether it fades then, both shape (n,)."""
    policy, layer = ladder.policy, standings.layer
    falls = np.maximum(
        _reaching(ladder, standings, ladder.floor[layer]),
        standings.born + round(policy.grace * DAY),
    )
    falls[~np.isfinite(ladder.floor[layer])] = NEVER
    fades = np.minimum(
        _reaching(ladder, standings, np.full(len(standings), policy.least_importance)),
        np.maximum(_after(standings.entered, ladder.lifetime[layer]), standings.since),
    )
    when = np.minimum(falls, fades)
    when[standings.faded] = NEVER
    return when, fades <= falls


def _reaching(ladder: Ladder, standings: Standings, floor: Amounts) -> Times:
    """When importances are first under `floor`; at once, where they are."""
    slope = ladder.slope[standings.layer]
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        days = np.log(floor / standings.importance) / slope
    days = np.where(standings.importance < floor, -np.inf, days)
    days[~np.isfinite(floor) | (floor <= 0) | ((slope == 0) & (standings.importance >= floor))] = np.inf
    return np.where(days == -np.inf, standings.since, _after(standings.since, days))


def _after(since: Times, days: Amounts) -> Times:
    """The first whole millisecond later than so many `days` after a moment."""
    far = ~(days < (FURTHEST - since.astype(np.float64)) / DAY)
    span = np.floor(np.where(far | (days < 0), 0.0, days) * (DAY / GRAIN)).astype(np.int64) + 1
    return np.where(far, NEVER, since + span * GRAIN)


def rolled(ladder: Ladder, standings: Standings, until: int, moves: list[Move] | None = None) -> Standings:
    """Where the items stand at `until` (microseconds), each by the last of its moves up to then.

    Args:
        ladder: The policy.
        standings: Where they stood.
        until: Up to when; moves at this very moment are done.
        moves: Takes up each move, in the order in which rounds of them are found.
    """
    while True:
        when, fading = next_moves(ladder, standings)
        places = np.flatnonzero(when <= until)
        if not len(places):
            return standings
        moving, at, fades = standings.taken(places), when[places], fading[places]
        at = np.maximum(at, moving.since)
        importance = np.round(importance_at(ladder, moving, at), DIGITS)
        layer = np.where(fades, moving.layer, moving.layer - 1).astype(np.int8)
        if moves is not None:
            recency = recency_at(ladder, moving, at)
            moves += [
                Move(
                    int(place),
                    int(at[n]),
                    "faded" if fades[n] else "demoted",
                    int(moving.layer[n]),
                    int(layer[n]),
                    float(importance[n]),
                    float(recency[n]),
                )
                for n, place in enumerate(places)
            ]
        moved = replace(moving, layer=layer, since=at, importance=importance, faded=moving.faded | fades)
        standings = standings.written(places, moved)


def raised(
    ladder: Ladder, standing: Standings, at: int, added: float, moves: list[Move] | None = None
) -> Standings:
    """One item, (1,), after `added` to its importance at a moment; it moves up as far as that reaches.

    A good use brings back what has faded: its clock starts again in the layer where it stood.

    Args:
        ladder: The policy.
        standing: Where it stood; it is rolled to `at` first.
        at: When, in microseconds; if that is before `since`, then at `since`.
        added: What is added; an importance is never under 0.
        moves: Takes up each move.
    """
    at = max(at, int(standing.since[0]))
    standing = rolled(ladder, standing, at, moves)
    layer, faded = int(standing.layer[0]), bool(standing.faded[0])
    left = float(importance_at(ladder, standing, at)[0])
    if faded and added > 0:
        left = max(left, ladder.policy.least_importance)
    importance = round(max(0.0, left + added), DIGITS)
    entered, recency = int(standing.entered[0]), float(recency_at(ladder, standing, at)[0])
    if faded and added <= 0:
        return standing
    if faded:
        if moves is not None:
            moves.append(Move(0, at, "revived", layer, layer, importance, recency))
        entered = at
    reached = _risen(ladder, layer, at, importance, recency, moves)
    entered = at if reached > layer else entered
    return standing_of(reached, int(standing.born[0]), entered, at, importance)


def _risen(
    ladder: Ladder, layer: int, at: int, importance: float, recency: float, moves: list[Move] | None
) -> int:
    """The layer that an importance reaches from another one."""
    while importance >= ladder.ceiling[layer]:
        if moves is not None:
            moves.append(Move(0, at, "promoted", layer, layer + 1, importance, recency))
        layer, recency = layer + 1, 1.0
    return layer


def begun(
    ladder: Ladder, layer: int, born: int, importance: float, moves: list[Move] | None = None
) -> Standings:
    """A new item, (1,): in its layer, or as far above as its importance reaches at once."""
    return standing_of(_risen(ladder, layer, born, importance, 1.0, moves), born, born, born, importance)


def standing_of(
    layer: int, born: int, entered: int, since: int, importance: float, *, faded: bool = False
) -> Standings:
    """One item, (1,)."""
    return Standings(
        np.array([layer], np.int8),
        np.array([born], np.int64),
        np.array([entered], np.int64),
        np.array([since], np.int64),
        np.array([importance], np.float64),
        np.array([faded], np.bool_),
    )
