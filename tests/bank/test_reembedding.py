"""Another embedder for a bank: resumable, served meanwhile, and never the vectors of two models mixed."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from agentmem.bank import Bank, embedding, reembedding
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import EmbedderMismatch, InvalidInput, Unavailable
from agentmem.records import Event
from agentmem.testing.looking import answers, exported, journal

NS = ("default",)
WORDS = [
    "quince",
    "medlar",
    "xylograph",
    "lighthouse",
    "harbour",
    "violin",
    "plum",
    "nine",
    "swallow",
    "kettle",
    "castle",
    "river",
]
QUESTIONS = ["Where is the quince?", "harbour swallow", "What did Maya say of the violin?", ""]


class Counting(HashingEmbedder):
    """The new embedder: it counts what it embeds, and may do something before, or break."""

    def __init__(self, dimensions: int = 32) -> None:
        super().__init__(dimensions)
        self.embedded: list[str] = []
        self.before = lambda: None

    def embed(self, texts):
        self.before()
        self.embedded += texts
        return super().embed(texts)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (embedding, reembedding):
        monkeypatch.setattr(place, "AT_ONCE", 10)
    monkeypatch.setattr(reembedding, "STRAGGLERS", 5)
    monkeypatch.setattr(reembedding, "ERASED_AT_ONCE", 16)


def texts(n: int, start: int = 0) -> list[Event]:
    return [
        Event(
            id=f"e{i}",
            actor="Maya" if i % 3 else "Ben",
            session=f"s{i // 7}",
            text=f"The {WORDS[i % 12]} and the {WORDS[i * 5 % 11]} were seen {i} times.",
        )
        for i in range(start, start + n)
    ]


def fill(bank: Bank, n: int = 60) -> Bank:
    store = bank.store()
    store.observe(*texts(n))
    store.put("k", "one")
    store.put("k", "two", index={"text": "two", "cue": "a cue"})
    store.correct("e3", "It was seen never.")
    bank.store(namespace=("other",)).observe("The quince of others.")
    return bank


def told(bank: Bank, clock) -> dict:
    at = clock.now + timedelta(days=1)
    return {str(place): answers(bank.store(namespace=place), QUESTIONS, at) for place in (NS, ("other",))}


def alike(bank: Bank, open_bank, clock, name: str = "fresh.db") -> None:
    """A bank answers as one that had its embedder from the start."""
    fresh = open_bank(name, embedder=HashingEmbedder(32))
    fresh.load(exported(bank))
    assert told(bank, clock) == told(fresh, clock)


def names(bank: Bank) -> set[str]:
    """Whose vectors the bank holds."""
    with bank.database.read() as connection:
        return set(connection.exec_driver_sql("SELECT DISTINCT embedder FROM vector").scalars())


def test_all_answers_are_those_of_a_bank_that_had_it_from_the_start(
    bank: Bank, open_bank, clock, tmp_path: Path
):
    old = told(fill(bank), clock)
    new = Counting()
    steps: list[tuple[int, int]] = []
    report = bank.reembed(new, lambda done, total: steps.append((done, total)))
    assert (report.previous, report.embedder) == ("hashing-64", "hashing-32")
    assert report.texts == report.erased == len(new.embedded) == len(set(new.embedded))
    assert sum(done for done, _ in steps) == report.texts
    assert {total for _, total in steps} == {report.texts}
    assert bank.stats().embedder == "hashing-32"
    assert names(bank) == {"hashing-32"}
    assert told(bank, clock) != old
    alike(bank, open_bank, clock)
    alike(open_bank(embedder=HashingEmbedder(32)), open_bank, clock, "again.db")
    with pytest.raises(EmbedderMismatch, match="reembed"):
        open_bank().store().recall("quince")
    assert bank.verify() == []


def test_a_bank_that_was_never_opened_with_the_old_one_is_embedded_all_the_same(open_bank, clock):
    fill(open_bank()).close()

    class Gone(HashingEmbedder):
        def embed(self, texts):
            raise Unavailable("it is not to be had any more")

    bank = open_bank(embedder=Gone())
    bank.reembed(HashingEmbedder(32))
    assert bank.store().observe(Event(id="new", text="The heron is new."))[0].status == "stored"
    assert bank.store().recall("The heron is new.")[0].id == "new"
    alike(bank, open_bank, clock)


def test_a_bank_without_vectors_gets_the_embedder(bank: Bank):
    report = bank.reembed(HashingEmbedder(32))
    assert (report.previous, report.texts, report.erased) == (None, 0, 0)
    bank.store().observe("x")
    assert names(bank) == {"hashing-32"}


def test_what_breaks_off_is_gone_on_with(bank: Bank, open_bank, clock):
    before = told(fill(bank), clock)
    new = Counting()

    def down() -> None:
        if len(new.embedded) >= 30:
            raise Unavailable("the server is down")

    new.before = down
    with pytest.raises(Unavailable, match="the server is down"):
        bank.reembed(new)
    assert told(bank, clock) == before
    assert bank.stats().embedder == "hashing-64"
    assert names(bank) == {"hashing-64", "hashing-32"}
    assert bank.verify() == []
    again = Counting()
    report = open_bank().reembed(again)
    assert len(new.embedded) == 30
    assert not set(again.embedded) & set(new.embedded)
    assert report.texts == len(again.embedded)
    assert names(bank) == {"hashing-32"}
    alike(open_bank(embedder=HashingEmbedder(32)), open_bank, clock)


def test_others_are_served_until_the_switch_and_told_after_it(bank: Bank, open_bank, clock):
    other = fill(open_bank())
    before = told(other, clock)
    new = Counting()
    seen: list[dict] = []
    new.before = lambda: (seen.append(told(other, clock)), seen.append(told(bank, clock)))
    told(bank, clock)
    kept = journal(bank)
    bank.reembed(new)
    new.before = lambda: None
    assert len(seen) > 6
    assert all(one == before for one in seen)
    store = other.store()
    for _ in range(2):
        for attempt in (
            lambda: store.recall("quince"),
            lambda: store.recall(""),
            lambda: store.synthesize("quince", 100),
            lambda: store.observe("more"),
            lambda: store.put("k", "three"),
            lambda: store.correct("e1", "more"),
        ):
            with pytest.raises(EmbedderMismatch, match="open the bank with 'hashing-32'"):
                attempt()
    assert journal(other) == kept
    assert other.verify() == []
    assert store.observe(Event(id="late", text="kept without a vector"), embed=False)[0].status == "stored"
    assert bank.store().recall("kept without a vector")[0].id == "late"
    assert names(bank) == {"hashing-32"}


def test_what_comes_meanwhile_is_caught_up_with(bank: Bank, open_bank, clock):
    other = fill(open_bank())
    new = Counting()
    n = iter(range(1_000))

    def write() -> None:
        i = next(n)
        if i < 8:
            other.store().observe(*texts(3, 100 + 3 * i), embed=i % 3 > 0)
            other.store().put("k", f"value {i}")
        if i == 4:
            other.forget(NS, events=["e1", "e2"])

    new.before = write
    bank.reembed(new)
    new.before = lambda: None
    assert len(bank.store().select('session != ""')) > 80
    bank.store().recall("quince")
    assert bank.stats().waiting_for_vectors == 0
    assert bank.verify() == []
    alike(bank, open_bank, clock)


def test_somebody_who_writes_all_the_time_does_not_keep_it_from_ending(bank: Bank, open_bank):
    other = fill(open_bank())
    new = Counting()
    n = iter(range(100_000))

    def write() -> None:
        try:
            other.store().observe(*texts(3, 100 + 3 * next(n)))
        except EmbedderMismatch:
            new.before = lambda: None

    new.before = write
    bank.reembed(new)
    bank.store().recall("quince")
    assert bank.stats().waiting_for_vectors == 0
    assert bank.verify() == []


def test_texts_that_the_new_embedder_cannot_take_stand_in_no_other_way(bank: Bank, open_bank):
    fill(bank)

    class Choosy(HashingEmbedder):
        def embed(self, texts):
            for text in texts:
                if "seen 7 " in text:
                    raise InvalidInput("too long")
                if "seen 8 " in text:
                    raise ZeroDivisionError("odd")
            return super().embed(texts)

    bank.reembed(Choosy(32))
    assert bank.stats().waiting_for_vectors == 1
    assert bank.store().recall("seen 7", floor=False)
    assert bank.store().recall("The quince and the quince were seen 0 times.")[0].id == "e0"
    assert bank.verify() == []
    whole = open_bank(embedder=HashingEmbedder(32))
    whole.library.embed_waiting()
    assert whole.stats().waiting_for_vectors == 0


def test_an_embedder_that_can_take_none_changes_nothing(bank: Bank, clock):
    before = told(fill(bank), clock)

    class Odd(HashingEmbedder):
        def embed(self, texts):
            return np.full((len(texts), self.dimensions), np.nan, np.float32)

    with pytest.raises(Unavailable):
        bank.reembed(Odd(32))
    assert told(bank, clock) == before
    assert names(bank) == {"hashing-64"}


def test_what_another_run_left_behind_is_cleared_by_a_run_for_the_own_embedder(bank: Bank, clock):
    before = told(fill(bank), clock)
    new = Counting()

    def down() -> None:
        if len(new.embedded) >= 30:
            raise Unavailable("down")

    new.before = down
    with pytest.raises(Unavailable):
        bank.reembed(new)
    report = bank.reembed(HashingEmbedder())
    assert (report.texts, report.erased) == (0, 30)
    assert names(bank) == {"hashing-64"}
    assert told(bank, clock) == before


def test_the_old_vectors_of_a_run_that_was_stopped_after_the_switch_go_later(
    bank: Bank, open_bank, clock, monkeypatch: pytest.MonkeyPatch
):
    fill(bank)
    with monkeypatch.context() as patched:
        patched.setattr(reembedding, "_erase_others", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bank.reembed(Counting())
    assert names(bank) == {"hashing-64", "hashing-32"}
    opened = open_bank(embedder=HashingEmbedder(32))
    assert opened.verify() == []
    alike(opened, open_bank, clock)
    assert opened.reembed(HashingEmbedder(32)).erased > 60
    assert names(bank) == {"hashing-32"}


def test_a_run_does_not_erase_the_vectors_of_a_later_one(
    bank: Bank, open_bank, monkeypatch: pytest.MonkeyPatch
):
    fill(bank)
    erase = reembedding._erase_others

    def overtaken(own: Bank, name: str) -> int:
        if name == "hashing-32":
            open_bank(embedder=HashingEmbedder(32)).reembed(HashingEmbedder(48))
        return erase(own, name)

    monkeypatch.setattr(reembedding, "_erase_others", overtaken)
    assert bank.reembed(HashingEmbedder(32)).erased == 0
    assert names(bank) == {"hashing-48"}
    with pytest.raises(EmbedderMismatch):
        bank.store().recall("quince")
    assert open_bank(embedder=HashingEmbedder(48)).verify() == []


def test_recall_goes_on_in_threads_while_it_is_done(bank: Bank, clock):
    """Whatever moment it is, a question meets vectors of its own embedder, and its own text is the best hit."""
    fill(bank)
    wrong: list[object] = []
    stop = threading.Event()

    def ask(start: int) -> None:
        store = bank.store()
        i = start
        while not stop.is_set():
            i = (i + 7) % 60
            if i == 3:
                continue
            event = texts(1, i)[0]
            try:
                hit = store.recall(event.text, k=1, steps=("dense",), floor=False)[0]
                if hit.id != event.id and hit.text != event.text:
                    wrong.append((event.text, hit.text))
                store.put(f"t{start}", f"value {i}")
            except Exception as error:  # anything would be wrong
                wrong.append(error)
                return

    threads = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for dimensions in (32, 64, 48, 64):
        bank.reembed(HashingEmbedder(dimensions))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert bank.verify() == []


def test_a_bank_in_memory_too(open_bank):
    bank = fill(open_bank("sqlite://"))
    bank.store().recall("quince")
    bank.reembed(HashingEmbedder(32))
    assert bank.store().recall("quince")
    assert names(bank) == {"hashing-32"}
