"""Caches within a bound on their memory: what is given up is built anew, and nothing is answered otherwise."""

from __future__ import annotations

from agentmem.bank import Bank
from agentmem.bank.shelf import Shelf
from agentmem.bank.shelves import Shelves
from agentmem.config import Settings
from agentmem.records import Event


def filled(bank: Bank, users: int) -> list[tuple[str, ...]]:
    namespaces = [("users", str(user)) for user in range(users)]
    for user, namespace in enumerate(namespaces):
        turns = [
            Event(id=f"{user}-{n}", text=f"turn {n} of user{user} about word{user}{n}") for n in range(20)
        ]
        bank.store("episodic", namespace).observe(*turns)
    return namespaces


def test_what_was_used_longest_ago_is_given_up(bank: Bank):
    namespaces = filled(bank, 4)
    first = [bank.library.shelf(bank.numbers(namespace), "episodic") for namespace in namespaces]
    shelves = Shelves(sum(shelf.nbytes for shelf in first[:3]))
    keys = [((number,), "episodic") for number in range(4)]
    for key, shelf in zip(keys[:3], first, strict=False):
        shelves.weigh(key, shelves.get(key, lambda shelf=shelf: shelf))
    assert shelves.all == first[:3]
    shelves.get(keys[0], lambda: first[3])  # it is there, and now used last
    shelves.weigh(keys[3], shelves.get(keys[3], lambda: first[3]))
    assert shelves.all == [first[2], first[0], first[3]]


def test_one_that_is_larger_than_the_bound_stays_alone(bank: Bank):
    filled(bank, 1)
    shelf = bank.library.shelf(bank.numbers(("users", "0")), "episodic")
    shelves = Shelves(1)
    key = ((1,), "episodic")
    shelves.weigh(key, shelves.get(key, lambda: shelf))
    assert shelves.all == [shelf]
    shelves.weigh(key, Shelf([1], "episodic", "hashing-64", 64))  # of another: not the one that is kept
    assert shelves.all == [shelf]


def test_answers_are_the_same_within_a_tight_bound(open_bank):
    roomy = open_bank()
    tight = open_bank(settings=Settings(embedder="hashing", cache_mb=1))
    namespaces = filled(roomy, 60)
    for _ in range(2):
        for user, namespace in enumerate(namespaces):
            asked = f"word{user}7"
            told = [
                [(hit.id, round(hit.score, 6)) for hit in bank.store("episodic", namespace).recall(asked)]
                for bank in (roomy, tight)
            ]
            assert told[0] == told[1]
            assert told[0][0][0] == f"{user}-7"
    assert len(tight.library.shelves) < len(roomy.library.shelves) == 60
    assert sum(shelf.nbytes for shelf in tight.library.shelves) <= 1_000_000
