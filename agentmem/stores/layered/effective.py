"""Which items stand where at the moment that a query asks about, whatever `advance` has written so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.shelf import STATES, Shelf
from agentmem.bank.view import View
from agentmem.db.times import micros
from agentmem.records import Query, State
from agentmem.retrieval.allowed import allowed
from agentmem.stores.layered.columns import NONE, Columns
from agentmem.stores.layered.trajectory import Ladder, Standings, rolled

Slots = NDArray[np.int64]
STANDING = tuple(STATES[state.value] for state in (State.LIVE, State.FADED))
"""States that are a matter of time: between them an item goes as the moment that is asked about says."""


@dataclass(frozen=True)
class Effective:
    """n items at one moment.

    Attributes:
        slots: Of their current versions, ascending, shape (n,).
        standings: Where they stand, by their last move up to then.
        at: The moment, in microseconds.
    """

    slots: Slots
    standings: Standings
    at: int

    def taken(self, places: NDArray[np.int64] | NDArray[np.bool_]) -> Effective:
        """Those at `places`, numbers or a mask."""
        return Effective(self.slots[places], self.standings.taken(places), self.at)


def effective(query: Query, view: View, shelf: Shelf, columns: Columns, ladder: Ladder) -> Effective:
    """The items that a query's filters let pass, where they stand at its moment. Under the shelf's lock.

    What has not happened by then is not among them.
    """
    at = micros(query.at or view.now)
    wanted = {STATES[state.value] for state in query.states}
    mask = allowed(query, view, shelf, but="state")
    mask &= (columns.column("layer") != NONE) & (columns.column("born") <= at)
    mask &= np.isin(shelf.column("state"), [*STANDING, *wanted])
    found = _standing_at(np.flatnonzero(mask), at, view, shelf, columns, ladder)
    return found.taken(_in_states(found, shelf, wanted))


def _in_states(found: Effective, shelf: Shelf, wanted: set[int]) -> NDArray[np.bool_]:
    """Which items are in one of the wanted states at the moment, shape (n,)."""
    state = shelf.column("state")[found.slots].copy()
    timely = np.isin(state, STANDING)
    state[timely] = np.where(found.standings.faded[timely], STANDING[1], STANDING[0])
    return np.isin(state, list(wanted))


def _standing_at(
    slots: Slots, at: int, view: View, shelf: Shelf, columns: Columns, ladder: Ladder
) -> Effective:
    """Where items stand at a moment: by their newest version, or for the past by the last one up to then."""
    told = slots.copy()
    later = np.flatnonzero(columns.column("since")[slots] > at)
    if len(later):
        told[later] = _earlier(slots[later], at, view, shelf, columns)
        slots, told = slots[told != NONE], told[told != NONE]
    standings = columns.standings(told)
    due = np.flatnonzero(columns.column("due")[told] <= at)
    if len(due):
        standings = standings.written(due, rolled(ladder, standings.taken(due), at))
    return Effective(slots, standings, at)


def _earlier(slots: Slots, at: int, view: View, shelf: Shelf, columns: Columns) -> Slots:
    """The slots of the versions by which items stood at a moment of the past; `NONE` where there is none."""
    head = shelf.column("head")
    known = (
        shelf.visible_ever(view.seen) & (columns.column("layer") != NONE) & (columns.column("since") <= at)
    )
    versions = np.flatnonzero(known & np.isin(head, head[slots]))
    order = np.lexsort((versions, columns.column("since")[versions], head[versions]))
    versions = versions[order]
    heads = head[versions]
    last = np.flatnonzero(np.append(heads[1:] != heads[:-1], True)) if len(heads) else np.zeros(0, np.int64)
    found = np.full(len(slots), NONE, np.int64)
    if len(last):
        places = np.searchsorted(heads[last], head[slots])
        places[places == len(last)] = 0
        hit = heads[last][places] == head[slots]
        found[hit] = versions[last[places[hit]]]
    return found
