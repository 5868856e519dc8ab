"""A writer's random acts on a bank, one after the other, and what must be there once they are done.

Every text of a writer begins with its name, so that many may write into one namespace and each be held
against its own acts alone.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from agentmem.bank import Bank
from agentmem.records import Event

NS = ("default",)
TOGETHER = 3
"""Events of one call of `observe`: all of them are kept, or none."""
IMPORTED = 40
"""Events of one import."""
WEIGHTS = {
    "observe": 6,
    "correct": 4,
    "retract": 2,
    "put": 4,
    "forget": 3,
    "load": 1,
    "rebuild": 1,
    "scrub": 1,
}


class Act(NamedTuple):
    """What is done, and to what: an id, a key, or the number of what is new."""

    what: str
    to: str = ""
    n: int = 0

    def told(self) -> str:
        return json.dumps(self)

    @classmethod
    def of(cls, told: str) -> Act:
        return cls(*json.loads(told))


@dataclass
class Held:
    """What a writer's acts leave behind.

    Attributes:
        said: Text and state of the record of each event, by id.
        corrected: The texts of corrections.
        put: The value that stands, by key.
        forgotten: Ids of events.
    """

    said: dict[str, tuple[str, str]] = field(default_factory=dict)
    corrected: list[str] = field(default_factory=list)
    put: dict[str, str] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)

    def live(self) -> list[str]:
        return [id for id, (_, state) in self.said.items() if state == "live"]

    def after(self, act: Act) -> None:
        """What is held once `act` is done."""
        if act.what in ("observe", "load"):
            self.said |= {id: (spoken(id), "live") for id in new_ids(act)}
        elif act.what == "correct":
            self.said[act.to] = (spoken(act.to), "superseded")
            self.corrected.append(corrected(act.to))
        elif act.what == "retract":
            self.said[act.to] = (spoken(act.to), "retracted")
        elif act.what == "put":
            self.put[act.to] = value(act)
        elif act.what == "forget":
            del self.said[act.to]
            self.forgotten.add(act.to)

    def records(self) -> Counter[tuple[str, str]]:
        """How often each text stands in a record of each state."""
        live = [*self.corrected, *self.put.values()]
        return Counter([*self.said.values(), *((text, "live") for text in live)])


def spoken(id: str) -> str:
    return f"{id} said that the swallows are back"


def corrected(id: str) -> str:
    return f"{id} corrected: the swifts"


def value(act: Act) -> str:
    return f"{act.to} is {act.n}"


def new_ids(act: Act) -> list[str]:
    return [f"{act.to}-{act.n}-{i}" for i in range(TOGETHER if act.what == "observe" else IMPORTED)]


def series(name: str, seed: object, weights: dict[str, int] | None = None) -> Iterator[Act]:
    """Acts without end, each possible after those before it; the same ones for the same seed."""
    choose = random.Random(f"{name} {seed}")
    weights = weights or WEIGHTS
    held = Held()
    n = 0
    while True:
        what = choose.choices(list(weights), list(weights.values()))[0]
        on = {"correct": held.live(), "retract": held.live(), "forget": list(held.said)}.get(what)
        if on == []:
            continue
        n += 1
        to = choose.choice(on) if on else f"{name}-key{choose.randrange(3)}" if what == "put" else name
        act = Act(what, to, n)
        held.after(act)
        yield act


def do(bank: Bank, act: Act) -> None:
    """Do `act`; it is acknowledged when this returns."""
    store = bank.store()
    if act.what == "observe":
        store.observe(*(Event(id=id, text=spoken(id)) for id in new_ids(act)), embed=act.n % 2 == 0)
    elif act.what == "load":
        bank.load(exported(new_ids(act)))
    elif act.what == "correct":
        store.correct(act.to, corrected(act.to), why="misheard")
    elif act.what == "retract":
        store.retract([act.to])
    elif act.what == "put":
        store.put(act.to, value(act))
    elif act.what == "forget":
        bank.forget(NS, events=[act.to])
    elif act.what == "rebuild":
        bank.rebuild(NS)
    elif act.what == "scrub":
        bank.scrub(wait_seconds=0.1)


def exported(ids: Iterable[str]) -> list[str]:
    """An export that says what was spoken under `ids`."""
    event = {
        "kind": "event",
        "namespace": NS,
        "time": "2026-01-05T09:00:00Z",
        "recorded_at": "2026-01-05T09:00:00Z",
    }
    events = [{**event, "id": id, "text": spoken(id)} for id in ids]
    spec = {"store": "episodic", "options": {}, "members": []}
    head = [
        {"kind": "agentmem.export", "version": 1},
        {"kind": "namespace", "namespace": NS, "stores": {"episodic": spec}},
    ]
    return [json.dumps(line) for line in [*head, *events, {"kind": "end", "events": len(events)}]]


def after(acts: Iterable[Act]) -> Held:
    """What `acts`, done in this order, leave behind."""
    held = Held()
    for act in acts:
        held.after(act)
    return held


def found(bank: Bank, name: str) -> tuple[Counter[tuple[str, str]], set[str]]:
    """What a bank holds of a writer: its records, and the ids of its forgotten events."""
    own = [record for record in bank.store().select() if record.text.startswith(f"{name}-")]
    with bank.database.read() as connection:
        ids = connection.exec_driver_sql("SELECT id FROM event WHERE state = 'forgotten'").scalars().all()
    return Counter((one.text, one.state.value) for one in own), {
        id for id in ids if id.startswith(f"{name}-")
    }


def agrees(bank: Bank, name: str, held: Held) -> bool:
    """Whether a bank holds of a writer just what it should."""
    return found(bank, name) == (held.records(), held.forgotten)
