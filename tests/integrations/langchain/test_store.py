"""AgentMemStore beside LangGraph's own InMemoryStore: equal over random operations, and more than it."""

from __future__ import annotations

import asyncio
import random
import threading
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langgraph.store.base import GetOp, ListNamespacesOp, MatchCondition, PutOp, SearchOp
from langgraph.store.memory import InMemoryStore

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.errors import InvalidInput
from langchain_agentmem import AgentMemEmbeddings, AgentMemStore

HASHING = Settings(embedder="hashing")


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock():
    return Hand()


@pytest.fixture
def bank(tmp_path, clock):
    with Bank(tmp_path / "m.db", settings=HASHING, clock=clock) as bank:
        yield bank


@pytest.fixture
def store(bank):
    return AgentMemStore(bank)


# Equal to InMemoryStore

labels = st.sampled_from(["a", "ab", "b", "ü/x"])
namespaces = st.lists(labels, min_size=1, max_size=3).map(tuple)
keys = st.sampled_from(["k1", "k2", "Ключ", "k/3"])
words = st.lists(
    st.sampled_from(["red", "green", "blue", "apple", "pear", "river", "stone"]), min_size=1, max_size=4
)
scalars = st.one_of(
    st.none(), st.integers(-3, 3), words.map(" ".join), st.booleans(), st.floats(-2, 2, width=16)
)
values = st.fixed_dictionaries(
    {},
    optional={
        "text": words.map(" ".join),
        "n": st.integers(-3, 3),
        "tags": st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True),
        "deep": st.fixed_dictionaries({}, optional={"n": st.integers(-2, 2), "a.b": st.integers(0, 1)}),
        "any": scalars,
        "a.b": scalars,
    },
)
numbers = st.integers(-3, 3)
conditions = st.one_of(
    st.fixed_dictionaries({"n": st.fixed_dictionaries({}, optional={"$eq": numbers, "$ne": numbers})}),
    st.fixed_dictionaries({"text": st.one_of(words.map(" ".join), st.none())}),
    st.fixed_dictionaries({"tags": st.lists(st.sampled_from(["x", "y"]), max_size=2)}),
    st.fixed_dictionaries({"deep": st.fixed_dictionaries({}, optional={"n": numbers, "a.b": numbers})}),
    st.fixed_dictionaries({"a.b": st.one_of(words.map(" ".join), st.none())}),
)
present = st.fixed_dictionaries(
    {
        "n": st.fixed_dictionaries(
            {}, optional={"$gt": numbers, "$gte": numbers, "$lt": numbers, "$lte": numbers}
        )
    }
)
puts = st.builds(
    PutOp,
    namespaces,
    keys,
    st.one_of(values, st.none()),
    st.sampled_from([None, False, ["text"]]),
    ttl=st.none(),
)
gets = st.builds(GetOp, namespaces, keys)
prefixes = st.lists(labels, max_size=2).map(tuple)
searches = st.builds(
    SearchOp,
    prefixes,
    st.one_of(st.none(), conditions),
    st.integers(1, 6),
    st.integers(0, 3),
    st.none(),
)
asked = st.builds(
    SearchOp, prefixes, st.one_of(st.none(), conditions), st.just(100), st.just(0), words.map(" ".join)
)
paths = st.lists(st.one_of(labels, st.just("*")), min_size=1, max_size=2).map(tuple)
lists = st.builds(
    ListNamespacesOp,
    st.one_of(
        st.none(),
        st.lists(st.builds(MatchCondition, st.sampled_from(["prefix", "suffix"]), paths), max_size=2).map(
            tuple
        ),
    ),
    st.one_of(st.none(), st.integers(1, 3)),
    st.integers(1, 10),
    st.integers(0, 2),
)
batches = st.lists(
    st.lists(st.one_of(puts, puts, gets, searches, asked, lists), min_size=1, max_size=6), max_size=8
)


def plain(result):
    """A result without its times, which differ on purpose."""
    if isinstance(result, list):
        return [plain(one) for one in result]
    if hasattr(result, "value"):
        score = getattr(result, "score", None)
        return (result.namespace, result.key, result.value, None if score is None else round(score, 2))
    return result


