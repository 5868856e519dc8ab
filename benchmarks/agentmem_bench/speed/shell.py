"""The shell: `agentmem recall QUESTION` as a process, over a bank of the real embedder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Any

from agentmem.cli.exits import Exit
from agentmem_bench import fresh
from agentmem_bench.progress import Watch, unwatched
from agentmem_bench.speed import banks, corpus
from agentmem_bench.speed.place import Place

if TYPE_CHECKING:
    from agentmem.embedders.base import Embedder

RUNS = 5


def measure(place: Place, records: int, embedder: Embedder, watch: Watch = unwatched) -> dict[str, Any]:
    """Seconds of the command, of a bare Python, and of a process that only embeds a question.

    The processes find the embedder by their settings: `embedder` must be that one.
    """
    bank = banks.real(place, records, embedder, watch)
    questions = corpus.questions(place.real.texts, RUNS + 1, place.seed, about=records)
    recalls, embeds, pythons, nothing = [], [], [], 0
    for done, question in enumerate(questions):
        began = perf_counter()
        nothing += _recall(question, bank.path) == Exit.NEGATIVE
        recalls.append(perf_counter() - began)
        began = perf_counter()
        fresh.ask(f"{__package__}.embed_probe", {"question": question})
        embeds.append(perf_counter() - began)
        began = perf_counter()
        subprocess.run([sys.executable, "-c", ""], check=True)
        pythons.append(perf_counter() - began)
        watch("shell", done + 1, RUNS + 1)
    # The first of each reads its files from the disk, or does not: it is left out.
    return {
        "records": records,
        "embedder": embedder.name,
        "runs_s": [round(seconds, 4) for seconds in recalls[1:]],
        "s": round(median(recalls[1:]), 4),
        "python_s": round(median(pythons[1:]), 4),
        "python_and_embedder_s": round(median(embeds[1:]), 4),
        "nothing": nothing,
    }


def _recall(question: str, bank: Path) -> int:
    done = subprocess.run(  # noqa: S603 - our own command
        [
            *_command(),
            "recall",
            question,
            "--db",
            str(bank),
            "--namespace",
            "/".join(banks.NAMESPACE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (Exit.OK, Exit.NEGATIVE):
        raise fresh.Failed(f"agentmem recall failed with {done.returncode}: {done.stderr.strip()}")
    return done.returncode


def _command() -> list[str]:
    """The command as it is installed beside this Python; else the module."""
    installed = Path(sys.executable).with_name("agentmem")
    return [str(installed)] if installed.is_file() else [sys.executable, "-m", "agentmem.cli"]
