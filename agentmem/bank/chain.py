"""Neighbours in a session: a linked list over slots, in the order in which things happened."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.arrays import Growing

NONE = -1


class Chain:
    """Previous and next slot of each slot in its session; `NONE` at the ends and outside."""

    def __init__(self) -> None:
        self.previous = Growing(np.int64, NONE)
        self.next = Growing(np.int64, NONE)
        self._time = Growing(np.int64, NONE)
        self._last: dict[int, int] = {}

    def extend(
        self, slots: NDArray[np.int64], sessions: NDArray[np.int64], times: NDArray[np.int64], size: int
    ) -> None:
        """Link `slots` into their sessions (negative: in none), by time and then by slot."""
        for column in (self.previous, self.next, self._time):
            column.resize(size, NONE)
        if not (sessions >= 0).any():
            return
        previous, following, time = self.previous.writable, self.next.writable, self._time.writable
        time[slots] = times
        order = np.lexsort((slots, times, sessions))
        order = order[sessions[order] >= 0]
        slots, sessions = slots[order], sessions[order]
        is_first = np.diff(sessions, prepend=NONE) != 0
        later = np.flatnonzero(~is_first)
        previous[slots[later]], following[slots[later - 1]] = slots[later - 1], slots[later]
        starts = np.flatnonzero(is_first)
        ends = np.append(starts, len(slots))[1:]
        for start, end, session in zip(
            starts.tolist(), ends.tolist(), sessions[starts].tolist(), strict=True
        ):
            before = self._last.get(session, NONE)
            if before != NONE and time[before] > time[slots[start]]:
                for slot in slots[start:end].tolist():
                    self._insert(slot, session)
                continue
            previous[slots[start]] = before
            if before != NONE:
                following[before] = slots[start]
            self._last[session] = int(slots[end - 1])

    def _insert(self, slot: int, session: int) -> None:
        """Link one slot where its time wants it."""
        previous, following, time = self.previous.writable, self.next.writable, self._time.writable
        before, after = self._last.get(session, NONE), NONE
        while before != NONE and time[before] > time[slot]:
            before, after = int(previous[before]), before
        previous[slot], following[slot] = before, after
        if before != NONE:
            following[before] = slot
        if after != NONE:
            previous[after] = slot
        else:
            self._last[session] = slot

    def remove(self, slot: int, session: int) -> None:
        """Take `slot` out: its neighbours become neighbours."""
        if session < 0:
            return
        previous, following = self.previous.writable, self.next.writable
        before, after = int(previous[slot]), int(following[slot])
        if before != NONE:
            following[before] = after
        if after != NONE:
            previous[after] = before
        if self._last.get(session) == slot:
            self._last[session] = before
        previous[slot] = following[slot] = NONE

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.previous.nbytes + self.next.nbytes + self._time.nbytes

    def step(self, slots: NDArray[np.int64], direction: int) -> NDArray[np.int64]:
        """The slot before (-1) or after (+1) each of `slots`, `NONE` where there is none."""
        column = (self.previous if direction < 0 else self.next).view
        return np.where(slots == NONE, NONE, column[np.maximum(slots, 0)]) if len(column) else slots