class Reference:
    """InMemoryStore, as the differences that the docs name would have it."""

    def __init__(self, store: InMemoryStore) -> None:
        self.store = store

    def batch(self, ops):
        results = []
        for op in ops:
            if isinstance(op, SearchOp) and op.query is None:
                found = self.store.batch([op._replace(limit=10_000, offset=0)])[0]
                found.sort(key=lambda item: ("/".join(item.namespace).replace("ü/x", "ü~1x"), item.key))
                results.append(found[op.offset : op.offset + op.limit])
            elif isinstance(op, SearchOp):
                results.append(self.store.batch([op])[0])
            elif isinstance(op, ListNamespacesOp):
                self.store._data = type(self.store._data)(
                    dict, {ns: d for ns, d in self.store._data.items() if d}
                )
                results.append(self.store.batch([op])[0])
            else:
                results.append(self.store.batch([op])[0] if isinstance(op, GetOp) else None)
        for op in ops:  # one by one: a text that is put twice in a batch is an error there
            if isinstance(op, PutOp):
                self.store.batch([op])
        return results


def compared(ops, ours, theirs):
    for op, mine, yours in zip(ops, ours, theirs, strict=True):
        one, other = plain(mine), plain(yours)
        if isinstance(op, SearchOp) and op.query is not None:
            assert len(one) == len(other), op
            # Ties, and items without a vector, come in any order.
            assert sorted(one, key=repr) == sorted(other, key=repr)
            scores = [item[3] for item in one if item[3] is not None]
            assert scores == sorted(scores, reverse=True)
        else:
            assert one == other, op


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(batches=batches)
def test_it_is_equal_to_the_store_in_memory(tmp_path_factory, batches):
    with Bank(tmp_path_factory.mktemp("same") / "m.db", settings=HASHING) as bank:
        index = {"dims": 64, "embed": AgentMemEmbeddings(bank), "fields": ["text", "tags[*]"]}
        ours, theirs = AgentMemStore(bank, index=index), Reference(InMemoryStore(index=index))
        for ops in batches:
            compared(ops, ours.batch(ops), theirs.batch(ops))


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    items=st.lists(values.filter(lambda value: isinstance(value.get("n"), int)), min_size=1, max_size=8),
    filter=present,
)
def test_numbers_are_compared_alike(items, filter):
    with Bank("sqlite://", settings=HASHING) as bank:
        ours, theirs = AgentMemStore(bank), InMemoryStore()
        for store in (ours, theirs):
            for n, value in enumerate(items):
                store.put(("a",), f"{n:02}", value)
        assert plain(ours.search(("a",), filter=filter)) == plain(theirs.search(("a",), filter=filter))


# More than it


def test_a_value_is_there_after_a_restart_and_has_a_history(tmp_path):
    with Bank(tmp_path / "m.db", settings=HASHING) as bank:
        store = AgentMemStore(bank)
        store.put(("users", "u1"), "home", {"city": "Oslo"})
        store.put(("users", "u1"), "home", {"city": "Bergen"})
    with Bank(tmp_path / "m.db", settings=HASHING) as bank:
        item = AgentMemStore(bank).get(("users", "u1"), "home")
        assert item.value == {"city": "Bergen"}
        assert item.created_at < item.updated_at
        keyed = bank.store("keyed", ("store", "users", "u1"))
        record = keyed.select()[0]
        assert [version.record.payload["city"] for version in keyed.history(record.id)] == ["Oslo", "Bergen"]


def test_deleting_forgets(store, bank):
    store.put(("users", "u1"), "secret", {"text": "the vault is behind the painting"})
    store.put(("users", "u1"), "secret", {"text": "the vault is behind the mirror"})
    store.delete(("users", "u1"), "secret")
    assert store.get(("users", "u1"), "secret") is None
    bank.scrub()
    raw = b"".join(file.read_bytes() for file in bank.files())
    assert b"vault" not in raw
    store.put(("users", "u1"), "secret", {"text": "none"})
    assert store.get(("users", "u1"), "secret").value == {"text": "none"}


def test_a_prefix_is_of_labels_not_of_letters(store):
    store.put(("a",), "k", {"n": 1})
    store.put(("ab",), "k", {"n": 2})
    assert [item.value["n"] for item in store.search(("a",))] == [1]
    assert [item.value["n"] for item in store.search(())] == [1, 2]


def test_a_life_of_ages_is_no_error(store):
    store.put(("a",), "k", {"n": 1}, ttl=1e12)
    assert store.get(("a",), "k").value == {"n": 1}


def test_what_is_returned_is_the_callers_own(store):
    store.put(("a",), "k", {"deep": {"n": 1}})
    store.get(("a",), "k").value["deep"]["n"] = 2
    assert store.get(("a",), "k").value == {"deep": {"n": 1}}


