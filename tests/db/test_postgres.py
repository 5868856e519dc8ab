"""A bank on a PostgreSQL server: several hosts, late commits, hints, errors, and what a server keeps."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.db.database import current_seq
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import InvalidInput, SchemaMismatch, Unavailable
from agentmem.records import Event

NS = ("default",)
SECRET = "The xylograph hides behind nineteen quinces."


@pytest.fixture
def hosts(fresh_database):
    """Open the bank of this test once more, as another host would."""
    opened = []

    def host():
        settings = Settings(embedder="hashing")
        opened.append(Bank(fresh_database("hosts"), embedder=HashingEmbedder(), settings=settings))
        return opened[-1]

    yield host
    for bank in opened:
        bank.close()


@contextmanager
def raw(url):
    """A connection beside the bank's."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def until(what, seconds=20.0):
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_hosts_see_what_others_wrote_and_forgot_at_once(hosts):
    here, there = hosts().store(), hosts().store()
    here.observe(Event(id="a", text="a plum"), Event(id="b", text="a quince"))
    assert {hit.id for hit in there.recall("plum quince", floor=False)} == {"a", "b"}
    there.bank.forget(NS, events=["a"])
    assert {hit.id for hit in here.recall("plum quince", floor=False)} == {"b"}
    assert here.bank.verify() == []


def test_a_change_whose_number_was_committed_late_is_skipped_by_nobody(hosts):
    slow, fast, reader = hosts(), hosts(), hosts()
    for bank in (slow, fast):
        bank.store()
    begun, let_go = threading.Event(), threading.Event()

    def linger(transaction):
        first = transaction.number()
        begun.set()
        assert let_go.wait(20)
        return first

    numbers = {}
    lingering = threading.Thread(target=lambda: numbers.update(slow=slow.database.write(linger)))
    lingering.start()
    assert begun.wait(20)
    with reader.database.read() as connection:
        before = current_seq(connection)
    hurried = threading.Thread(target=lambda: numbers.update(fast=fast.store().observe("x")[0].seq))
    hurried.start()
    time.sleep(0.3)
    assert "fast" not in numbers
    with reader.database.read() as connection:
        assert current_seq(connection) == before
    let_go.set()
    lingering.join()
    hurried.join()
    assert before < numbers["slow"] < numbers["fast"]
    assert [hit.text for hit in reader.store().recall("x", floor=False)] == ["x"]


def test_a_read_sees_one_state_whoever_writes_meanwhile(hosts):
    here, there = hosts(), hosts()
    here.store().observe("a plum")
    with here.database.read() as connection:
        before = current_seq(connection)
        there.store().observe("a quince")
        assert current_seq(connection) == before


def test_caches_follow_by_hints_before_anybody_asks(hosts):
    here, there = hosts(), hosts()
    there.store().observe("a plum")
    assert len(here.store().recall("plum", floor=False)) == 1
    (shelf,) = here.library.shelves
    there.store().observe("a quince")
    with there.database.read() as connection:
        now = current_seq(connection)
    until(lambda: shelf.seq >= now)


def test_caches_follow_again_once_the_server_let_go_of_the_connection(hosts, fresh_database):
    here, there = hosts(), hosts()
    there.store().observe("a plum")
    here.store().recall("plum")
    (shelf,) = here.library.shelves
    with raw(fresh_database("hosts")) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    there.store().observe("a quince")
    with there.database.read() as connection:
        now = current_seq(connection)
    until(lambda: shelf.seq >= now)
    assert len(here.store().recall("quince", floor=False)) == 2


def test_who_waits_too_long_for_its_turn_is_told(hosts, fresh_database, monkeypatch):
    monkeypatch.setattr("agentmem.db.postgres._SESSION", ("SET lock_timeout = 200",))
    bank = hosts()
    bank.store().observe("a plum")
    with psycopg.connect(fresh_database("hosts").replace("+psycopg", "")) as other:
        other.execute("SELECT value FROM counter FOR UPDATE")
        with pytest.raises(Unavailable, match="was locked for over"):
            bank.store().observe("a quince")
        assert [hit.text for hit in bank.store().recall("plum")] == ["a plum"]
    assert bank.store().observe("a quince")[0].status == "stored"


