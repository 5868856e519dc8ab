"""Nothing crosses between namespaces: one that shares its bank with others cannot be told from one that is alone.

Whatever is done in several namespaces of one bank is done in a bank of its own for each as well, with the same
ids and the same clock; then both tell the same, to the last score.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import AgentMemError
from agentmem.records import Event, Namespace
from agentmem.testing import HandClock
from agentmem.testing.looking import journal

SPACES: tuple[Namespace, ...] = (("a",), ("a", "b"), ("ab",), ("a", "b", "c"), ("a/b",), ("a%", "_"))
IDS = ("e1", "e2", "e3", "e4")
KEYS = ("k1", "k2")
TEXTS = (
    "the quince tree",
    "a violin in the harbour",
    "Maya said nine",
    "quince and medlar",
    "the lighthouse",
)
QUESTIONS = ("quince", "What did Maya say?", "violin harbour lighthouse")


class Twins:
    """A bank that all namespaces share, and for each one a bank where the others are not.

    Each life is lived under a label of its own, so that banks, which are dear to open, serve for many.
    """

    def __init__(self, folder: Path, locate) -> None:
        self._locate = locate
        self.clock = HandClock()
        self.space: Namespace = ()
        self.lives = 0
        self.shared = self._open(folder / "shared.db")
        self._alone = [self._open(folder / f"alone{n}.db") for n in range(len(SPACES))]

    def _open(self, path: Path) -> Bank:
        given: Counter[Namespace] = Counter()

        def new_id(_: object) -> str:
            given[self.space] += 1
            return f"op{given[self.space]}"

        options: dict[str, Any] = {"settings": Settings(embedder="hashing"), "embedder": HashingEmbedder()}
        return Bank(self._locate(path), clock=self.clock, new_id=new_id, **options)

    def begin(self) -> Callable[[Namespace], Namespace]:
        """Begin another life; how its namespaces are called."""
        self.lives += 1
        label = f"life{self.lives}"
        return lambda space: (label, *space)

    def alone(self, space: Namespace) -> Bank:
        return self._alone[SPACES.index(space[1:])]

    def do(self, space: Namespace, act: Callable[[Bank, Namespace], object]) -> None:
        """Do something in a namespace, here and there: both take it, or both refuse it alike."""
        self.space = space
        came_of = [self._came_of(act, bank, space) for bank in (self.shared, self.alone(space))]
        assert came_of[0] == came_of[1]
        self.clock.forward(minutes=1)

    @staticmethod
    def _came_of(act: Callable[[Bank, Namespace], object], bank: Bank, space: Namespace) -> object:
        try:
            return act(bank, space)
        except AgentMemError as error:
            return f"{type(error).__name__}: {error}"

    def close(self) -> None:
        for bank in (self.shared, *self._alone):
            bank.close()


@pytest.fixture
def twins(tmp_path: Path, locate) -> Iterator[Twins]:
    pair = Twins(tmp_path, locate)
    yield pair
    found = pair.shared.verify()
    pair.close()
    assert found == []


def one(id: str, bank: Bank, space: Namespace) -> str:
    """The newest record that stands in for an id: corrections of it among others."""
    found = [record.id for record in bank.store(namespace=space).select() if record.id.startswith(id[:1])]
    return random.Random(f"{id}{found}").choice(found) if found else id


ACTS: dict[str, Callable[[str, str, str], Callable[[Bank, Namespace], object]]] = {
    "observe": lambda id, text, key: (
        lambda bank, space: [
            receipt.status
            for receipt in bank.store(namespace=space).observe(
                Event(id=id, text=text, actor="Maya", session=key)
            )
        ]
    ),
    "put": lambda id, text, key: lambda bank, space: bank.store(namespace=space).put(key, text).status,
    "correct": lambda id, text, key: (
        lambda bank, space: bank.store(namespace=space).correct(one(id, bank, space), text).status
    ),
    "retract": lambda id, text, key: (
        lambda bank, space: [receipt.status for receipt in bank.store(namespace=space).retract([id])]
    ),
    "forget": lambda id, text, key: lambda bank, space: bank.forget(space, events=[id]).events,
    "forget a record": lambda id, text, key: (
        lambda bank, space: bank.forget(space, records=[one(id, bank, space)]).events
    ),
    "forget a session": lambda id, text, key: lambda bank, space: bank.forget(space, session=key).events,
    "rebuild": lambda id, text, key: lambda bank, space: bank.rebuild(space),
    "recall": lambda id, text, key: (
        lambda bank, space: [hit.id for hit in bank.store(namespace=space).recall(text)]
    ),
    "recall under it": lambda id, text, key: (
        lambda bank, space: bank.store(namespace=space).recall(text, scope="prefix") is None
    ),
}


def told(bank: Bank, space: Namespace) -> dict[str, object]:
    """All that a namespace tells, but for the numbers that all of a bank share."""
    store, view = bank.store(namespace=space), bank.view(space)
    records = store.select()
    ids = [*IDS, *(record.id for record in records)]
    every = {"floor": False, "k": 50, "states": ("live", "superseded", "retracted")}
    return {
        "records": [one.model_dump(exclude={"from_seq", "to_seq"}) for one in records],
        "get": [one.model_dump(exclude={"from_seq", "to_seq"}) for one in store.get(ids)],
        "keys": {key: [one.text for one in store.select(f'key = "{key}"', "newest")] for key in KEYS},
        "events": [(event.id, event.text) for event in view.events()],
        "links": sorted((link.source, link.type, link.target) for link in view.links(ids)),
        "journal": journal(bank, space),
        "changes": [(record.id, record.version) for record in bank.changes(space)],
        "history": [[version.event_id for version in store.history(record.id)] for record in records],
        "counts": bank.stats(space).model_dump(
            include={"events", "operations", "forgotten", "records", "pending"}
        ),
        "newest": [hit.id for hit in store.recall("", k=50)],
        "hits": {
            question: [(hit.id, hit.text, hit.record.namespace) for hit in store.recall(question, **every)]
            for question in QUESTIONS
        },
        "relevant": {question: [hit.id for hit in store.recall(question)] for question in QUESTIONS},
    }


def scores(bank: Bank, space: Namespace) -> list[float]:
    store = bank.store(namespace=space)
    return [hit.score for question in QUESTIONS for hit in store.recall(question, floor=False, k=50)]


def nothing_crossed(pair: Twins, written: set[Namespace], root: Namespace) -> None:
    for space in written:
        pair.space = space
        assert told(pair.shared, space) == told(pair.alone(space), space)
        assert scores(pair.shared, space) == pytest.approx(scores(pair.alone(space), space), abs=1e-6)
    for space in {*written, root}:
        own = [one for one in written if one[: len(space)] == space]
        assert set(pair.shared.namespaces(space)) == set(own)
        wanted = {
            (one, record.id)
            for one in own
            for record in pair.alone(one).store(namespace=one).select('state = "live"')
        }
        if space not in written:
            continue  # to open a store there would write to it
        store = pair.shared.store(namespace=space)
        for question in ("", QUESTIONS[0]):
            hits = store.recall(question, scope="prefix", floor=False, k=200)
            found = [(hit.record.namespace, hit.id) for hit in hits]
            assert set(found) == wanted
            assert len(found) == len(set(found))


lives = st.lists(
    st.tuples(
        st.sampled_from(SPACES),
        st.sampled_from(sorted(ACTS)),
        st.sampled_from(IDS),
        st.sampled_from(TEXTS),
        st.sampled_from(KEYS),
    ),
    min_size=8,
    max_size=30,
)
Life = list[tuple[Namespace, str, str, str, str]]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def live(pair: Twins, life: Life) -> None:
    called = pair.begin()
    written: set[Namespace] = set()
    for place, what, id, text, key in life:
        space = called(place)
        if space not in written:
            pair.do(space, ACTS["observe"]("e0", f"{text} first", "k0"))
            written.add(space)
        pair.do(space, ACTS[what](id, text, key))
    nothing_crossed(pair, written, called(()))


def test_nothing_crosses(twins: Twins):
    fast = {"max_examples": 5, "derandomize": True, "database": None, "phases": (Phase.generate,)}

    @settings(deadline=None, suppress_health_check=SLOW, **fast)
    @given(lives)
    def some(life: Life) -> None:
        live(twins, life)

    some()


@pytest.mark.slow
def test_nothing_crosses_in_many_lives(twins: Twins):
    @settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
    @given(lives)
    def many(life: Life) -> None:
        live(twins, life)

    many()


def test_what_is_forgotten_here_stays_there(open_bank):
    bank = open_bank()
    stores = [bank.store(namespace=space) for space in SPACES]
    for store in stores:
        store.observe(Event(id="same", text="the same quince", session="s"))
        store.put("k", "the same value")
    bank.forget(("a",), everything=True)
    assert stores[0].recall("quince", floor=False) == []
    for store in stores[1:]:
        assert {hit.text for hit in store.recall("quince", floor=False)} == {
            "the same quince",
            "the same value",
        }
        assert all(hit.parts["dense"] is not None for hit in store.recall("quince", floor=False))
    assert {hit.record.namespace for hit in stores[0].recall("quince", scope="prefix", floor=False)} == {
        ("a", "b"),
        ("a", "b", "c"),
    }
    assert bank.verify() == []
