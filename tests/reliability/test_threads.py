"""Threads on one bank: writes share commits, one that fails takes no other with it, readers never wait for them."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.event import listen

from agentmem.bank import Bank
from agentmem.db.database import Database
from agentmem.errors import AgentMemError, Conflict, Unavailable
from agentmem.records import Event

NS = ("default",)


def together(*work) -> list[BaseException]:
    """Run in threads that begin at once; the errors."""
    barrier = threading.Barrier(len(work))
    errors: list[BaseException] = []

    def run(one) -> None:
        barrier.wait()
        try:
            one()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return errors


def test_threads_that_write_at_once_lose_and_double_nothing(bank: Bank):
    store = bank.store()
    receipts = []

    def write(t: int):
        def run() -> None:
            for n in range(10):
                receipts.extend(store.observe(Event(id=f"{t}-{n}", text=f"{t} {n}", session=str(t))))
                store.put(f"key {t}", f"value {n}")

        return run

    assert together(*(write(t) for t in range(6))) == []
    assert len({receipt.seq for receipt in receipts}) == 60
    assert bank.stats().events == 60
    for t in range(6):
        assert [event.id for event in bank.view(NS).events(session=str(t))][::-1] == [
            f"{t}-{n}" for n in range(10)
        ]
        assert [record.text for record in store.select(f'key = "key {t}"')] == ["value 9"]
    assert bank.verify() == []


def test_the_same_event_from_many_threads_is_stored_once(bank: Bank):
    receipts = []
    event = Event(id="a", text="same")
    assert together(*(lambda: receipts.extend(bank.store().observe(event)) for _ in range(8))) == []
    assert sorted(receipt.status for receipt in receipts) == ["duplicate"] * 7 + ["stored"]


def test_one_that_fails_takes_no_other_with_it(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="a"))
    good = [lambda n=n: store.observe(Event(id=f"g{n}", text="good")) for n in range(6)]
    bad = [
        lambda n=n: store.observe(Event(id=f"b{n}", text="bad"), Event(id="a", text="other"))
        for n in range(6)
    ]
    errors = together(*good, *bad)
    assert [type(error) for error in errors] == [Conflict] * 6
    assert {record.id for record in store.select()} == {"a", *(f"g{n}" for n in range(6))}
    assert bank.verify() == []


def test_waiting_writes_share_one_commit(bank: Bank):
    bank.store().observe("first")
    commits = []
    begun, go = threading.Event(), threading.Event()

    def hold(transaction) -> None:
        begun.set()
        go.wait(20)

    holder = threading.Thread(target=lambda: bank.database.write(hold))
    holder.start()
    begun.wait(20)
    writers = [threading.Thread(target=lambda: bank.store().observe("x", embed=False)) for _ in range(12)]
    for writer in writers:
        writer.start()
    while len(bank.database._waiting) < 12:
        pass
    listen(bank.database.engine, "commit", lambda _: commits.append(1))
    go.set()
    for thread in [holder, *writers]:
        thread.join(20)
    assert len(commits) == 2
    assert bank.stats().events == 13


@pytest.mark.on_file
def test_a_write_that_fills_the_disk_keeps_nothing_of_its_commit_and_says_so_to_all(bank: Bank):
    """SQLite ends the whole transaction then, the savepoints of others with it."""
    store = bank.store()
    store.observe(Event(id="first", text="first"))
    pages = [150]

    def limit(connection, *_) -> None:
        connection.execute(f"PRAGMA max_page_count={pages[0]}")

    listen(bank.database.engine, "checkout", limit)
    begun, go = threading.Event(), threading.Event()

    def hold(transaction) -> None:
        begun.set()
        go.wait(20)

    def write(id: str, text: str) -> None:
        try:
            store.observe(Event(id=id, text=text), embed=False)
        except BaseException as error:
            errors.append(error)

    errors: list[BaseException] = []
    texts = {f"small {n}": "small" for n in range(4)} | {"big": "x" * 600_000, "last": "small"}
    threads = [threading.Thread(target=lambda: bank.database.write(hold))]
    threads[0].start()
    begun.wait(20)
    for n, item in enumerate(texts.items(), 1):
        threads.append(threading.Thread(target=write, args=item))
        threads[-1].start()
        while len(bank.database._waiting) < n:
            pass
    go.set()
    for thread in threads:
        thread.join(20)
    assert [type(error) for error in errors] == [Unavailable] * 6
    assert {"disk is full" in str(error) for error in errors} == {True}
    assert [event.id for event in bank.view(NS).events()] == ["first"]
    pages[0] = 100_000
    for id, text in texts.items():
        assert store.observe(Event(id=id, text=text))[0].status == "stored"
    assert bank.verify() == []


def test_readers_do_not_wait_for_a_writer(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="alpha"))
    store.recall("alpha")
    begun, go = threading.Event(), threading.Event()

    def hold(transaction) -> None:
        begun.set()
        go.wait(20)

    holder = threading.Thread(target=lambda: bank.database.write(hold))
    holder.start()
    begun.wait(20)
    assert [hit.id for hit in store.recall("alpha")] == ["a"]
    assert store.select()[0].id == "a"
    assert holder.is_alive()
    go.set()
    holder.join(20)


def test_recall_while_others_write_and_forget_is_never_wrong(bank: Bank):
    store = bank.store()
    store.observe(Event(id="stays", text="the quince stays"))
    stop = threading.Event()

    def change() -> None:
        for n in range(12):
            store.observe(Event(id=f"{n}", text=f"the quince {n}", session="s"))
            if n % 2:
                bank.forget(NS, events=[str(n)])
            else:
                store.correct(str(n), f"the medlar {n}")
        stop.set()

    def read() -> None:
        while not stop.is_set():
            hits = store.recall("the quince stays", k=50)
            assert "stays" in {hit.id for hit in hits}
            assert all(hit.record.state == "live" and hit.text for hit in hits)
            assert all(abs(hit.score - sum(hit.parts.values())) < 1e-9 for hit in hits)

    assert together(change, read, read) == []
    assert bank.verify() == []


def test_a_write_inside_a_write_is_an_error(bank: Bank):
    with pytest.raises(AgentMemError, match="inside a write"):
        bank.database.write(lambda _: bank.database.write(lambda _: None))
    assert bank.store().observe("fine")[0].status == "stored"


def test_numbers_are_given_in_order_of_commits_and_not_twice(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    numbers: list[int] = []

    def take() -> None:
        numbers.extend(database.write(lambda tx: [tx.number(), tx.number()]))

    def fail() -> None:
        def work(tx):
            tx.number()
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            database.write(work)

    assert together(*(take for _ in range(8)), *(fail for _ in range(4))) == []
    assert len(set(numbers)) == 16
    assert max(numbers) <= 20
    assert database.write(lambda tx: tx.number()) > max(numbers)
    database.close()


def test_cancelling_a_coroutine_leaves_the_append_whole_or_absent(bank: Bank):
    import asyncio

    async def main() -> None:
        store = bank.store()
        tasks = [
            asyncio.create_task(
                store.aobserve(Event(id=f"{n}a", text="a"), Event(id=f"{n}b", text="b"), embed=False)
            )
            for n in range(20)
        ]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(main())
    ids = {event.id for event in bank.view(NS).events()}
    assert all((f"{n}a" in ids) == (f"{n}b" in ids) for n in range(20))
    assert {f"{n}a" for n in range(1, 20, 2)} <= ids
    assert bank.verify() == []
