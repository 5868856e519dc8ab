"""Copies, other schemas, other files, other embedders; and vectors that are made later."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import numpy as np
import pytest

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Conflict, Damaged, InvalidInput, NotFound, SchemaMismatch, Unavailable
from agentmem.records import Event

NS = ("default",)


class Flaky(HashingEmbedder):
    """An embedder behind a server that may be down."""

    def __init__(self) -> None:
        super().__init__()
        self.is_down = True
        self.calls = 0

    def embed(self, texts):
        self.calls += 1
        if self.is_down:
            raise Unavailable("the embedding server does not answer")
        return super().embed(texts)


class Unreachable(Flaky):
    """One that cannot even say how long its vectors are."""

    dimensions = property(lambda self: self._asked(), lambda self, value: None)

    def _asked(self) -> int:
        if self.is_down:
            raise Unavailable("the embedding server does not answer")
        return 64


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.on_file
def test_files_are_for_their_owner_alone(bank: Bank, tmp_path: Path):
    bank.store().observe("secret")
    copy = bank.backup(tmp_path / "copy.db")
    assert {mode(file) for file in [*bank.files(), copy]} == {0o600}
    assert len(list(bank.files())) == 3


@pytest.mark.on_file
def test_a_backup_is_a_bank(bank: Bank, open_bank, tmp_path: Path):
    bank.store().observe(Event(id="a", text="alpha"))
    bank.backup(tmp_path / "deep" / "copy.db")
    bank.store().observe("later")
    copy = open_bank("deep/copy.db")
    assert [hit.id for hit in copy.store().recall("alpha")] == ["a"]
    assert copy.verify() == []
    with pytest.raises(Conflict):
        bank.backup(tmp_path / "deep" / "copy.db")
    assert not list(tmp_path.rglob("*.partial"))


@pytest.mark.on_file
def test_a_backup_while_others_write_is_whole(bank: Bank, open_bank, tmp_path: Path):
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            bank.store().observe(Event(id=f"{n}a", text="a"), Event(id=f"{n}b", text="b"), embed=False)
            n += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        copies = [bank.backup(tmp_path / f"copy{n}.db") for n in range(5)]
    finally:
        stop.set()
        thread.join()
    for copy in copies:
        other = open_bank(copy.name)
        assert other.verify() == []
        assert other.stats().events % 2 == 0


@pytest.mark.on_file
def test_a_fork_goes_its_own_way(bank: Bank, tmp_path: Path):
    bank.store().observe(Event(id="a", text="alpha"))
    with bank.fork(tmp_path / "fork.db") as fork:
        fork.store().observe(Event(id="b", text="beta"))
        bank.store().observe(Event(id="b", text="gamma"))
        fork.forget(NS, events=["a"])
        assert [record.text for record in fork.store().select()] == ["beta"]
        assert [record.text for record in bank.store().select()] == ["alpha", "gamma"]
        assert fork.verify() == bank.verify() == []


def test_a_fork_has_the_embedder_of_its_origin(tmp_path: Path):
    given = HashingEmbedder(32)
    with (
        Bank(tmp_path / "bank.db", embedder=given, settings=Settings(embedder="hashing:16")) as bank,
        bank.fork(tmp_path / "fork.db") as fork,
    ):
        fork.store().observe("a")
        assert fork.stats().embedder == "hashing-32"


def test_a_bank_in_memory_has_no_file():
    with Bank("sqlite://", embedder=HashingEmbedder()) as bank:
        bank.store().observe("a")
        assert list(bank.files()) == []
        assert bank.scrub() == []
        assert bank.verify() == []
        with pytest.raises(InvalidInput):
            bank.backup(Path("nowhere"))


@pytest.mark.on_file
def test_a_text_file_is_no_bank(open_bank, tmp_path: Path):
    (tmp_path / "notes.txt").write_text("dear diary " * 500)
    with pytest.raises(Damaged, match=r"notes\.txt"):
        open_bank("notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "dear diary " * 500


@pytest.mark.on_file
def test_another_database_is_no_bank_and_stays_as_it_is(open_bank, tmp_path: Path):
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE customers (name)")
    other.close()
    with pytest.raises(SchemaMismatch, match="customers"):
        open_bank("other.db")
    with sqlite3.connect(tmp_path / "other.db") as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("customers",)]
    other.close()


def test_a_newer_bank_is_refused(bank: Bank, open_bank, tamper):
    bank.store().observe("a")
    tamper(bank, "UPDATE alembic_version SET version_num = '9999'")
    bank.close()
    with pytest.raises(SchemaMismatch, match=r"9999.*upgrade"):
        open_bank()


@pytest.mark.on_file
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.9])
def test_a_truncated_file_is_damaged(bank: Bank, open_bank, keep: float):
    bank.store().observe(*(f"note {n} " * 40 for n in range(80)))
    bank.close()
    path = bank.database.path
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    try:
        again = open_bank()
        found = again.verify()
    except Damaged:
        return
    assert found


@pytest.mark.on_file
@pytest.mark.parametrize("size", [1, 15, 511])
def test_a_file_too_short_for_a_database_is_damaged_and_stays_as_it_is(open_bank, tmp_path: Path, size: int):
    (tmp_path / "short.db").write_bytes(b"\0" * size)
    with pytest.raises(Damaged, match="cut off"):
        open_bank("short.db")
    assert (tmp_path / "short.db").read_bytes() == b"\0" * size


@pytest.mark.on_file
def test_a_copy_that_cannot_be_written_is_one_clear_error(bank: Bank, tmp_path: Path):
    bank.store().observe("a")
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be copied"):
        bank.backup(tmp_path / "file" / "copy.db")
    (tmp_path / "copy.db.partial").mkdir()
    with pytest.raises(Unavailable, match="cannot be copied"):
        bank.backup(tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.on_file
def test_a_folder_that_cannot_be_made(open_bank, tmp_path: Path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unavailable):
        open_bank("file/bank.db")


@pytest.mark.on_file
def test_a_folder_is_no_file(open_bank, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(Unavailable):
        open_bank("folder")


def test_another_kind_of_database_is_not_supported(open_bank):
    with pytest.raises(InvalidInput, match="'mysql' is of a kind not supported"):
        open_bank("mysql://host/bank")
    with pytest.raises(InvalidInput, match=r"driver 'postgresql\+asyncpg' is not supported"):
        open_bank("postgresql+asyncpg://host/bank")
    with pytest.raises(InvalidInput, match="names no database"):
        open_bank("postgresql://ada:secret@host")


def test_a_password_is_in_no_message(calls):
    with pytest.raises(Unavailable, match=r"ada:\*\*\*@") as caught:
        Bank("postgresql://ada:s3cret@127.0.0.1:1/bank", embedder=HashingEmbedder())
    assert "s3cret" not in str(caught.value)


def test_an_old_bank_opens_again_with_what_it_held(bank: Bank, open_bank, tmp_path: Path):
    bank.store().observe(Event(id="a", text="alpha"))
    bank.close()
    again = open_bank()
    assert [hit.id for hit in again.store().recall("alpha")] == ["a"]
    assert not list(tmp_path.glob("*.before-*"))


@pytest.mark.parametrize("kind", [Flaky, Unreachable])
def test_without_its_embedder_events_are_kept_found_by_text_and_embedded_later(open_bank, kind: type[Flaky]):
    embedder = kind()
    bank = open_bank(embedder=embedder)
    store = bank.store()
    receipt = store.observe(Event(id="a", text="the quick fox"), "the lazy dog")[0]
    assert receipt.status == "stored"
    hits = store.recall("quick fox")
    assert hits[0].id == "a"
    assert store.explain("quick fox", "a").recalled
    assert store.recall("quick", mmr=0.5, dedupe=True)[0].id == "a"
    assert bank.stats().waiting_for_vectors == 2
    embedder.is_down = False
    assert store.recall("quick fox")[0].parts["dense"] > 0
    assert bank.stats().waiting_for_vectors == 0
    assert bank.verify() == []


def test_an_embedder_that_breaks_loses_no_receipt(open_bank):
    class Broken(HashingEmbedder):
        def embed(self, texts):
            raise RuntimeError("out of memory")

    bank = open_bank(embedder=Broken())
    assert bank.store().observe("a")[0].status == "stored"
    assert bank.stats().events == 1


@pytest.mark.parametrize("error", [InvalidInput, RuntimeError])
def test_a_text_that_the_embedder_cannot_take_stands_in_no_others_way(open_bank, error: type[Exception]):
    class Squeamish(HashingEmbedder):
        def embed(self, texts):
            if any("poison" in text for text in texts):
                raise error("not this one")
            return super().embed(texts)

    store = open_bank(embedder=Squeamish()).store()
    store.observe(Event(text="the quince tree"), Event(text="a door"), Event(id="p", text="the poison cup"))
    assert store.recall("quince tree", floor=False)[0].parts["dense"] > 0
    assert "p" in [hit.id for hit in store.recall("a cup", steps=("text",), floor=False)]
    assert store.bank.stats().waiting_for_vectors == (0 if error is InvalidInput else 1)


@pytest.mark.parametrize("only", ["every", "the third"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda vectors: vectors * np.nan,
        lambda vectors: np.full_like(vectors, np.inf),
        lambda vectors: vectors * 0,
        lambda vectors: vectors[:, :10],
        lambda vectors: vectors[:-1],
        lambda vectors: vectors.ravel(),
        lambda vectors: None,
    ],
)
def test_vectors_that_are_none_do_not_poison_the_bank(open_bank, caplog, spoil, only: str):
    class Ill(HashingEmbedder):
        is_ill = True

        def embed(self, texts):
            vectors = super().embed(texts)
            is_meant = only == "every" or any("third" in text for text in texts)
            return spoil(vectors) if self.is_ill and is_meant else vectors

    embedder = Ill()
    bank = open_bank(embedder=embedder)
    store = bank.store()
    texts = ["the first quince", "the second medlar", "the third quince"]
    assert [receipt.status for receipt in store.observe(*texts)] == ["stored"] * 3
    assert store.recall("which quince is the third one?", floor=False)[0].text == texts[2]
    assert "the embedder 'hashing-64' gave" in caplog.text
    waiting = bank.stats().waiting_for_vectors
    assert waiting == (3 if only == "every" else 1)
    assert bank.verify() == []
    embedder.is_ill = False
    assert {hit.text for hit in store.recall("quince", floor=False) if hit.parts["dense"]} == set(texts)
    assert bank.stats().waiting_for_vectors == 0
    assert bank.verify() == []


def test_vectors_may_be_made_later(bank: Bank):
    store = bank.store()
    store.observe("the quick fox", embed=False)
    assert bank.stats().vectors == 0
    assert store.recall("quick fox")[0].parts["dense"] is not None
    assert bank.stats().vectors == 1


def test_equal_texts_share_a_vector(open_bank):
    embedder = Flaky()
    embedder.is_down = False
    bank = open_bank(embedder=embedder)
    bank.store().observe("same", "same", "same")
    assert bank.stats().vectors == 1
    calls = embedder.calls
    bank.store().observe("same")
    assert embedder.calls <= calls + 1
    assert bank.stats().waiting_for_vectors == 0


def test_rebuild_and_stats_know_no_unknown_namespace(bank: Bank):
    bank.store().observe("a")
    for ask in (bank.rebuild, bank.stats):
        with pytest.raises(NotFound):
            ask(("nobody",))
    with pytest.raises(NotFound):
        bank.rebuild(NS, "nothing")
    assert bank.namespaces() == [NS]


def test_a_recall_while_records_are_made_anew_is_no_error(bank: Bank):
    store = bank.store()
    store.observe(*(f"note {n}" for n in range(50)))
    errors: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                store.recall("note", k=50, filter='type = "message"')
                store.select()
            except BaseException as error:
                errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(6):
        bank.rebuild(NS)
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(store.recall("note", k=50)) == 50
