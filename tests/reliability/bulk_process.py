"""A process that embeds a bank anew on workers: `python bulk_process.py FILE WORKERS FOLDER`.

Each batch that is begun leaves a file in the folder: its name is the worker's process, and a number.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from uuid import uuid4

from agentmem import bulk
from agentmem.bank import Bank, reembedding
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder

reembedding.AT_ONCE = 10


class New(HashingEmbedder):
    """The new embedder, slow enough to be caught in the middle."""

    folder = ""

    def embed(self, texts):
        (Path(self.folder) / f"{os.getpid()}-{uuid4().hex}").touch()
        time.sleep(0.2)
        return super().embed(texts)


def main(path: str, workers: str, folder: str) -> None:
    """Do it, and say so."""
    embedder = New(32)
    embedder.folder = folder
    with (
        Bank(path, embedder=HashingEmbedder(), settings=Settings(embedder="hashing")) as bank,
        bulk.spread(int(workers)) as spread,
    ):
        print("ready", flush=True)
        report = bank.reembed(embedder, spread=spread)
        print("done", report.texts, report.erased, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
