"""Verify names each kind of disagreement, and repair mends what can be mended."""

from __future__ import annotations

import io
import sqlite3
import threading

import numpy as np
import pytest

from agentmem.bank import Bank
from agentmem.errors import Damaged
from agentmem.records import ChangeSet, Event, Record
from agentmem.stores import MemoryStore, register

NS = ("default",)


@register
class Summing(MemoryStore):
    """Keeps a text of its own."""

    name = "summing"

    def apply(self, event, view):
        if event.store:
            return ChangeSet()
        text = f"summed: {event.text}"
        return ChangeSet(records=(Record(id=view.new_id(), text=text, indexed={"text": text}),))


@pytest.fixture
def told(bank: Bank) -> Bank:
    bank.store("summing")
    store = bank.store()
    store.observe(Event(id="a", text="alpha", session="s"), Event(id="b", text="beta", session="s"), "gamma")
    store.correct("a", "delta")
    store.put("k", "kappa")
    store.recall("alpha")
    assert bank.verify() == []
    return bank


def mended(bank: Bank) -> list[str]:
    bank.verify(repair_found=True)
    return bank.verify()


def test_a_record_whose_text_was_changed(told: Bank, tamper):
    tamper(told, "UPDATE record SET text = 'forged' WHERE store = 'summing' AND text = 'summed: beta'")
    found = told.verify()
    assert any("summing in default: record" in one and "journal" in one for one in found)
    assert mended(told) == []
    assert "summed: beta" in {record.text for record in told.store("summing").select()}


def test_a_record_whose_indexed_text_was_changed(told: Bank, tamper):
    tamper(told, "UPDATE field SET text = 'forged' WHERE text IS NULL AND row = 1")
    assert any("hash of its indexed text" in one for one in told.verify())
    assert mended(told) == []


def test_a_record_that_is_gone(told: Bank, tamper):
    tamper(told, "DELETE FROM source WHERE row = 2")
    assert any("record b@1" in one for one in told.verify())
    assert mended(told) == []


def test_a_state_that_was_changed(told: Bank, tamper):
    tamper(told, "UPDATE record SET state = 'live' WHERE state = 'superseded'")
    assert any("record a@2" in one for one in told.verify())
    assert mended(told) == []
    assert told.store().get(["a"])[0].state == "superseded"


def test_a_link_that_is_gone(told: Bank, tamper):
    tamper(told, "DELETE FROM link")
    assert any("link" in one and "supersedes" in one for one in told.verify())
    assert mended(told) == []


def test_a_link_that_leads_nowhere(told: Bank, tamper):
    tamper(told, "UPDATE link SET target = 'nowhere'")
    found = told.verify()
    assert any("nowhere" in one and "does not exist" in one for one in found)
    assert mended(told) == []


def test_a_vector_that_is_gone(told: Bank, tamper):
    tamper(told, "DELETE FROM vector WHERE digest = (SELECT digest FROM field WHERE row = 2)")
    assert any("has no vector and waits for none" in one for one in told.verify())
    assert mended(told) == []
    assert told.store().recall("beta")[0].parts["dense"] > 0


def test_a_vector_that_nobody_needs(told: Bank, tamper):
    data = np.ones(64, "<f2") / 8
    tamper(told, "INSERT INTO vector VALUES (?, 'hashing-64', 0, ?)", b"x" * 32, data.tobytes())
    assert any("nothing that is indexed refers to it" in one for one in told.verify())
    assert mended(told) == []


@pytest.mark.parametrize("data", [b"", b"x", b"\x00" * 128, np.full(64, np.nan, "<f2").tobytes()])
def test_a_vector_that_is_damaged(told: Bank, data: bytes, tamper):
    tamper(told, "UPDATE vector SET data = ? WHERE digest = (SELECT digest FROM field WHERE row = 2)", data)
    assert any("no normalised vector" in one for one in told.verify())
    assert mended(told) == []


def test_an_event_that_was_changed(told: Bank, tamper):
    tamper(told, "UPDATE event SET text = 'forged' WHERE id = 'b'")
    named = "event b in default: it is not what was appended"
    assert named in told.verify()
    told.verify(repair_found=True)
    # It is evidence: nobody can say what it was, so it goes on being named.
    assert named in told.verify()


CHANGED = (
    "text = 'forged'",
    "data = '{\"n\": 1}'",
    "trust = 'web'",
    "actor = 'Mallory'",
    "session = 'other'",
)
NO_EVENT = (
    pytest.param("text = CAST('beta' AS BLOB)", marks=pytest.mark.on_file),
    "data = '{'",
    "trust = 'nobody'",
    "time = 9223372036854775807",
)


