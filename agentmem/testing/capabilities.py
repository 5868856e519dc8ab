"""What a store can, found by asking it or its class; names play no part."""

from __future__ import annotations

from agentmem.records import Event
from agentmem.stores.base import MemoryStore
from agentmem.stores.episodic import EpisodicStore
from agentmem.testing.promise import DoesNotApply


def is_verbatim(store: MemoryStore) -> bool:
    """Whether its records are the observations themselves."""
    return isinstance(store, EpisodicStore) or store.shelf == EpisodicStore.name


def only_reads(store: MemoryStore) -> bool:
    """Whether it folds no events into records of its own, but reads those of others."""
    return not any(part is store for part in store.folding())


def keeper(store: MemoryStore) -> MemoryStore:
    """`store`, which keeps records of its own.

    Raises:
        DoesNotApply: it only reads.
    """
    if only_reads(store):
        raise DoesNotApply("it keeps no records: the stores that it reads are held to this")
    return store


def interprets(store: MemoryStore) -> bool:
    """Whether it has an `interpret` of its own, which its options have not turned off."""
    return store.interprets


def has_own_retrieve(store_class: type[MemoryStore]) -> bool:
    """Whether the class has a `retrieve` of its own."""
    return store_class.retrieve is not MemoryStore.retrieve


def must_recall(store: MemoryStore) -> bool:
    """Whether what it was told is recalled.

    With the pipeline, and where its records are the observations, it is. A `retrieve` of its own may
    choose to show other things: it is asked, in a namespace beside.
    """
    if is_verbatim(store) or not has_own_retrieve(type(store)):
        return True
    beside = store.bank.store(store.spec, (*store.namespace, "asked"))
    text = "The lighthouse keeper paints two boats."
    beside.put("asked", text)
    return any(hit.text == text for hit in beside.recall(text, floor=False))


def said(event: Event) -> bool:
    """Whether an event is an observation with words in it: such a one can be asked for."""
    return not event.store and bool(event.text.strip())
