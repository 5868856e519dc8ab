"""Records that were read lately, so that reading them again costs a look at their rows."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from agentmem.db import versions
from agentmem.db.horizon import Horizon
from agentmem.records import Record

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Kept:
    """Records by their row and the number of its last change. Safe for threads.

    Whoever gets one holds it together with others, and changes nothing of it.

    Args:
        most: How many are kept; of more, those go that were not asked for longest.
    """

    def __init__(self, most: int = 2_048) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._records: OrderedDict[versions.Mark, Record] = OrderedDict()

    def by_ids(
        self, connection: Connection, numbers: Sequence[int], ids: Iterable[str], seen: Horizon
    ) -> list[Record]:
        """The version of each of `ids` current at `seen`, oldest first."""
        marks = versions.marks(connection, numbers, ids, seen)
        with self._lock:
            held = {mark: self._records[mark] for mark in marks if mark in self._records}
            for mark in held:
                self._records.move_to_end(mark)
        missing = [row for row, touched in marks if (row, touched) not in held]
        read = versions.by_rows(connection, missing) if missing else {}
        new = {mark: read[mark[0]] for mark in marks if mark[0] in read}
        if new:
            with self._lock:
                self._records |= new
                while len(self._records) > self._most:
                    self._records.popitem(last=False)
        found = held | new
        return [found[mark] for mark in marks]

    def clear(self) -> None:
        """Keep none: what is erased must not be held."""
        with self._lock:
            self._records.clear()
