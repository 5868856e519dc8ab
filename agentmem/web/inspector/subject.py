"""What is inspected: a bank, or the namespaces under one of them; and which pages a namespace has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agentmem.bank import looking
from agentmem.bank.registry import is_json, spec_of
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import Namespace

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank
    from agentmem.stores.base import MemoryStore

ALWAYS = (("timeline", "Timeline"), ("records", "Records"), ("search", "Search"), ("context", "Context"))
"""Pages that every namespace has: the name of the path, and how it is called."""
AT_LAST = (("changes", "Changes"),)


@dataclass(frozen=True)
class Subject:
    """What is inspected.

    Attributes:
        bank: The bank.
        prefix: The namespace at and under which is looked; none: all of the bank.
        store: The store that is asked first.
        form: What forms carry; empty where nothing may be changed.
        name: What the bank is called.
    """

    bank: Bank
    prefix: Namespace | None = None
    store: str = "episodic"
    form: str = field(default="", repr=False)
    name: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may be changed."""
        return bool(self.form)

    def known(self, namespace: Namespace) -> Namespace:
        """`namespace`, where it may be looked at, and something was written to it.

        Raises:
            NotFound: it may not, or nothing was.
        """
        prefix = self.prefix or ()
        if namespace[: len(prefix)] != prefix or not self.bank.numbers(namespace):
            raise NotFound("there is no such namespace here", "choose one on the first page")
        return namespace

    def memory(self, namespace: Namespace, name: str) -> MemoryStore:
        """A store of a namespace to be read, by its name or a sum of names; nothing is attached.

        Raises:
            NotFound: there is none of this name.
            InvalidInput: it is named by a specification, which could name other namespaces to be read.
        """
        if is_json(name) and name != self.store:
            raise InvalidInput("a memory is named by stores here", "write profile+episodic")
        return self.bank.make_store(spec_of(name or self.store), self.known(namespace))


@dataclass(frozen=True)
class Kinds:
    """The stores of a namespace that have a page of their own, by the kind of page: those to choose among."""

    by_page: dict[str, list[str]]
    stores: dict[str, MemoryStore]

    @property
    def tabs(self) -> list[tuple[str, str]]:
        """The pages of the namespace: the name of the path, and how it is called."""
        own = [(page, TITLES[page]) for page in TITLES if page in self.by_page]
        return [*ALWAYS, *own, *AT_LAST]

    def store(self, page: str, name: str = "") -> MemoryStore:
        """The store that a page is about.

        Raises:
            NotFound: the namespace has none of this kind.
        """
        names = self.by_page.get(page, [])
        if not names or (name and name not in names):
            raise NotFound(
                f"this namespace has no {TITLES[page].lower()}", f"its stores: {', '.join(self.stores)}"
            )
        return self.stores[name or names[0]]


TITLES = {
    "tasks": "Tasks",
    "subgoals": "Subgoals",
    "concepts": "Concepts",
    "layers": "Layers",
    "profile": "Profile",
    "entities": "Entities",
}


def kinds_of(bank: Bank, namespace: Namespace) -> Kinds:
    """The stores that are attached to a namespace, and the pages that they have."""
    from agentmem.stores.concept.store import ConceptMemory
    from agentmem.stores.entities.store import EntityMemory
    from agentmem.stores.layered.store import LayeredMemory
    from agentmem.stores.profile.store import ProfileStore
    from agentmem.stores.subgoal.store import SubgoalMemory
    from agentmem.stores.task.store import TaskMemory

    classes: dict[str, type[MemoryStore]] = {
        "tasks": TaskMemory,
        "subgoals": SubgoalMemory,
        "concepts": ConceptMemory,
        "layers": LayeredMemory,
        "profile": ProfileStore,
        "entities": EntityMemory,
    }
    stores = looking.stores(bank, namespace)
    by_page: dict[str, list[str]] = {}
    for page, kind in classes.items():
        names = [name for name, store in stores.items() if isinstance(store, kind)]
        if names:
            by_page[page] = names
    return Kinds(by_page, stores)


def is_waiting(bank: Bank, namespace: Namespace, shelf: str) -> bool:
    """Whether there is something in a namespace that a store has not read yet."""
    return bool(looking.waiting(bank, namespace, shelf=shelf, limit=1).items)