@pytest.mark.parametrize("change", [*CHANGED, *NO_EVENT])
def test_a_changed_event_is_shown_to_nobody(told: Bank, open_bank, change: str, tamper):
    tamper(told, f"UPDATE event SET {change} WHERE id = 'b'")
    bank = open_bank()
    for read in (
        lambda: bank.events(NS, ["b"]),
        lambda: bank.view(NS).events(),
        lambda: bank.export(io.StringIO()),
        lambda: bank.rebuild(NS),
    ):
        with pytest.raises(Damaged) as caught:
            read()
        assert caught.value.remedy
    assert bank.verify()


@pytest.mark.parametrize("change", CHANGED)
def test_a_changed_event_can_be_forgotten(told: Bank, change: str, tamper):
    tamper(told, f"UPDATE event SET {change} WHERE id = 'b'")
    told.forget(NS, events=["b"])
    assert "b" not in [event.id for event in told.view(NS).events()]
    assert told.verify() == []


def test_a_counter_that_went_back(told: Bank, tamper):
    tamper(told, "UPDATE counter SET value = 2")
    assert any("the counter stands before" in one for one in told.verify())


def test_a_journal_that_cannot_be_replayed(told: Bank, tamper):
    tamper(told, "UPDATE reference SET target = 'nobody' WHERE kind = 'about'")
    assert any("default cannot be replayed" in one or "journal" in one for one in told.verify())
    tamper(told, "UPDATE event SET state = 'lost' WHERE id = 'b'")
    assert any("default cannot be replayed: line" in one for one in told.verify())


def test_pending_of_a_store_that_is_not_attached(told: Bank, tamper):
    tamper(
        told,
        "INSERT INTO pending SELECT seq, 'stranger', namespace, 'waiting', 0, NULL, NULL, '' FROM event WHERE id = 'b'",
    )
    assert any("'stranger' is not attached" in one for one in told.verify())


def test_an_index_in_memory_that_went_wrong(told: Bank):
    shelf = told.library.shelves[0]
    shelf.column("state")[0] = 3
    assert any("index of" in one and "state" in one for one in told.verify())
    assert mended(told) == []


@pytest.mark.on_file
def test_a_damaged_file_is_named(told: Bank):
    path = told.database.path
    told.store().observe(*(f"filler {n} " * 20 for n in range(200)), embed=False)
    told.close()
    assert sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    data = bytearray(path.read_bytes())
    for page in range(4, len(data) // 4096, 3):
        data[page * 4096 : page * 4096 + 4096] = b"\xff" * 4096
    path.write_bytes(bytes(data))
    try:
        found = told.verify()
    except Damaged:
        return
    assert found


def test_it_changes_nothing_by_itself(told: Bank, tamper):
    tamper(told, "UPDATE record SET state = 'live' WHERE state = 'superseded'")
    assert told.verify() == told.verify() != []


def test_a_bank_with_all_kinds_of_things_is_sound_after_a_rebuild(told: Bank):
    told.rebuild(NS)
    assert told.verify() == []


def test_it_looks_at_one_state_while_others_write(bank: Bank, open_bank):
    stop = threading.Event()

    def write(store: MemoryStore) -> None:
        n = 0
        while not stop.is_set():
            n += 1
            store.observe(Event(id=f"{store.namespace} {n}", text=f"said {n}"), embed=bool(n % 2))
            if n % 3 == 0:
                store.correct(f"{store.namespace} {n}", f"meant {n}")
            if n % 5 == 0:
                bank.forget(store.namespace, events=[f"{store.namespace} {n}"])

    bank.store().observe("first")
    spaces = [("default",), ("other",)]
    threads = [threading.Thread(target=write, args=(bank.store(namespace=space),)) for space in spaces]
    for thread in threads:
        thread.start()
    found = [bank.verify() for _ in range(4)]
    stop.set()
    for thread in threads:
        thread.join()
    assert found == [[]] * 4


def test_a_bank_of_many_namespaces_is_verified_in_one_go(bank: Bank, monkeypatch: pytest.MonkeyPatch, tamper):
    monkeypatch.setattr("agentmem.bank.repair.REPLAYED_AT_ONCE", 3)
    for n in range(4):
        bank.store(namespace=("many", str(n))).observe(Event(id="a", text=f"said {n}"), "and more")
    assert bank.verify() == []
    tamper(bank, "UPDATE record SET state = 'retracted' WHERE id = 'a' AND namespace = 2")
    assert [one.partition(" is not")[0] for one in bank.verify()] == ["episodic in many/1: record a@1"]
    assert mended(bank) == []
