"""Documents as keyed records of a bank: what vector store, index and retriever have in common."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from langchain_core.documents import Document

from agentmem.errors import InvalidInput
from agentmem.records import Event, Namespace, Record
from agentmem.stores.keyed import KeyedStore

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.stores.base import MemoryStore

KEYED = KeyedStore.name


class Documents:
    """The documents of a namespace, by id.

    Args:
        bank: The bank.
        namespace: Where they are kept.
    """

    def __init__(self, bank: Bank, namespace: Namespace) -> None:
        self.bank = bank
        self.namespace = namespace

    @property
    def memory(self) -> MemoryStore:
        """The store that keeps them."""
        return self.bank.store(KEYED, self.namespace)

    def put(self, documents: Sequence[Document]) -> list[str]:
        """Keep documents, each in the place of an older one of its id; their ids, in order.

        Raises:
            InvalidInput: a document's metadata is no JSON.
        """
        ids = [document.id or str(uuid4()) for document in documents]
        events = [_event(document, id) for document, id in zip(documents, ids, strict=True)]
        if events:
            self.memory.observe(*events)
        return ids

    def get(self, ids: Iterable[str]) -> list[Document]:
        """The documents of `ids` that there are."""
        found = self._records(ids)
        return [document_of(found[id]) for id in dict.fromkeys(ids) if id in found]

    def forget(self, ids: Iterable[str] | None) -> int:
        """Forget documents for good, or all (none named); how many there were."""
        records = self.memory.select() if ids is None else list(self._records(ids).values())
        if records:
            self.bank.forget(self.namespace, records=[record.id for record in records])
        return len(records)

    def _records(self, ids: Iterable[str]) -> dict[str, Record]:
        view = self.bank.view(self.namespace, store=KEYED)
        return {key: records[0] for key, records in view.standing_each(ids).items() if records}


def document_of(record: Record) -> Document:
    """The document that a record keeps; of another record, its text under its id."""
    if record.store != KEYED:
        said = {
            "id": record.id,
            "actor": record.actor,
            "session": record.session,
            "trust": record.trust.value,
        }
        time = record.time.isoformat() if record.time is not None else None
        return Document(id=record.id, page_content=record.text, metadata=said | {"time": time})
    return Document(id=record.key, page_content=record.text, metadata=record.metadata)


def _event(document: Document, id: str) -> Event:
    try:
        metadata: Mapping[str, Any] = json.loads(json.dumps(document.metadata))
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"the metadata of document {id!r} is no JSON: {error}", "give texts, numbers, lists and objects"
        ) from error
    data = {"key": id, "type": "document", "metadata": dict(metadata)}
    return Event(type="put", store=KEYED, text=document.page_content, data=data)
