"""A process that changes a bank's embedder: `python reembedding_process.py FILE`; it tells each thing that it does."""

from __future__ import annotations

import sys
import time

from agentmem.bank import Bank, reembedding
from agentmem.config import Settings
from agentmem.db import vectors
from agentmem.embedders.hashing import HashingEmbedder

reembedding.AT_ONCE = 10
reembedding.ERASED_AT_ONCE = 20
erase_others = vectors.erase_others


def say(*words: object) -> None:
    print(*words, flush=True)


class New(HashingEmbedder):
    """The new embedder, slow enough to be caught in the middle."""

    def embed(self, texts):
        say("embed", len(texts))
        time.sleep(0.01)
        return super().embed(texts)


def erase(*arguments):
    say("erase")
    time.sleep(0.01)
    return erase_others(*arguments)


def main(path: str) -> None:
    """Do it, and say so."""
    vectors.erase_others = erase
    with Bank(path, embedder=HashingEmbedder(), settings=Settings(embedder="hashing")) as bank:
        say("ready", len(bank.store().recall("swallow", floor=False)))
        report = bank.reembed(New(32))
        say("done", report.texts, report.erased)


if __name__ == "__main__":
    main(sys.argv[1])