def test_what_expired_is_out_of_reads_at_once_and_swept_later(store, bank, clock):
    store.put(("a",), "short", {"n": 1}, ttl=10)
    store.put(("b",), "long", {"n": 2}, ttl=100)
    store.put(("c",), "ever", {"n": 3})
    clock.pass_minutes(11)
    assert store.get(("a",), "short") is None
    assert [item.key for item in store.search(())] == ["long", "ever"]
    assert store.list_namespaces() == [("b",), ("c",)]
    assert len(bank.store("keyed", ("store", "a")).select()) == 1
    assert store.sweep_ttl() == 1
    assert bank.store("keyed", ("store", "a")).select() == []
    store.put(("a",), "short", {"n": 4})
    clock.pass_minutes(1_000)
    assert store.get(("a",), "short").value == {"n": 4}


def test_reading_keeps_an_item_alive_and_writes_no_event(store, bank, clock):
    store.put(("a",), "k", {"n": 1}, ttl=10)
    before = bank.stats().operations
    for _ in range(5):
        clock.pass_minutes(9)
        assert store.get(("a",), "k") is not None
        assert store.search(("a",))
    assert bank.stats().operations == before
    clock.pass_minutes(9)
    assert store.get(("a",), "k", refresh_ttl=False) is not None
    clock.pass_minutes(2)
    assert store.get(("a",), "k") is None


def test_a_default_time_to_live(bank, clock):
    store = AgentMemStore(bank, ttl={"default_ttl": 5, "refresh_on_read": False})
    store.put(("a",), "k", {"n": 1})
    clock.pass_minutes(4)
    assert store.get(("a",), "k") is not None
    clock.pass_minutes(2)
    assert store.get(("a",), "k") is None


def test_a_sweeper_runs_and_stops(bank, clock):
    store = AgentMemStore(bank)
    store.put(("a",), "k", {"n": 1}, ttl=1)
    clock.pass_minutes(2)
    stop = store.start_ttl_sweeper(0.0005)
    deadline = threading.Event()
    while bank.store("keyed", ("store", "a")).select() and not deadline.wait(0.02):
        pass
    assert store.stop_ttl_sweeper(5)
    assert stop.is_set()


def test_search_by_meaning(tmp_path):
    with Bank(tmp_path / "m.db", settings=Settings()) as bank:
        store = AgentMemStore(bank, index={"fields": ["text", "notes[*]"]})
        store.put(("u",), "1", {"text": "The cat sleeps on the sofa.", "notes": ["it is black"]})
        store.put(
            ("u",), "2", {"text": "Shares fell by two percent.", "notes": ["a pet food maker", "in London"]}
        )
        store.put(("u",), "3", {"text": "A kitten naps on a couch."}, index=False)
        best, other, unscored = store.search(("u",), query="Where does the feline nap?")
        assert (best.key, other.key, unscored.key) == ("1", "2", "3")
        assert best.score > other.score
        assert unscored.score is None


def test_another_embedder_is_refused_with_the_remedy(bank):
    with pytest.raises(InvalidInput, match="LangChainEmbedder"):
        AgentMemStore(bank, index={"dims": 3, "embed": lambda texts: [[1.0, 0.0, 0.0] for _ in texts]})


def test_an_unknown_operator_is_named(store):
    with pytest.raises(InvalidInput, match=r"\$like"):
        store.search(("a",), filter={"n": {"$like": 1}})


def test_what_cannot_be_kept_is_refused_and_nothing_is_written(store):
    with pytest.raises(InvalidInput):
        store.put(("a",), "k", {"text": "a\x00b"})
    assert store.get(("a",), "k") is None


def test_async_batches(store):
    async def work():
        await asyncio.gather(*(store.aput(("a",), f"k{n}", {"n": n}) for n in range(20)))
        return await store.asearch(("a",), limit=100)

    assert sorted(item.value["n"] for item in asyncio.run(work())) == list(range(20))


def test_threads_lose_nothing(store):
    def work(worker):
        for n in range(10):
            store.put((f"w{worker}",), f"k{n}", {"n": n})
            store.put(("all",), f"{worker}-{n}", {"n": n})

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.search(("all",), limit=100)) == 40
    assert len(store.search((), limit=1_000)) == 80


def test_pages_hold_each_item_once(store):
    order = list(range(25))
    random.Random(1).shuffle(order)
    for n in order:
        store.put(("a", str(n % 3)), f"k{n:02}", {"n": n})
    pages = [store.search(("a",), limit=10, offset=offset) for offset in (0, 10, 20)]
    assert sorted(item.value["n"] for page in pages for item in page) == list(range(25))
