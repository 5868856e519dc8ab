"""The memories by name, and what each of them needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from agentmem.errors import InvalidInput, Unavailable
from agentmem.extras import install, not_installed
from agentmem_bench.adapters.base import installed
from agentmem_bench.peers.systems.base import Place, System

if TYPE_CHECKING:
    from collections.abc import Sequence

MEM0 = "pip install 'mem0ai[nlp]' fastembed, in an environment of its own"
NO_MODEL = "no model configured: --model openai:MODEL, or AGENTMEM_MODEL"


@dataclass(frozen=True)
class Kind:
    """One kind of memory.

    Attributes:
        about: What it is, in a line.
        packages: What must be installed; their versions are told.
        of: Module and class, below this package; or below `adapters`, where it is a store.
        remedy: What installs them.
        store: Whether the class is a store's.
        model: Whether it needs a language model.
        on_disk: Whether it keeps anything when its process ends.
    """

    about: str
    packages: tuple[str, ...]
    of: tuple[str, str]
    remedy: str = install("peers")
    store: bool = True
    model: bool = False
    on_disk: bool = True

    @property
    def versions(self) -> dict[str, str | None]:
        """The version of each package; none where that is not installed."""
        return {package: installed(package) for package in self.packages}

    def opener(self) -> Callable[[Place], System]:
        """What makes one; others' packages are imported when it does."""
        module, name = self.of
        if not self.store:
            made: Callable[[Place], System] = getattr(import_module(f"{__package__}.{module}"), name)
            return made
        from agentmem_bench.peers.systems.stored import Stored

        return partial(Stored, getattr(import_module(f"agentmem_bench.adapters.{module}"), name))


def _ours(about: str, name: str) -> Kind:
    return Kind(about, ("agentmem",), ("ours", name), store=False)


def _mem0(about: str, name: str, *, model: bool) -> Kind:
    return Kind(about, ("mem0ai", "fastembed"), ("mem0", name), MEM0, store=False, model=model)


def _mempalace(about: str, name: str) -> Kind:
    return Kind(about, ("mempalace", "chromadb"), ("mempalace", name))


KINDS: Mapping[str, Kind] = {
    "agentmem": _ours("episodic memory, `recall` as it is", "Episodic"),
    "bm25": _ours("agentmem's BM25 alone", "Words"),
    "dense": _ours("agentmem's exact cosine alone", "Dense"),
    "chroma": Kind("PersistentClient", ("chromadb",), ("chroma", "Chroma")),
    "langgraph": Kind(
        "InMemoryStore with an index",
        ("langgraph-checkpoint",),
        ("langgraph", "LangGraphStore"),
        on_disk=False,
    ),
    "langgraph-sqlite": Kind(
        "SqliteStore with an index", ("langgraph-checkpoint-sqlite",), ("langgraph", "LangGraphSQLite")
    ),
    "langmem": Kind(
        "its tools on an InMemoryStore, no model",
        ("langmem", "langgraph-checkpoint"),
        ("langgraph", "LangMem"),
        on_disk=False,
    ),
    "mem0": _mem0("infer=False, no model", "Mem0", model=False),
    "mem0-model": _mem0("infer=True: a model writes its memories", "Mem0Inferring", model=True),
    "mempalace": _mempalace("its search, candidates by meaning", "MemPalace"),
    "mempalace-union": _mempalace("its search, candidates by meaning and by words", "MemPalaceUnion"),
}


def missing(name: str) -> Unavailable | None:
    """The error for what one of `KINDS` needs and is not installed; none: nothing."""
    absent = [package for package, version in KINDS[name].versions.items() if version is None]
    return not_installed(name, absent, KINDS[name].remedy) if absent else None


def chosen(names: Sequence[str] | None, model: str | None) -> tuple[list[str], dict[str, str]]:
    """Which memories run, and why the others of `KINDS` do not.

    Args:
        names: Those that are asked for; none: all that can run here.
        model: A language model's name; none: there is none.

    Raises:
        InvalidInput: a name that there is not, or that needs a model where there is none.
        Unavailable: one that is asked for is not installed.
    """
    for name in names or ():
        if name not in KINDS:
            raise InvalidInput(f"--systems: no {name!r}", f"there are: {', '.join(KINDS)}")
        if error := missing(name):
            raise error
        if KINDS[name].model and model is None:
            raise InvalidInput(f"{name} needs a language model", "give --model openai:MODEL")
    run: list[str] = []
    not_run: dict[str, str] = {}
    for name in dict.fromkeys(names or KINDS):
        if error := missing(name):
            not_run[name] = str(error)
        elif KINDS[name].model and model is None:
            not_run[name] = NO_MODEL
        else:
            run.append(name)
    return run, not_run
