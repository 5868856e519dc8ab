"""One of several processes whose threads act on one bank at once: `python crowd.py PATH NAME THREADS SECONDS TOLD`.

What is forgotten is told to all in the file TOLD, line by line, once `forget` has returned: whoever
begins a recall after that must not see it. At the end it prints, as JSON, what each thread has done.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import acts

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import Unavailable

WEIGHTS = {"observe": 8, "correct": 5, "retract": 2, "put": 4, "forget": 4, "load": 1, "scrub": 1}
RECALLS = 2
"""Recalls after each act."""


class Gone:
    """The texts that nobody may recall any more."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def add(self, text: str) -> None:
        with self.path.open("a") as file:
            os.write(file.fileno(), f"{text}\n".encode())

    def texts(self) -> set[str]:
        return set(self.path.read_text().splitlines())


class Member:
    """One thread: acts, and recalls between them."""

    def __init__(self, bank: Bank, gone: Gone, name: str) -> None:
        self.bank, self.gone, self.name = bank, gone, name
        self.done: list[acts.Act] = []
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()
        self.random = random.Random(name)

    def live(self, until: float) -> None:
        held = acts.Held()
        try:
            for act in acts.series(self.name, 0, WEIGHTS):
                if time.monotonic() > until:
                    return
                while not self.did(act):
                    self.counts["busy"] += 1
                held.after(act)
                self.done.append(act)
                if act.what == "forget":
                    self.gone.add(acts.spoken(act.to))
                for _ in range(RECALLS):
                    self.recall(held)
        except BaseException as error:
            self.wrong.append(f"{self.name}: {error!r}")
            raise

    def did(self, act: acts.Act) -> bool:
        """Whether the bank was not busy: that is the one error that may come, and nothing is kept then."""
        try:
            acts.do(self.bank, act)
        except Unavailable as error:
            if "was locked for over" not in str(error):
                raise
            return False
        return True

    def recall(self, held: acts.Held) -> None:
        self.counts["recalls"] += 1
        own = [held.said[id][0] for id in held.live()]
        text = self.random.choice([*own[-5:], "the swallows are back", f"{self.name}-key1", ""])
        gone = self.gone.texts()
        hits = self.bank.store().recall(text, k=200, floor=False)
        seen = {hit.text for hit in hits}
        if seen & gone:
            self.wrong.append(f"{self.name}: forgotten, and recalled: {sorted(seen & gone)[:3]}")
        if text in own and text not in seen:
            self.wrong.append(f"{self.name}: {text!r} stands, and is not recalled")
        if any(hit.record.state.value != "live" or not hit.text for hit in hits):
            self.wrong.append(f"{self.name}: a hit without text, or of what does not stand")


def main(path: str, name: str, threads: str, seconds: str, told: str) -> None:
    """Act for `seconds` in `threads`."""
    gone = Gone(Path(told))
    until = time.monotonic() + float(seconds)
    with Bank(path, embedder=HashingEmbedder(), settings=Settings(embedder="hashing")) as bank:
        members = [Member(bank, gone, f"{name}{n}") for n in range(int(threads))]
        running = [threading.Thread(target=member.live, args=(until,)) for member in members]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
    did = {one.name: {"done": one.done, "wrong": one.wrong, "counts": one.counts} for one in members}
    print(json.dumps(did))


if __name__ == "__main__":
    main(*sys.argv[1:])
