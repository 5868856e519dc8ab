"""The shelves that are open, within a bound on their memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias

from agentmem.bank.shelf import Shelf

Key: TypeAlias = tuple[tuple[int, ...], str]
"""Numbers of namespaces, and a store."""


class Shelves:
    """Shelves by what they are of; those used longest ago are given up. Safe for threads.

    A shelf that is given up while somebody searches it serves that search, and is built anew for the next.

    Args:
        most: bytes that all together may hold; the one used last stays whatever it holds.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.RLock()
        self._shelves: OrderedDict[Key, Shelf] = OrderedDict()
        self._bytes: dict[Key, int] = {}
        self._total = 0

    @property
    def all(self) -> list[Shelf]:
        """The shelves that are open."""
        with self._lock:
            return list(self._shelves.values())

    def get(self, key: Key, make: Callable[[], Shelf]) -> Shelf:
        """The shelf of `key`, made where there is none."""
        with self._lock:
            shelf = self._shelves.get(key)
            if shelf is None:
                shelf = self._shelves[key] = make()
            self._shelves.move_to_end(key)
            return shelf

    def weigh(self, key: Key, shelf: Shelf) -> None:
        """Take note of what a shelf holds now, and give up others where that is too much."""
        with self._lock:
            if self._shelves.get(key) is not shelf:
                return
            self._total += shelf.nbytes - self._bytes.get(key, 0)
            self._bytes[key] = shelf.nbytes
            while self._total > self._most and len(self._shelves) > 1:
                oldest, _ = self._shelves.popitem(last=False)
                self._total -= self._bytes.pop(oldest, 0)

    def clear(self) -> None:
        """Give all shelves up."""
        with self._lock:
            self._shelves.clear()
            self._bytes.clear()
            self._total = 0
