"""Versions that share what is indexed, against brute force over every version: now, then, after all that befalls."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.bank.shelf import STATES, Shelf
from agentmem.bank.view import ApplyView
from agentmem.db import versions
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import AgentMemError
from agentmem.index.analysis import stems
from agentmem.index.ranking import grown
from agentmem.records import ChangeSet, Event, Record, State
from agentmem.stores.base import MemoryStore
from agentmem.testing import HandClock

NS = ("default",)
TEXTS = ["a plum", "a pear and a plum", "is a dog near? the sea", "sea"]
KEYS = ["one", "two"]
QUERY = "plum sea"


class Rated(MemoryStore):
    """What is observed, with a rating that feedback raises: new versions of unchanged text."""

    name: ClassVar[str] = "rated"

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        if not event.store:
            made = Record(id=view.new_id(), text=event.text, payload={"rating": 0}, sources=(event.id,))
            return ChangeSet(records=(made.revised(indexed={"text": event.text, "first": event.text[:1]}),))
        if event.type == "feedback":
            return ChangeSet(
                records=tuple(
                    one.revised(payload={"rating": int(one.payload.get("rating") or 0) + 1}, sources=())
                    for one in view.get(event.about)
                    if one.state is State.LIVE
                )
            )
        return ChangeSet()


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "observe",
                "put",
                "put",
                "correct",
                "retract",
                "feedback",
                "feedback",
                "forget",
                "rebuild",
                "search",
            ]
        ),
        st.integers(0, 20),
        st.sampled_from(TEXTS),
    ),
    min_size=1,
    max_size=14,
)


def act(bank: Bank, what: str, which: int, text: str) -> None:
    store = bank.store(Rated, NS)
    records = store.select()
    one = records[which % len(records)] if records else None
    if what == "observe":
        bank.append(NS, [Event(text=text)], embed=which % 2 == 0)
    elif what == "put":
        store.put(KEYS[which % 2], text, payload={"n": which // 3})
    elif what == "rebuild":
        bank.rebuild(NS, "rated")
    elif what == "search":
        store.recall(text, floor=False)
    elif one is None:
        return
    elif what == "correct":
        store.correct(one.id, text)
    elif what == "retract":
        store.retract([one.id])
    elif what == "feedback":
        store.feedback([one.id], "used")
    else:
        bank.forget(NS, records=[one.id])


def naive(documents: list[list[str]], said: list[str]) -> float:
    """BM25 of `QUERY` in one of `documents`, all as stems."""
    average = max(sum(map(len, documents)), 1) / len(documents)
    total = 0.0
    for stem in set(stems(QUERY)):
        frequency, df = Counter(said)[stem], sum(stem in one for one in documents)
        if frequency:
            idf = math.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
            total += idf * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * len(said) / average))
    return total


def every_version(bank: Bank) -> list[tuple[int, Record]]:
    with bank.database.read() as connection:
        ids = [record.id for record in versions.find(connection, [1], "rated", None)]
        found = versions.by_ids(connection, [1], ids, None)
    return [(row, record) for row, record in found if record.state is not State.FORGOTTEN]


def documents_of(history: list[tuple[int, Record]], name: str) -> list[str]:
    """What is indexed as a field: a run of versions that say the same is one document."""
    runs: dict[str, list[str]] = defaultdict(list)
    for _, record in sorted(history, key=lambda one: one[1].version):
        said = record.indexed.get(name)
        if said is not None and runs[record.id][-1:] != [said]:
            runs[record.id].append(said)
    return [said for run in runs.values() for said in run]


def is_brute_force(shelf: Shelf, history: list[tuple[int, Record]], seqs: range, states: list[State]) -> None:
    """Every search of the shelf, now and as of each of `seqs`, finds what looking at every version finds."""
    vector = np.asarray(HashingEmbedder().embed([QUERY])[0], np.float32)
    said = dict(history)
    assert set(shelf.live("row")) == set(said)
    for name, index in shelf.fields.items():
        documents = documents_of(history, name)
        assert (index.texts, index.vectors) == (len(documents), len(documents))
        analysed = [stems(one) for one in documents]
        rows = [row for row, record in sorted(history) if name in record.indexed]
        slots = shelf.slots_of(np.array(rows, np.int64))
        words = {row: naive(analysed, stems(said[row].indexed[name])) for row in rows}
        embedded = HashingEmbedder().embed([said[row].indexed[name] for row in rows]).astype(np.float16)
        cosines = dict(zip(rows, embedded.astype(np.float32) @ vector, strict=True))
        told = index.weights(QUERY, slots).sum(axis=0)
        np.testing.assert_allclose(told, [words[row] for row in rows], rtol=1e-5)
        np.testing.assert_allclose(index.cosines(vector, slots), [cosines[row] for row in rows], atol=1e-6)
        for seq in (*seqs, 10**9):
            mask = shelf.visible(seq) & np.isin(shelf.column("state"), [STATES[one.value] for one in states])
            passing = {
                row
                for row in rows
                if said[row].from_seq <= seq < (said[row].to_seq or 10**12) and said[row].state in states
            }
            for k in (1, 2, 50):
                near = shelf.column("row")[index.search_vectors(vector, k, mask)[0]].tolist()
                best = sorted((cosines[row] for row in passing), reverse=True)
                assert set(near) <= passing
                assert len(set(near)) == len(near) == min(k, len(best))
                np.testing.assert_allclose([cosines[row] for row in near], best[:k], rtol=1e-5, atol=1e-6)
                worded = shelf.column("row")[index.candidates(QUERY, None, k, mask)].tolist()
                best = sorted((words[row] for row in passing if words[row]), reverse=True)
                assert set(worded) <= {row for row in passing if words[row]}
                assert len(set(worded)) == len(worded) >= min(k, len(best))  # versions share a text
                got = sorted((words[row] for row in worded), reverse=True)
                np.testing.assert_allclose(got[:k], best[:k], rtol=1e-5)


def is_sound(bank: Bank) -> None:
    """The shelf, and one that is built anew, find what looking at every version finds."""
    shelf = bank.view(NS, store="rated").shelf()
    with bank.database.read() as connection:
        anew = Shelf(shelf.numbers, shelf.store, *bank.library.embedder_key)
        anew.refresh(connection)
    history = every_version(bank)
    seqs = range(0, shelf.seq + 1, 2)
    for one in (shelf, anew):
        is_brute_force(one, history, seqs, [State.LIVE])
        is_brute_force(one, history, seqs[-1:], [State.SUPERSEDED, State.RETRACTED, State.LIVE])
        assert not one.is_waiting
    assert shelf.live("asks") == anew.live("asks")
    assert shelf.live("head") == anew.live("head")
    assert bank.verify() == []


@pytest.mark.slow
@settings(max_examples=60)
@given(ACTS)
def test_whatever_befalls_records_search_is_brute_force(acts):
    with Bank("sqlite://", embedder=HashingEmbedder(), clock=HandClock()) as bank:
        store = bank.store(Rated, NS)
        store.observe("a plum")
        store.feedback([store.select()[0].id], "used")
        store.recall("plum", floor=False)
        for what, which, text in acts:
            try:
                act(bank, what, which, text)
            except AgentMemError:
                continue  # what does not apply changes nothing
        is_sound(bank)


def test_versions_of_unchanged_text_are_one_document_and_one_vector(bank: Bank):
    store = bank.store(Rated, NS)
    store.observe(Event(text="is a dog near? the sea"), Event(text="a pear and a plum"))
    dog, pear = (record.id for record in store.select())
    store.recall("sea", floor=False)
    for _ in range(3):
        store.feedback([dog, pear], "used")
    index = bank.view(NS, store="rated").shelf().fields["text"]
    assert (index.texts, index.vectors) == (2, 2)
    is_sound(bank)
    store.correct(dog, "a dog at sea")  # the old one's last version says what it said
    store.retract([pear])
    bank.rebuild(NS, "rated")
    is_sound(bank)
    index = bank.view(NS, store="rated").shelf().fields["text"]
    assert (index.texts, index.vectors) == (3, 3)
    assert [hit.record.payload["rating"] for hit in store.recall("sea", floor=False, k=1)] == [3]


def test_vectors_are_moved_by_no_later_ones_however_many_versions_share_theirs(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
):
    store = bank.store(Rated, NS)
    for n in range(30):
        store.observe(Event(text=f"plum {n}"))
        for _ in range(4 if n < 5 else 0):
            store.feedback([record.id for record in store.select()], "helped")
    store.recall("plum")
    monkeypatch.setattr("agentmem.bank.shelf.AT_ONCE", 10)
    moved = []

    def watched(array, size, fill=0):
        moved.append(array.ndim == 2 and 0 < len(array) < size)
        return grown(array, size, fill)

    monkeypatch.setattr("agentmem.index.vectors.grown", watched)
    bank.library.drop_shelves()
    assert len(store.recall("plum", k=40)) == 30
    assert moved and not any(moved)


def test_what_was_said_before_a_text_came_back_is_found_as_of_then(bank: Bank, clock: HandClock):
    store = bank.store(Rated, NS)
    moments = []
    for text in ("the dog is in", "the dog is out", "the dog is in"):
        store.put("dog", text)
        moments.append(clock.now)
        clock.forward(days=1)
    store.put("dog", "the dog is in", payload={"sure": True})
    found = [store.recall("dog", floor=False, known_at=moment)[0].record for moment in moments]
    assert [(one.text, one.version) for one in found] == [
        ("the dog is in", 1),
        ("the dog is out", 2),
        ("the dog is in", 3),
    ]
    assert [hit.record.version for hit in store.recall("dog", floor=False)] == [4]
    is_sound(bank)


def test_who_opened_the_bank_before_sees_what_others_changed_and_forgot(open_bank):
    mine, theirs = open_bank(), open_bank()
    store, other = mine.store(Rated, NS), theirs.store(Rated, NS)
    store.observe("a plum")
    one = store.select()[0].id
    store.recall("plum", floor=False)
    other.feedback([one], "used")
    other.feedback([one], "used")
    assert [hit.record.version for hit in store.recall("plum", floor=False)] == [3]
    is_sound(mine)
    theirs.forget(NS, records=[one])
    assert store.recall("plum", floor=False) == []
    is_sound(mine)
    mine.reembed(HashingEmbedder(32))
    assert mine.verify() == []


def test_a_version_whose_predecessor_lost_its_entry_has_one_of_its_own(bank: Bank, tamper):
    """Damage that leaves a later version without the one before it: nothing is shared, and nothing is lost."""
    store = bank.store(Rated, NS)
    store.observe("a plum")
    one = store.select()[0].id
    store.feedback([one], "used")
    tamper(bank, "UPDATE record SET version = 7 WHERE store = 'rated' AND version = 2")
    bank.library.drop_shelves()
    assert [hit.record.payload["rating"] for hit in store.recall("plum", floor=False)] == [1]
    assert bank.view(NS, store="rated").shelf().fields["text"].texts == 2


def test_a_version_of_unchanged_text_waits_for_no_vector_unless_the_one_before_does(bank: Bank):
    store = bank.store(Rated, NS)
    bank.append(NS, [Event(text="a plum")], embed=False)
    one = store.select()[0].id
    waiting = bank.stats().waiting_for_vectors
    bank.append(NS, [Event(type="feedback", store="rated", about=(one,), data={"kind": "used"})], embed=False)
    assert bank.stats().waiting_for_vectors == waiting + 2  # both its fields, as those before them
    store.recall("plum", floor=False)
    assert bank.stats().waiting_for_vectors == 0
    bank.append(NS, [Event(type="feedback", store="rated", about=(one,), data={"kind": "used"})], embed=False)
    assert bank.stats().waiting_for_vectors == 0
    bank.append(NS, [Event(type="put", store="rated", text="sea", data={"key": "k"})], embed=False)
    assert bank.stats().waiting_for_vectors == 1
    is_sound(bank)
