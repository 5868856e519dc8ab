"""Writers that are born in no time: children of a process that has imported everything and opened nothing.

Each line on standard input, `PATH NAME SEED`, is one writer. Told are its process id, `begin` and `done` with
each act, and `end` once it is gone.
"""

from __future__ import annotations

import os
import sys

import acts

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def live(path: str, name: str, seed: str) -> None:
    """Act until killed."""
    with Bank(path, embedder=HashingEmbedder(), settings=Settings(embedder="hashing")) as bank:
        for act in acts.series(name, seed):
            say("begin", act.told())
            acts.do(bank, act)
            say("done", act.told())


def main() -> None:
    """Bear one writer a line."""
    with Bank("sqlite://", embedder=HashingEmbedder(), settings=Settings(embedder="hashing")) as warm:
        for act in (acts.Act("observe", "w", 0), acts.Act("load", "w", 1)):
            acts.do(warm, act)
        warm.store().recall("swallows")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                live(*line.split())
            except BaseException as error:
                say("failed", repr(error))
            finally:
                os._exit(1)
        say("born", child)
        os.waitpid(child, 0)
        say("end")


if __name__ == "__main__":
    main()
