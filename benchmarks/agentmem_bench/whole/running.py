"""Runs steps as processes: what measures time alone, the others side by side, each on cores of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryFile
from time import perf_counter

from agentmem_bench.whole.plan import Step

TOLD = 2_000
"""Characters of what a step that failed said last."""
ASIDE = 2
"""Steps that do not measure time, at once."""
MISSING = (
    "import json, sys; from importlib.metadata import packages_distributions as of; "
    "known = {name.lower() for names in of().values() for name in names}; "
    "print(json.dumps([name for name in sys.argv[1:] if name not in known]))"
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Place:
    """Where steps run.

    Attributes:
        results: The folder of the results.
        data: LoCoMo JSON; none: what needs it is left out.
        plots: The folder of the plots; none: nothing is drawn.
        peers: The Python where the memories of others are installed; none: this one.
        small: Whether runs are to show only that they run.
    """

    results: Path
    data: Path | None = None
    plots: Path | None = None
    peers: str | None = None
    small: bool = False


@dataclass(frozen=True)
class Done:
    """What became of a step: the seconds it took, why it was left out, or how it failed."""

    step: Step
    seconds: float = 0.0
    left_out: str = ""
    failed: str = ""


def run(steps: Sequence[Step], place: Place, say: Say) -> list[Done]:
    """Run them; one that fails ends no other.

    Args:
        steps: In their order.
        place: Where.
        say: Is told what begins, and what became of it.
    """
    found: list[Done] = []
    ready: list[Step] = []
    for step in steps:
        if why := left_out(step, place):
            found.append(Done(step, left_out=why))
            say(f"{step.name}: left out, {why}; its last result stays")
        else:
            ready.append(step)
    aside = [step for step in ready if not step.alone]
    lanes: SimpleQueue[frozenset[int]] = SimpleQueue()
    shares = list(_shares(min(ASIDE, len(aside))))
    for cores in shares:
        lanes.put(cores)

    def beside(step: Step) -> Done:
        cores = lanes.get()
        try:
            return _ran(step, place, say, cores)
        finally:
            lanes.put(cores)

    if aside:
        with ThreadPoolExecutor(len(shares)) as threads:
            for one in as_completed([threads.submit(beside, step) for step in aside]):
                found.append(one.result())
    found += [_ran(step, place, say, frozenset()) for step in ready if step.alone]
    return found


def left_out(step: Step, place: Place) -> str:
    """Why a step cannot run here; empty where it can."""
    if step.data and place.data is None:
        return "it needs --data"
    absent = missing(_python(step, place), step.packages)
    if absent:
        return f"{', '.join(absent)} not installed{' (--peers-python)' if step.peers else ''}"
    return ""


def missing(python: str, packages: Sequence[str]) -> list[str]:
    """Those of `packages` that an interpreter does not have."""
    if not packages:
        return []
    asked = [python, "-c", MISSING, *packages]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    return list(json.loads(done.stdout)) if done.returncode == 0 else list(packages)


def command(step: Step, place: Place) -> list[str]:
    """How a step is called."""
    called = [_python(step, place), "-m", "agentmem.cli", "bench", *step.command]
    called += ["--data", str(place.data)] if step.data else []
    called += ["--plots", str(place.plots)] if step.plots and place.plots else []
    called += step.small if place.small else ()
    return [*called, "--json", str(place.results / step.result)]


def _python(step: Step, place: Place) -> str:
    return place.peers if step.peers and place.peers else sys.executable


def _ran(step: Step, place: Place, say: Say, cores: frozenset[int]) -> Done:
    say(f"{step.name}: agentmem bench {' '.join(command(step, place)[4:-2])}")
    began = perf_counter()
    with TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command(step, place), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        if cores and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, cores)
        code = process.wait()
        seconds = perf_counter() - began
        said.seek(0)
        words = said.read().decode("utf-8", "replace")[-TOLD:].strip()
    if code:
        say(f"{step.name}: FAILED with {code} after {seconds:.0f} s; its last result stays\n{words}")
        return Done(step, seconds, failed=f"{code}")
    say(f"{step.name}: {seconds:.0f} s")
    return Done(step, seconds)


def _shares(lanes: int) -> Iterator[frozenset[int]]:
    """The cores of this process dealt out; where they cannot be told, or are too few, nobody is bound."""
    known = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    for lane in range(lanes):
        yield frozenset(known[lane::lanes])
