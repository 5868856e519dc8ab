"""In a process of its own: one memory, put through all conversations."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agentmem.config import Settings
from agentmem.embedders import open_embedder
from agentmem_bench import fresh
from agentmem_bench.peers import quiet
from agentmem_bench.peers.data import read
from agentmem_bench.peers.systems.base import Place
from agentmem_bench.peers.systems.known import KINDS
from agentmem_bench.peers.trial import Taken, Trial
from agentmem_bench.timed import TimedEmbedder


def probe(given: dict[str, Any]) -> dict[str, Any]:
    """Measure what run.py asks for.

    Args:
        given: `system`, a name; `data`, a file, and `limit`; `depth`; `budget`; `model`, a name or none.

    Returns:
        All of `Taken`; `embedder`, its name; `called_out`, what was refused.
    """
    settings = Settings()
    timed = TimedEmbedder(open_embedder(settings))
    timed.embed(["loads the model"])
    talks = read(Path(given["data"]), given["limit"])
    kind = KINDS[given["system"]]
    model = given["model"] if kind.model else None
    trial = Trial(timed, given["depth"], given["budget"])
    taken = Taken()
    with TemporaryDirectory(prefix="agentmem-bench-", ignore_cleanup_errors=True) as top:
        home = Path(top) / "home"
        home.mkdir()
        called_out = quiet.keep_to_itself(home, settings, model=model is not None)
        opener = kind.opener()
        for number, talk in enumerate(talks):
            folder = Path(top) / str(number)
            folder.mkdir()
            trial.run(talk, opener, Place(folder, timed, settings, model), taken)
    told = asdict(taken)
    told["usage"] = taken.usage.model_dump()
    return {**told, "embedder": timed.name, "called_out": called_out}


if __name__ == "__main__":
    fresh.answer(probe)
