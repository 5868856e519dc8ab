"""Where all items of a shelf stand, as columns by slot: read once, then only what is new."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.arrays import Growing
from agentmem.bank.shelf import EVER, STATES, Shelf
from agentmem.bank.view import View
from agentmem.records import State
from agentmem.stores.layered.standing import micros_of, number_of, stands_in
from agentmem.stores.layered.trajectory import NEVER, Ladder, Standings, next_moves

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

NONE = -1
"""The layer of what is no item."""
AT_ONCE = 50_000
"""Versions whose standings are read at a time."""
TYPES: dict[str, Any] = {
    "layer": np.int8,
    "began": np.int8,
    "born": np.int64,
    "entered": np.int64,
    "since": np.int64,
    "importance": np.float64,
    "faded": np.bool_,
    "due": np.int64,
}
Slots = NDArray[np.int64]


class Columns:
    """The standings of a shelf's versions, slot by slot. Safe for threads."""

    def __init__(self, ladder: Ladder) -> None:
        self._ladder = ladder
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None
        self._generation = NONE
        self._clear()

    def _clear(self) -> None:
        self._columns = {name: Growing(dtype) for name, dtype in TYPES.items()}

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(column.nbytes for column in self._columns.values())

    def column(self, name: str) -> NDArray[Any]:
        """One column, shape (slots,); `due` is when a version moves next, in microseconds."""
        return self._columns[name].view

    def standings(self, slots: Slots) -> Standings:
        """Those of slots that are items."""
        return Standings(
            *(
                self.column(name)[slots]
                for name in ("layer", "born", "entered", "since", "importance", "faded")
            )
        )

    def refresh(self, view: View, shelf: Shelf) -> None:
        """Take up the versions that came since; all where the shelf was made anew. Under the shelf's lock.

        Raises:
            InvalidInput: an item stands in a layer that the policy does not have: another namespace's.
        """
        with self._lock:
            known = len(self.column("layer"))
            if shelf is not self._shelf or shelf.generation != self._generation or known > len(shelf):
                self._clear()
                self._shelf, self._generation, known = shelf, shelf.generation, 0
            rows = shelf.column("row")
            for column in self._columns.values():
                column.reserve(len(shelf))
            for start in range(known, len(shelf), AT_ONCE):
                self._extend(view, shelf, rows[start : start + AT_ONCE], start)

    def _extend(self, view: View, shelf: Shelf, rows: NDArray[np.int64], start: int) -> None:
        numbers = {name: number for number, name in enumerate(self._ladder.names)}
        told = view.payloads(rows.tolist())
        n = len(rows)
        layer, began = np.full(n, NONE, np.int8), np.full(n, NONE, np.int8)
        importance = np.zeros(n)
        entered, since = np.zeros(n, np.int64), np.zeros(n, np.int64)
        for place, row in enumerate(rows.tolist()):
            payload = told.get(row)
            if payload is None or not stands_in(payload):
                continue
            layer[place] = number_of(payload["layer"], self._ladder)
            began[place] = numbers.get(payload["began"], NONE)
            importance[place] = payload["importance"]
            entered[place] = micros_of(payload["entered"])
            since[place] = micros_of(payload["since"])
        slots = slice(start, start + n)
        time = shelf.column("time")[slots]
        begins = shelf.column("valid_from")[slots]
        born = np.where(time == EVER, entered, time)
        born = np.where((begins != EVER) & (begins < born), begins, born)
        faded = shelf.column("state")[slots] == STATES[State.FADED.value]
        made = Standings(layer, born, entered, since, importance, faded)
        due = np.full(n, NEVER)
        items = np.flatnonzero(layer != NONE)
        due[items] = next_moves(self._ladder, made.taken(items))[0]
        values = {"layer": layer, "began": began, "born": born, "entered": entered, "since": since}
        for name, value in {**values, "importance": importance, "faded": faded, "due": due}.items():
            self._columns[name].extend(value)


def columns_of(bank: Bank, view: View, shelf: Shelf, ladder: Ladder) -> Columns:
    """The columns that the bank keeps for what a view sees, brought up to date. Under the shelf's lock.

    Raises:
        InvalidInput: an item stands in a layer that the policy does not have: another namespace's.
    """
    key = ("layered", view.store, tuple(view.numbers), ladder.policy.model_dump_json())
    columns = bank.library.derived(key, lambda: Columns(ladder))
    columns.refresh(view, shelf)
    return columns
