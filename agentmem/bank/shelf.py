"""A store's record versions in memory, in one scope: columns, session chain, and the indexes of each field.

A cache of the database: every version that is not forgotten has a slot, and `refresh` brings it up to
date from the sequence, so that what other processes wrote and forgot is seen.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.arrays import Growing
from agentmem.bank.chain import Chain
from agentmem.db import attached, changed, vectors
from agentmem.db.database import current_seq
from agentmem.index.text import TextIndex
from agentmem.index.vectors import VectorIndex
from agentmem.records import State

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOREVER = np.iinfo(np.int64).max
EVER = np.iinfo(np.int64).min
STATES = {state.value: code for code, state in enumerate(State)}
COLUMNS: dict[str, Any] = {
    "row": np.int64,
    "head": np.int64,
    "from_seq": np.int64,
    "to_seq": np.int64,
    "time": np.int64,
    "valid_from": np.int64,
    "valid_to": np.int64,
    "expires_at": np.int64,
    "state": np.int8,
    "actor": np.int32,
    "session": np.int32,
    "asks": np.float32,
}


class Codes:
    """Small numbers for strings; the empty one is -1."""

    def __init__(self) -> None:
        self.of: dict[tuple[int, str], int] = {}
        self.names: list[str] = []

    def code(self, namespace: int, name: str) -> int:
        """The number of `name` in a namespace."""
        if not name:
            return -1
        key = (namespace, name)
        if key not in self.of:
            self.of[key] = len(self.names)
            self.names.append(name)
        return self.of[key]

    def keep(self, codes: set[int]) -> None:
        """Forget the strings of all other codes."""
        self.of = {key: code for key, code in self.of.items() if code in codes}
        self.names = [name if code in codes else "" for code, name in enumerate(self.names)]


@dataclass
class FieldIndex:
    """The two indexes of one field, and the slots whose vector is not there yet."""

    text: TextIndex
    vectors: VectorIndex
    waiting: set[int] = field(default_factory=set)


class Shelf:
    """The versions of `store` in the namespaces `numbers`, as slots 0 … n-1 by row number."""

    def __init__(self, numbers: Sequence[int], store: str, embedder: str, dimensions: int) -> None:
        self.numbers = list(numbers)
        self.store = store
        self.lock = threading.RLock()
        self._embedder = embedder
        self._dimensions = dimensions
        self._clear(generation=0)

    def _clear(self, generation: int) -> None:
        self.generation = generation
        self.seq = -1
        self.columns = {name: Growing(dtype) for name, dtype in COLUMNS.items()}
        self.fields: dict[str, FieldIndex] = {}
        self.chain = Chain()
        self.actors = Codes()
        self.sessions = Codes()
        self._heads: dict[tuple[int, str], int] = {}

    def __len__(self) -> int:
        """How many slots there are, those of forgotten versions too."""
        return len(self.columns["row"].view)

    def column(self, name: str) -> NDArray[Any]:
        """One column, shape (n,)."""
        return self.columns[name].view

    def live(self, name: str) -> dict[int, Any]:
        """One column by row number, of the versions that are not forgotten, in values and not in codes."""
        values = self.column(name).tolist()
        if name in ("actor", "session"):
            names = (self.actors if name == "actor" else self.sessions).names
            values = [names[code] if code >= 0 else "" for code in values]
        elif name == "head":
            values = [int(self.column("row")[head]) for head in values]
        kept = self.column("state") != STATES[State.FORGOTTEN.value]
        rows = self.column("row").tolist()
        return {row: value for row, value, keep in zip(rows, values, kept.tolist(), strict=True) if keep}

    @property
    def is_waiting(self) -> bool:
        """Whether some text has no vector yet."""
        return any(index.waiting for index in self.fields.values())

    def refresh(self, connection: Connection) -> None:
        """Bring the cache up to the state that `connection` sees."""
        with self.lock:
            try:
                self._refresh(connection)
            except BaseException:
                self._clear(generation=0)  # half of a catch-up must not be taken for all of it
                raise

    def _refresh(self, connection: Connection) -> None:
        seq = current_seq(connection)
        if seq != self.seq:
            generation = attached.generation(connection, self.numbers, self.store)
            if generation != self.generation:
                self._clear(generation)
            self._catch_up(connection)
            self.seq = seq
        for name, index in self.fields.items():
            if index.waiting:
                rows = self.column("row")[sorted(index.waiting)].tolist()
                self._add_vectors(index, vectors.of_rows(connection, rows, name, self._embedder))

    def _catch_up(self, connection: Connection) -> None:
        last_row = int(self.column("row")[-1]) if len(self) else 0
        changes = changed.versions(connection, self.numbers, self.store, self.seq)
        known = [change for change in changes if change.row <= last_row]
        new = [change for change in changes if change.row > last_row]
        self._update(known)
        if not new:
            return
        self._append(new)
        texts: dict[str, tuple[list[int], list[str]]] = {}
        found = changed.texts(connection, self.numbers, self.store, self.seq, last_row)
        for row, name, text in found:
            rows, strings = texts.setdefault(name, ([], []))
            rows.append(row)
            strings.append(text)
        for name, (rows, strings) in texts.items():
            index = self.fields.get(name)
            if index is None:
                index = self.fields[name] = FieldIndex(TextIndex(), VectorIndex(self._dimensions))
            slots = self.slots_of(np.asarray(rows))
            index.text.add(slots, strings)
            index.waiting.update(slots.tolist())
            self.column("asks")[slots] = [
                asking(text) if "?" in text or "？" in text else 0.0 for text in strings
            ]
            args = (connection, self.numbers, self.store, self.seq, last_row, name, self._embedder)
            self._add_vectors(index, vectors.changed(*args))

    def _append(self, new: list[changed.Change]) -> None:
        start = len(self)
        namespaces = [change.namespace for change in new]
        heads = [
            self._heads.setdefault((change.namespace, change.id), start + offset)
            for offset, change in enumerate(new)
        ]
        sessions = [self.sessions.code(change.namespace, change.session) for change in new]
        values: dict[str, Any] = {
            "row": [change.row for change in new],
            "head": heads,
            "from_seq": [change.from_seq for change in new],
            "to_seq": [_or(change.to_seq, FOREVER) for change in new],
            "time": [_or(change.time, EVER) for change in new],
            "valid_from": [_or(change.valid_from, EVER) for change in new],
            "valid_to": [_or(change.valid_to, FOREVER) for change in new],
            "expires_at": [_or(change.expires_at, FOREVER) for change in new],
            "state": [STATES[change.state] for change in new],
            "actor": [
                self.actors.code(number, change.actor) for number, change in zip(namespaces, new, strict=True)
            ],
            "session": sessions,
            "asks": [0.0] * len(new),
        }
        for name, column in self.columns.items():
            column.extend(values[name])
        firsts = [offset for offset, head in enumerate(heads) if head == start + offset]
        self.chain.extend(
            [start + offset for offset in firsts],
            [sessions[offset] for offset in firsts],
            [values["time"][offset] for offset in firsts],
            len(self),
        )

    def _update(self, known: list[changed.Change]) -> None:
        if not known:
            return
        slots = self.slots_of(np.asarray([change.row for change in known]))
        self.column("to_seq")[slots] = [_or(change.to_seq, FOREVER) for change in known]
        self.column("state")[slots] = [STATES[change.state] for change in known]
        gone = [
            slot
            for slot, change in zip(slots.tolist(), known, strict=True)
            if change.state == State.FORGOTTEN.value
        ]
        for slot in gone:
            self.chain.remove(slot, int(self.column("session")[slot]))
        if gone:
            kept = self.column("state") != STATES[State.FORGOTTEN.value]
            self.actors.keep(set(self.column("actor")[kept].tolist()))
        for index in self.fields.values():
            index.text.remove(np.asarray(gone, np.int64))
            index.vectors.remove(np.asarray(gone, np.int64))
            index.waiting.difference_update(gone)

    def _add_vectors(self, index: FieldIndex, found: vectors.Vectors) -> None:
        if found.rows:
            index.vectors.add(self.slots_of(np.asarray(found.rows)), found.data)
        if found.settled:
            index.waiting.difference_update(self.slots_of(np.asarray(sorted(found.settled))).tolist())

    def slots_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The slots of row numbers that are on the shelf."""
        return np.searchsorted(self.column("row"), rows)

    def visible_ever(self, seq: int) -> NDArray[np.bool_]:
        """Which versions were made by then and are not forgotten, current or not, shape (n,)."""
        kept = self.column("state") != STATES[State.FORGOTTEN.value]
        return np.asarray((self.column("from_seq") <= seq) & kept)

    def visible(self, seq: int) -> NDArray[np.bool_]:
        """Which versions were current at sequence number `seq`, shape (n,)."""
        known = (self.column("from_seq") <= seq) & (self.column("to_seq") > seq)
        return np.asarray(known & (self.column("state") != STATES[State.FORGOTTEN.value]))


_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]*")


def asking(text: str) -> float:
    """The share, 0 to 1, of a text's words that stand in sentences which end with a question mark."""
    words = asked = 0
    for sentence in _SENTENCE.findall(text):
        n = len(sentence.split())
        words += n
        asked += n if sentence[-1] in "?？" else 0
    return asked / words if words else 0.0


def _or(value: int | None, default: int) -> int:
    return default if value is None else value