def test_a_database_of_something_else_is_no_bank_and_stays_as_it_is(fresh_database):
    with raw(fresh_database("other")) as connection:
        connection.execute("CREATE TABLE customers (name text)")
        with pytest.raises(SchemaMismatch, match="customers"):
            Bank(fresh_database("other"), embedder=HashingEmbedder())
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("customers",)]


def test_many_may_make_a_bank_at_once(fresh_database):
    url, banks, errors = fresh_database("new"), [], []

    def make():
        try:
            banks.append(Bank(url, embedder=HashingEmbedder()))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for bank in banks:
        bank.close()


def test_a_bank_on_a_server_is_copied_by_other_means(hosts):
    with pytest.raises(InvalidInput, match="pg_dump"):
        hosts().backup(Path("copy.db"))


def test_scrub_takes_what_was_forgotten_out_of_the_tables_and_names_what_it_cannot_reach(
    hosts, postgres, fresh_database
):
    bank = hosts()
    bank.store().observe(Event(id="s", text=SECRET), *(f"filler {n} " * 20 for n in range(50)))
    vector = HashingEmbedder().embed([SECRET])[0].astype("<f2").tobytes()
    with raw(fresh_database("hosts")) as connection:
        connection.execute("ANALYZE")
        samples = connection.execute(
            "SELECT count(*) FROM pg_stats WHERE histogram_bounds::text ~ 'xylograph'"
        )
        assert samples.fetchone()[0] > 0

    def found():
        postgres.psql("CHECKPOINT")
        traces = set()
        for file in (postgres.pgdata / "base").rglob("*"):
            with suppress(FileNotFoundError, IsADirectoryError):  # the server works on beside this
                contents = file.read_bytes()
                traces |= {trace for trace in (SECRET.encode(), vector) if trace in contents}
        return traces

    assert len(found()) == 2
    bank.forget(NS, events=["s"])
    (left,) = bank.scrub()
    assert found() == set()
    assert "write-ahead log, logs, archives, replicas and backups were not touched" in left
    assert bank.verify() == []


def test_scrub_names_a_table_that_somebody_holds(hosts, fresh_database):
    bank = hosts()
    bank.store().observe(Event(id="s", text=SECRET))
    with psycopg.connect(fresh_database("hosts").replace("+psycopg", "")) as other:
        other.execute("SELECT * FROM event")
        left = bank.scrub(wait_seconds=0.1)
    assert any("table event: not rewritten" in one for one in left)


def test_the_size_is_that_of_the_database(hosts):
    assert hosts().stats().bytes > 1_000_000


@pytest.mark.slow
def test_a_killed_server_loses_nothing_that_was_acknowledged(start_postgres, servers):
    """Its processes are killed while two threads write; after its restart the open bank goes on."""
    server = start_postgres(servers / "own")
    url = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    bank = Bank(url, embedder=HashingEmbedder(), settings=Settings(embedder="hashing"))
    store = bank.store()
    told, failed = [], []

    def write(name):
        for n in range(10_000):
            try:
                told.append(store.observe(Event(id=f"{name}{n}", text=f"swallow {name} {n}"))[0].event_id)
            except Unavailable as error:
                failed.append(error)
                return

    writers = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for writer in writers:
        writer.start()
    until(lambda: len(told) > 50)
    _kill(server)
    for writer in writers:
        writer.join(60)
    assert len(failed) == 2
    with pytest.raises(Unavailable):
        store.observe("while it is down")
    server.ensure_postgres_running()
    until(lambda: _answers(store))
    kept = {event.id for event in bank.view(NS).events()}
    assert set(told) <= kept
    assert len(kept) <= len(told) + 2
    assert store.observe(Event(id="after", text="after"))[0].status == "stored"
    assert bank.verify() == []
    bank.close()
    server.cleanup()


def _kill(server):
    """All its processes at once, as when the machine goes down."""
    import psutil

    first = psutil.Process(server.get_pid())
    for process in [first, *first.children(recursive=True)]:
        process.kill()
    psutil.wait_procs([first], timeout=20)


def _answers(store):
    try:
        store.recall("swallow")
    except Unavailable:
        return False
    return True
