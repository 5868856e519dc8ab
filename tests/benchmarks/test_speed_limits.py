"""The limits do what agentmem does, and nothing else; other stores find what brute force finds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest

from agentmem.bank import Bank
from agentmem.embedders import HashingEmbedder
from agentmem.errors import AgentMemError
from agentmem.records import Event
from agentmem_bench import fresh, memory
from agentmem_bench.speed import accuracy, banks, bare, disk, place
from agentmem_bench.speed.ingest import Overheard
from agentmem_bench.speed.peer_stores import PEERS
from agentmem_bench.speed.peers import _too_much

pytestmark = pytest.mark.on_file


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[place.Place]:
    with place.opened(tmp_path_factory.mktemp("place"), HashingEmbedder(64), 0) as made:
        yield made


def contents(path: Path) -> dict[str, list[tuple]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [*bare.OWNERS, *bare.SHARED]
        return {table: sorted(connection.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}


def indexes(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}


def test_bare_sqlite_writes_the_very_rows_that_agentmem_wrote(bank: Bank, tmp_path: Path) -> None:
    bank.store("episodic", ("a",)).observe(
        *(Event(text=f"text {n}", actor="Maya", session="s", data={"n": n}) for n in range(3)), embed=False
    )
    own = bank.database.path
    assert own is not None
    events = bare.rows_of(own)
    with closing(bare.SameRows(tmp_path / "same.db", own)) as same:
        for event in events:
            same.write(event)
    assert contents(tmp_path / "same.db") == contents(own)
    assert indexes(tmp_path / "same.db") == indexes(own)
    assert [{table for table, _ in event.rows} for event in events] == 3 * [
        {"event", "record", "source", "field"}
    ]


def test_all_is_read(bank: Bank) -> None:
    bank.store("episodic", ("a",)).observe("one text", "another")
    assert bank.database.path is not None
    read = bare.read_all(bank.database.path)
    assert read.text_bytes == len("one textanother")
    assert read.vector_bytes == 2 * 2 * bank.library.embedder.dimensions


def test_what_an_embedder_was_asked_can_be_done_again() -> None:
    asked: list[list[str]] = []

    class Counting(HashingEmbedder):
        def embed(self, texts):
            asked.append(list(texts))
            return super().embed(texts)

    heard = Overheard(Counting())
    for texts in (["a", "b"], ["c"]):
        heard.embed([part for text in texts for part in heard.parts(text)])
    assert heard.again() > 0
    assert asked == [["a", "b"], ["c"], ["a", "b"], ["c"]]
    assert heard.texts == []


@pytest.mark.parametrize("name", PEERS)
def test_a_store_finds_what_brute_force_finds(name: str, at: place.Place, tmp_path: Path) -> None:
    kind = PEERS[name]
    if kind.version() is None:
        pytest.skip(f"{kind.package} is not installed")
    texts = [f"text number {n}" for n in range(300)]
    vectors = at.embedder.embed(texts)
    peer = kind(tmp_path, at.embedder)
    peer.add(0, texts[:200], vectors[:200])
    peer.add(200, texts[200:], vectors[200:])
    question = "which one"
    vector = at.embedder.embed([question])[0]
    found = peer.search(question, vector, 10)
    if kind.finds:
        assert found == np.argsort(-(vectors @ vector), kind="stable")[:10].tolist()
    else:
        assert len({*found}) == 20


def test_every_peer_says_whose_version_it_tells() -> None:
    for kind in PEERS.values():
        try:
            assert kind.version() == (bare.VERSION if kind.package == "sqlite" else version(kind.package))
        except PackageNotFoundError:
            assert kind.version() is None


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        (None, None),
        ((1_000, {"add_per_s": 1e6, "above_bytes": 1}), None),
        ((1_000, {"left_out": "too slow"}), "it was left out of 1,000 already"),
        ((1_000, {"add_per_s": 10.0, "above_bytes": 1}), "at the 10/s of 1,000, filling would take 1,000 s"),
        ((1_000, {"add_per_s": 1e6, "above_bytes": 1e15}), "GB of memory"),
    ],
)
def test_a_size_is_left_out_for_a_reason(before: tuple[int, dict] | None, reason: str | None) -> None:
    said = _too_much(10_000, before)
    assert said is None if reason is None else reason in (said or "")


def test_accuracy_counts_what_brute_force_finds_of_those_that_are_there() -> None:
    vectors = np.eye(20, dtype=np.float32) * np.linspace(1, 0.05, 20, dtype=np.float32)[:, None]
    question = np.ones((1, 20), np.float32)
    shares = accuracy._shares(vectors, question, [np.arange(10)], None)
    assert shares.tolist() == [1.0]
    assert accuracy._shares(vectors, question, [np.arange(5, 15)], None).tolist() == [0.5]
    there = np.arange(20) >= 15
    assert accuracy._shares(vectors, question, [np.arange(15, 20)], there).tolist() == [1.0]
    assert accuracy._shares(vectors, question, [np.zeros(0, np.int64)], np.zeros(20, bool)).tolist() == [1.0]


def test_a_small_index_is_exact_in_every_case(at: place.Place) -> None:
    told = accuracy.measure(at, [2_000])["2000"]["cases"]
    assert {name: case["recall"] for name, case in told.items()} == dict.fromkeys(
        told, pytest.approx(1, abs=1e-3)
    )
    assert {"all", "filter_0.001", "deleted", "deleted_filter_0.1"} <= set(told)


def test_a_block_is_forced_to_the_disk(tmp_path: Path) -> None:
    with closing(disk.Disk(tmp_path / "block")) as file:
        assert file.write() > 0
    assert (tmp_path / "block").stat().st_size == disk.BLOCK
    disk.put_out_of_memory([tmp_path / "block"])
    assert len((tmp_path / "block").read_bytes()) == disk.BLOCK


def test_memory_is_counted_and_its_peak() -> None:
    before = memory.resident()
    memory.forget_peak()
    held = np.ones(20_000_000)
    assert memory.resident() - before > 100e6
    del held
    assert memory.peak() - before > 100e6


def test_what_a_process_says_last_is_told(at: place.Place) -> None:
    with pytest.raises(fresh.Failed, match="recall_probe failed with 1") as caught:
        fresh.ask("agentmem_bench.speed.recall_probe", {})
    assert "KeyError" in str(caught.value)
    assert isinstance(caught.value, AgentMemError)


def test_a_process_that_takes_too_long_is_ended() -> None:
    with pytest.raises(fresh.TookTooLong, match="took over 0 s"):
        fresh.ask("agentmem_bench.speed.recall_probe", {}, timeout_seconds=0.01)


def test_scratch_files_are_removed_whatever_happens(at: place.Place) -> None:
    def break_off() -> None:
        with banks.scratch(at, "x") as (path,):
            path.write_text("", encoding="utf-8")
            path.with_name(f"{path.name}-wal").write_text("", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert not banks.files_of(at.folder / "scratch-x")
