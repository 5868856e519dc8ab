"""Another process on a bank: `python writing.py FILE WHAT [ARGUMENTS]`; it prints what was acknowledged."""

from __future__ import annotations

import sys
import threading
import time

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.records import ChangeSet, Event, Record
from agentmem.stores import MemoryStore, register


@register
class Noting(MemoryStore):
    """One note of each observation, thought over slowly where it is told to."""

    name = "noting"
    seconds = 0.0

    def interpret(self, events, view):
        time.sleep(self.seconds)
        return [Event(type="note", text=f"note of {event.id}", caused_by=(event.id,)) for event in events]

    def apply(self, event, view):
        if event.type != "note":
            return ChangeSet()
        return ChangeSet(records=(Record(id=view.new_id(), text=event.text, indexed={"text": event.text}),))


def say(*words: object) -> None:
    print(*words, flush=True)


def observe(bank: Bank, name: str, n: int, embed: bool) -> None:
    for i in range(n):
        event = Event(id=f"{name}-{i}", text=f"The {name} swallow number {i} is back.", session=name)
        receipt = bank.store().observe(event, embed=embed)[0]
        say(receipt.status, receipt.event_id, receipt.seq)


def threads(bank: Bank, name: str, n: int, each: int) -> None:
    def work(t: int) -> None:
        for i in range(each):
            receipt = bank.store().observe(Event(id=f"{name}-{t}-{i}", text=f"{t} {i}"))[0]
            lines.append((receipt.status, receipt.event_id, receipt.seq))

    lines: list[tuple[object, ...]] = []
    workers = [threading.Thread(target=work, args=(t,)) for t in range(n)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for line in lines:
        say(*line)


def main(path: str, what: str, *arguments: str) -> None:
    """Do what is said."""
    settings = Settings(embedder="hashing")
    with Bank(path, embedder=HashingEmbedder(), settings=settings) as bank:
        if what == "observe":
            observe(bank, arguments[0], int(arguments[1]), embed=arguments[2] == "embed")
        elif what == "threads":
            threads(bank, arguments[0], int(arguments[1]), int(arguments[2]))
        elif what == "thinking":
            Noting.seconds = 30.0
            bank.store("noting")
            say("ready")
            bank.store().observe(Event(id="thought", text="a slow thought"))
        elif what == "holding":
            with bank.database.read() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM event").all()
                say("holding", len(bank.store().recall(arguments[0], floor=False)))
                sys.stdin.readline()
            say(
                "let go",
                len(bank.store().recall(arguments[0], floor=False, filter=f'text contains "{arguments[0]}"')),
            )
            sys.stdin.readline()
        elif what == "forget":
            bank.forget(("default",), events=[arguments[0]])
            say("forgotten")


if __name__ == "__main__":
    main(*sys.argv[1:])
