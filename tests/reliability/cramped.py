"""A bank where space runs out: `python cramped.py PATH HOW`; HOW is `limit` (of this process) or a file to delete.

It observes, corrects and puts until that fails, tells what was acknowledged and how it failed, tries everything
else that a bank does, makes space, and goes on.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import acts

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import AgentMemError

LIMIT = 600_000
"""Bytes that one file may have, where the limit of a process stands for a full disk."""
MOST = 5_000
WEIGHTS = {"observe": 6, "correct": 3, "put": 3, "forget": 1, "load": 1}


def tell(**said: object) -> None:
    print(json.dumps(said), flush=True)


def outcome(work: Callable[[], object]) -> str:
    """What became of it: an error of ours, nothing, or (a fault) anything else."""
    try:
        result = work()
    except AgentMemError as error:
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        return f"FAULT {type(error).__name__}: {error}"
    return f"fine: {result}"[:200]


def main(path: str, how: str) -> None:
    """Fill, fail, make space, go on."""
    if how == "limit":
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY))
    folder = Path(path).parent
    with Bank(path, embedder=HashingEmbedder(), settings=Settings(embedder="hashing")) as bank:
        done: list[acts.Act] = []
        series = acts.series("full", 1, WEIGHTS)
        for act in series:
            said = outcome(lambda act=act: acts.do(bank, act))
            if not said.startswith("fine") or len(done) == MOST:
                break
            done.append(act)
        texts = list(acts.after(done).records())
        tries = {
            "recall": lambda: bank.store().recall(texts[0][0], k=5)[0].text,
            "select": lambda: len(bank.store().select()),
            "verify": bank.verify,
            "put again": lambda: bank.store().put("k", "v " * 20_000),
            "load much": lambda: bank.load(acts.exported(f"many-{n}" for n in range(1_500))),
            "scrub": lambda: bank.scrub(0.1),
            "backup": lambda: bank.backup(folder / "backup.db"),
            "rebuild": lambda: bank.rebuild(acts.NS),
        }
        tell(done=done, failed=act, said=said, tries={name: outcome(work) for name, work in tries.items()})
        if how == "limit":
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        else:
            Path(how).unlink()
        with Bank(path, embedder=HashingEmbedder(), settings=Settings(embedder="hashing")) as other:
            elsewhere = outcome(lambda: other.store().observe("another process, so to speak")[0].status)
        again = [act] + [next(series) for _ in range(5)]
        tell(
            again=again,
            said=[outcome(lambda act=act: acts.do(bank, act)) for act in again],
            elsewhere=elsewhere,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
