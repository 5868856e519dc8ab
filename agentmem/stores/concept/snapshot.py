"""What a concept memory knows, as the arrays that selection works on; brought up to date, not made anew."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.shelf import RANKED, STATES, Shelf
from agentmem.bank.view import View
from agentmem.records import Record, State
from agentmem.stores.concept.changes import USED_IN
from agentmem.stores.concept.content import is_concept
from agentmem.stores.concept.entry import concept_of
from agentmem.stores.concept.outcomes import OUTCOME, counts_in
from agentmem.stores.concept.problems import PROBLEM
from agentmem.stores.concept.selection import (
    Calibration,
    Concepts,
    Corpus,
    Lexicon,
    Problems,
    SelectionPolicy,
    calibrate,
    due,
)
from agentmem.stores.concept.selection.corpus import OUTCOMES

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

Rows = NDArray[np.int64]
LIVE = (State.LIVE,)
"""The states of records that are read unless others are asked for."""


@dataclass(frozen=True)
class Entry:
    """What selection needs of a record.

    Attributes:
        id: Of the record.
        type: Of the record.
        text: That is searched.
        parameters: Types of a concept's parameters.
        output: Type of what it gives.
        about: Of an outcome: the concept.
        counts: Of an outcome: how often what.
    """

    id: str
    type: str
    text: str
    parameters: tuple[str, ...] = ()
    output: str = ""
    about: str = ""
    counts: Mapping[str, float] = field(default_factory=dict)


def entry_of(record: Record) -> Entry:
    """What selection needs of a record."""
    if record.type == OUTCOME:
        return Entry(
            record.id, OUTCOME, "", about=str(record.payload.get("concept")), counts=counts_in(record)
        )
    if record.type == PROBLEM:
        return Entry(record.id, PROBLEM, record.indexed.get(PROBLEM, ""))
    if not is_concept(record):
        return Entry(record.id, record.type, record.indexed.get(RANKED, ""))
    concept = concept_of(record)
    types = tuple(one.type for one in concept.parameters)
    return Entry(record.id, record.type, record.indexed.get(RANKED, ""), types, concept.output)


@dataclass(frozen=True)
class Snapshot:
    """One state of a memory.

    Attributes:
        seq: Up to which number it was read.
        generation: Of the shelf that it was read from.
        entries: By row number.
        uses: Ids of concept and problem.
        lexicon: That has analysed the texts.
    """

    seq: int
    generation: int
    entries: Mapping[int, Entry]
    uses: frozenset[tuple[str, str]]
    lexicon: Lexicon = field(default_factory=Lexicon)

    @cached_property
    def concept_rows(self) -> Rows:
        """Rows of all that can be selected, ascending: what has a text and is no problem, shape (n,)."""
        beside = (PROBLEM, OUTCOME)
        return _rows(row for row, one in self.entries.items() if one.text and one.type not in beside)

    @cached_property
    def problem_rows(self) -> Rows:
        """Rows of the problems in whose solutions concepts are used, ascending, shape (m,)."""
        used = {problem for _, problem in self.uses}
        return _rows(row for row, one in self.entries.items() if one.type == PROBLEM and one.id in used)


def _rows(found: Iterable[int]) -> Rows:
    return np.array(sorted(found), np.int64)


class Reader:
    """The latest snapshot of a memory, and the weights found on it. Safe for threads.

    Args:
        policy: Constants of selection.
    """

    def __init__(self, policy: SelectionPolicy) -> None:
        self.policy = policy
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._corpus: Corpus | None = None
        self._calibration: Calibration | None = None

    def read(
        self, view: View, shelf: Shelf, states: Collection[State] = LIVE, *, weigh: bool = True
    ) -> tuple[Snapshot, Corpus, Calibration | None]:
        """The memory as of a view, and the weights to select by.

        Args:
            view: What is read; one of the past is read from the beginning.
            shelf: Its shelf, up to date.
            states: Of the records that are read; others than live ones are read from the beginning.
            weigh: Whether weights are wanted: finding them is most of the work.
        """
        with self._lock:
            is_now = shelf.shows_all(view.seen) and tuple(states) == LIVE
            snapshot = advanced(self._snapshot if is_now else None, view, shelf, states)
            kept = self._corpus if snapshot is self._snapshot and not shelf.is_waiting else None
            made = kept or _corpus(snapshot, shelf)
            calibration = self._calibration if is_now else None
            if weigh and (calibration is None or due(calibration, made, self.policy)):
                calibration = calibrate(made, self.policy)
            if is_now:
                self._snapshot, self._calibration = snapshot, calibration
                self._corpus = None if shelf.is_waiting else made
            return snapshot, made, calibration


def reader_of(bank: Bank, view: View, policy: SelectionPolicy) -> Reader:
    """The reader that the bank keeps for what a view sees."""
    key = ("concept", view.store, tuple(view.numbers), policy)
    return bank.library.derived(key, lambda: Reader(policy))


def advanced(before: Snapshot | None, view: View, shelf: Shelf, states: Collection[State] = LIVE) -> Snapshot:
    """The snapshot of a view, by what changed since another one."""
    with shelf.lock:
        wanted = [STATES[state.value] for state in states]
        mask = shelf.visible(view.seen) & np.isin(shelf.column("state"), wanted)
        rows = shelf.column("row")[mask]
        generation, seq = shelf.generation, shelf.seq
    if before is not None and (before.generation != generation or before.seq > seq):
        before = None
    if before is not None and before.seq == seq:
        return before
    held = before.entries if before else {}
    new = [row for row in rows.tolist() if row not in held]
    loaded = dict(zip(new, view.load(new), strict=True))
    entries = {
        row: held[row] if row in held else entry_of(loaded[row])
        for row in rows.tolist()
        if row in held or loaded[row] is not None
    }
    if before is None:
        ids = [one.id for one in entries.values() if one.type not in (PROBLEM, OUTCOME)]
        uses = {(link.source, link.target) for link in view.links(ids, USED_IN, "out")}
        return Snapshot(seq, generation, entries, frozenset(uses))
    touched = {id for event in view.operations(after=before.seq) for id in event.about}
    touched |= {entries[row].id for row in new if row in entries}
    fresh = {(link.source, link.target) for link in view.links(touched, USED_IN)} if touched else set()
    kept = {pair for pair in before.uses if touched.isdisjoint(pair)}
    return replace(before, seq=seq, generation=generation, entries=entries, uses=frozenset(kept | fresh))


def _corpus(snapshot: Snapshot, shelf: Shelf) -> Corpus:
    """The arrays of a snapshot."""
    from scipy.sparse import csr_array

    concepts = [snapshot.entries[row] for row in snapshot.concept_rows.tolist()]
    problems = [snapshot.entries[row] for row in snapshot.problem_rows.tolist()]
    columns = {one.id: place for place, one in enumerate(concepts)}
    lines = {one.id: place for place, one in enumerate(problems)}
    pairs = [(lines[p], columns[c]) for c, p in snapshot.uses if p in lines and c in columns]
    at = np.array(pairs, np.int64).reshape(-1, 2)
    ones = np.ones(len(at), np.float64)
    uses = csr_array((ones, (at[:, 0], at[:, 1])), shape=(len(problems), len(concepts)))
    outcomes = np.zeros((len(concepts), len(OUTCOMES)), np.int64)
    for one in snapshot.entries.values():
        if one.about in columns:
            outcomes[columns[one.about]] = [int(one.counts.get(name, 0)) for name in OUTCOMES]
    return Corpus(
        Concepts(
            tuple(one.id for one in concepts),
            tuple(one.text for one in concepts),
            _vectors(shelf, RANKED, snapshot.concept_rows),
            tuple(one.parameters for one in concepts),
            tuple(one.output for one in concepts),
            outcomes,
        ),
        Problems(
            tuple(one.id for one in problems),
            tuple(one.text for one in problems),
            _vectors(shelf, PROBLEM, snapshot.problem_rows),
        ),
        uses,
        snapshot.lexicon,
    )


def _vectors(shelf: Shelf, field: str, rows: Rows) -> NDArray[np.float32]:
    """The vectors of rows, shape (rows, d); zeros where there is none."""
    index = shelf.fields.get(field)
    if index is None:
        return np.zeros((len(rows), shelf.dimensions), np.float32)
    with shelf.lock:
        return index.vectors_of(shelf.slots_of(rows))
