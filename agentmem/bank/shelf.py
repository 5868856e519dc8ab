"""A store's record versions in memory, in one scope: columns, session chain, and the indexes of each field.

A cache of the database: every version that is not forgotten has a slot, and `refresh` brings it up to
date from the sequence, so that what other processes wrote and forgot is seen.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from agentmem.bank import repeats
from agentmem.bank.arrays import Growing
from agentmem.bank.chain import Chain
from agentmem.bank.codes import Codes, Names
from agentmem.bank.repeats import Repeats
from agentmem.db import attached, changed, damage, vectors
from agentmem.db.chunks import chunks
from agentmem.db.database import current_seq
from agentmem.db.horizon import Horizon
from agentmem.index.contents import origins
from agentmem.index.field import FieldIndex
from agentmem.records import State

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from agentmem.embedders.base import Embedder

FOREVER = np.iinfo(np.int64).max
EVER = np.iinfo(np.int64).min
STATES = {state.value: code for code, state in enumerate(State)}
COLUMNS: dict[str, Any] = {
    "row": np.int64,
    "namespace": np.int32,
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
    "kept": np.bool_,
    "current": np.bool_,
}
"""By slot. `kept`: not forgotten; `current`: kept, and no newer version is known."""
DEFAULTS: dict[str, Any] = {
    "valid_from": EVER,
    "valid_to": FOREVER,
    "expires_at": FOREVER,
    "actor": -1,
    "session": -1,
    "asks": 0.0,
}
"""What most versions of most stores have in a column: it takes no memory as long as all have it."""
RANKED = "text"
"""The field that retrieval ranks; a store may search others through its view."""
AT_ONCE = 10_000
"""Versions read from the database at a time, which bounds what is held twice."""


class Shelf:
    """The versions of `store` in the namespaces `numbers`, as slots 0 … n-1 by row number."""

    def __init__(self, numbers: Sequence[int], store: str, embedder: str, dimensions: int) -> None:
        self.numbers = list(numbers)
        self._namespaces = set(numbers)
        self.store = store
        self.embedder: Embedder | None = None
        """What embeds the questions that are searched here; none where there are no vectors."""
        self.lock = threading.RLock()
        self._embedder_name = embedder
        self._dimensions = dimensions
        self._clear(generation=0)

    def _clear(self, generation: int) -> None:
        self.generation = generation
        self.seq = -1
        defaults = DEFAULTS | ({"namespace": self.numbers[0]} if len(self.numbers) == 1 else {})
        self.columns = {name: Growing(dtype, defaults.get(name)) for name, dtype in COLUMNS.items()}
        self.fields: dict[str, FieldIndex] = {}
        self.chain = Chain()
        self.actors = Names()
        self.sessions = Codes()
        self._limited = Growing(np.int64)

    def __len__(self) -> int:
        """How many slots there are, those of forgotten versions too."""
        return len(self.columns["row"].view)

    def column(self, name: str) -> NDArray[Any]:
        """One column, shape (n,); not to be changed."""
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
    def dimensions(self) -> int:
        """Dimensions of its vectors."""
        return self._dimensions

    def shows_all(self, seen: Horizon) -> bool:
        """Whether all that is here is seen: a view of now, not of the past."""
        return self._bound(seen) is None

    @property
    def is_waiting(self) -> bool:
        """Whether some text has no vector yet."""
        return any(index.waiting for index in self.fields.values())

    @property
    def nbytes(self) -> int:
        """Bytes held, in the main."""
        columns = sum(column.nbytes for column in (*self.columns.values(), self._limited))
        indexes = sum(index.nbytes for index in self.fields.values())
        return columns + indexes + self.chain.nbytes + self.actors.nbytes + self.sessions.nbytes

    def refresh(self, connection: Connection, seq: int | None = None) -> None:
        """Bring the cache up to the state that `connection` sees, whose last number is `seq`."""
        with self.lock:
            try:
                self._refresh(connection, current_seq(connection) if seq is None else seq)
            except BaseException:
                self._clear(generation=0)  # half of a catch-up must not be taken for all of it
                raise

    def _refresh(self, connection: Connection, seq: int) -> None:
        if seq != self.seq:
            numbers = self._changed(connection)
            if numbers:
                with damage.reading("the records"):
                    self._catch_up(connection, numbers)
            self.seq = seq
        for name, index in self.fields.items():
            if index.waiting:
                for rows in chunks(self.column("row")[sorted(index.waiting)].tolist(), AT_ONCE):
                    self._add_vectors(index, vectors.of_rows(connection, rows, name, self._embedder_name))

    def _changed(self, connection: Connection) -> Sequence[int]:
        """Which of the namespaces may have changed; all, and nothing kept, where the store was made anew."""
        if self.seq < 0:
            self.generation = attached.generation(connection, self.numbers, self.store)
            return self.numbers
        numbers = sorted(changed.namespaces(connection, self.seq) & self._namespaces)
        generation = attached.generation(connection, numbers, self.store)
        if generation <= self.generation:
            return numbers
        self._clear(generation)
        return self.numbers

    def _catch_up(self, connection: Connection, numbers: Sequence[int]) -> None:
        last_row = int(self.column("row")[-1]) if len(self) else 0
        rows = changed.rows(connection, numbers, self.store, self.seq)
        known = int(np.searchsorted(rows, last_row, "right"))
        room = self._reserve(connection, numbers, len(self) + len(rows) - known)
        for chunk in chunks(rows[:known].tolist(), AT_ONCE):
            self._update(changed.versions(connection, chunk))
        for chunk in chunks(rows[known:].tolist(), AT_ONCE):
            new = changed.versions(connection, chunk)
            repeated = self._append(connection, new)
            self._index(connection, chunk, repeated, room)

    def _reserve(self, connection: Connection, numbers: Sequence[int], versions: int) -> int:
        """Make room for so many versions, where many are new, so that nothing is moved piece after piece.

        Returns:
            How many texts are to be expected of a field that all have: later versions mostly share theirs.
        """
        if versions - len(self) < AT_ONCE:
            return 0
        for column in self.columns.values():
            column.reserve(versions)
        records = changed.count(connection, numbers, self.store)
        for index in self.fields.values():
            index.reserve(index.texts + min(records, versions - len(self)))
        return records

    def _index(self, connection: Connection, rows: Sequence[int], said: Repeats, room: int) -> None:
        """Take up what is indexed of new rows and was not `said` before; `room` texts are to be expected."""
        texts: dict[str, tuple[list[int], list[str]]] = {}
        again = {name: said.says_again(name) for name in said.fields}
        new = [row for row in rows if row not in said.nothing_new] if said.nothing_new else rows
        for row, name, text in changed.texts(connection, new):
            if row not in again.get(name, ()):
                of_field = texts.setdefault(name, ([], []))
                of_field[0].append(row)
                of_field[1].append(text)
        for name, (with_text, strings) in texts.items():
            index = self.fields.get(name)
            if index is None:
                index = self.fields[name] = FieldIndex(self._dimensions)
                if len(with_text) * 2 > len(new):  # a field that most versions with a new text have
                    index.reserve(room)
            slots = self.slots_of(np.asarray(with_text))
            index.add(slots, strings)
            if name == RANKED:
                asks = [asking(text) if "?" in text or "？" in text else 0.0 for text in strings]
                self.columns["asks"].put(slots, asks)
            self._add_vectors(index, vectors.of_rows(connection, with_text, name, self._embedder_name))
        for name, pairs in said.fields.items():
            slots, others = (self.slots_of(rows) for rows in pairs)
            self.fields[name].share(slots, others)
            if name == RANKED:
                self.columns["asks"].put(slots, self.column("asks")[origins(slots, others)])

    def _append(self, connection: Connection, new: Mapping[str, Sequence[Any]]) -> Repeats:
        """Take up the columns of new versions; what they say that was said before."""
        if not self._namespaces.issuperset(new["namespace"]):
            raise damage.strays("a record")
        start, count = len(self), len(new["row"])
        slots = np.arange(start, start + count)
        namespaces = new["namespace"]
        sessions = self.sessions.all(namespaces, new["session"])
        state = np.array([STATES[name] for name in new["state"]], np.int8)
        kept = state != STATES[State.FORGOTTEN.value]
        to_seq = _filled(new["to_seq"], FOREVER)
        values: dict[str, Any] = {
            "row": new["row"],
            "namespace": namespaces,
            "head": slots,
            "from_seq": new["from_seq"],
            "to_seq": to_seq,
            "time": _filled(new["time"], EVER),
            "valid_from": _filled(new["valid_from"], EVER),
            "valid_to": _filled(new["valid_to"], FOREVER),
            "expires_at": _filled(new["expires_at"], FOREVER),
            "state": state,
            "actor": self.actors.all(namespaces, new["actor"]),
            "session": sessions,
            "asks": np.zeros(count, np.float32),
            "kept": kept,
            "current": kept & (to_seq == FOREVER),
        }
        for name, column in self.columns.items():
            column.extend(values[name])
        is_limited = (
            (values["valid_from"] != EVER)
            | (values["valid_to"] != FOREVER)
            | (values["expires_at"] != FOREVER)
        )
        self._limited.extend(slots[is_limited])
        later = [offset for offset, version in enumerate(new["version"]) if version > 1 and kept[offset]]
        said = repeats.read(connection, [new["row"][at] for at in later], self._precede)
        if later:
            keys = {start + at: (namespaces[at], new["id"][at]) for at in later}
            self._find_heads(connection, keys, *(self.slots_of(rows) for rows in said.before))
        firsts = np.flatnonzero(self.column("head")[start:] == slots)
        self.chain.extend(
            slots[firsts], np.array(sessions, np.int64)[firsts], values["time"][firsts], len(self)
        )
        return said

    def _precede(self, rows: NDArray[np.int64], before: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of the versions in `before` are here, and lower than those in `rows`."""
        slots, others = self.slots_of(rows), self.slots_of(before)
        lower = others < slots
        others = np.where(lower, others, 0)
        is_there = (self.column("row")[others] == before) & self.column("kept")[others]
        return np.asarray(lower & is_there)

    def _find_heads(
        self,
        connection: Connection,
        later: Mapping[int, tuple[int, str]],
        slots: NDArray[np.int64],
        others: NDArray[np.int64],
    ) -> None:
        """Let later versions stand where the first one of their record stands.

        Args:
            connection: What is read.
            later: Their namespaces and ids, by slot.
            slots: Those of them that have a version before them, ascending.
            others: The slots of these.
        """
        head = self.column("head")
        alone = sorted(later.keys() - set(slots.tolist()))
        self._look_heads_up(connection, {slot: later[slot] for slot in alone})
        head[slots] = head[origins(slots, others)]
        headless = slots[~self.column("kept")[head[slots]]].tolist()
        self._look_heads_up(connection, {slot: later[slot] for slot in headless})

    def _look_heads_up(self, connection: Connection, keys: Mapping[int, tuple[int, str]]) -> None:
        """Find the first versions of records by namespace and id, in `keys` by slot."""
        if not keys:
            return
        numbers, ids = (
            sorted({number for number, _ in keys.values()}),
            sorted({id for _, id in keys.values()}),
        )
        heads = changed.heads(connection, numbers, self.store, ids)
        self.column("head")[list(keys)] = self.slots_of(np.asarray([heads[key] for key in keys.values()]))

    def _update(self, known: Mapping[str, Sequence[Any]]) -> None:
        slots = self.slots_of(np.asarray(known["row"]))
        state = np.array([STATES[name] for name in known["state"]], np.int8)
        to_seq = _filled(known["to_seq"], FOREVER)
        kept = state != STATES[State.FORGOTTEN.value]
        self.column("state")[slots] = state
        self.column("to_seq")[slots] = to_seq
        self.column("kept")[slots] = kept
        self.column("current")[slots] = kept & (to_seq == FOREVER)
        gone = slots[~kept]
        if not len(gone):
            return
        for slot in gone.tolist():
            self.chain.remove(slot, int(self.column("session")[slot]))
        self.actors.keep(set(self.column("actor")[self.column("kept")].tolist()))
        for index in self.fields.values():
            index.remove(gone)

    def _add_vectors(self, index: FieldIndex, found: vectors.Vectors) -> None:
        if len(found.rows):
            index.add_vectors(self.slots_of(found.rows), found.data)
        index.settle(self.slots_of(found.settled))

    def slots_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The slots of row numbers that are on the shelf."""
        return np.searchsorted(self.column("row"), rows)

    @property
    def limited(self) -> NDArray[np.int64]:
        """The slots, ascending, of versions that are not true always, or that expire."""
        return self._limited.view

    def visible_ever(self, seen: Horizon) -> NDArray[np.bool_]:
        """Which versions were made by then and are not forgotten, shape (n,); not to be changed."""
        kept: NDArray[np.bool_] = self.column("kept")
        seq = self._bound(seen)
        return kept if seq is None else kept & (self.column("from_seq") <= seq)

    def visible(self, seen: Horizon) -> NDArray[np.bool_]:
        """Which versions were current then, shape (n,); not to be changed."""
        seq = self._bound(seen)
        if seq is None:
            current: NDArray[np.bool_] = self.column("current")
            return current
        known = (self.column("from_seq") <= seq) & (self.column("to_seq") > seq)
        return np.asarray(known & self.column("kept"))

    def _bound(self, seen: Horizon) -> int | NDArray[np.int64] | None:
        """Up to which number each version is seen, one or shape (n,); none where all that is here is seen."""
        if isinstance(seen, int):
            return None if seen >= self.seq else seen
        numbers = np.array(sorted(seen), np.int64)
        bounds = np.array([seen[number] for number in sorted(seen)], np.int64)
        return bounds[np.searchsorted(numbers, self.column("namespace"))]


_SENTENCE = re.compile(r"[^.!?。！？]+[.!?。！？]*")


def asking(text: str) -> float:
    """The share, 0 to 1, of a text's words that stand in sentences which end with a question mark."""
    words = asked = 0
    for sentence in _SENTENCE.findall(text):
        n = len(sentence.split())
        words += n
        asked += n if sentence[-1] in "?？" else 0
    return asked / words if words else 0.0


def _filled(values: Sequence[int | None], default: int) -> NDArray[np.int64]:
    """`values`, `default` in the place of those that are not there."""
    return np.array([default if value is None else value for value in values], np.int64)
