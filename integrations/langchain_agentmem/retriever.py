"""Retrievers of LangChain: any memory's recall, and an index of documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.indexing import DeleteResponse, UpsertResponse
from langchain_core.indexing.base import DocumentIndex
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from agentmem.bank import Bank, MemorySpec
from agentmem.records import Namespace, Query
from langchain_agentmem.documents import KEYED, Documents, document_of


class AgentMemRetriever(BaseRetriever):
    """What a memory recalls for a question, by meaning and words, each with its score in the metadata.

    Attributes:
        bank: The bank.
        namespace: Whose memory.
        store: The store that recalls; `keyed` for documents of an `AgentMemVectorStore`.
        k: How many at most.
        filter: In agentmem's filter language.
        entity: A name, alias or id: only what tells of it, where the store `entities` is attached.
        scope: `prefix` reads the namespaces under it, too.
        floor: Whether nothing is returned where nothing is relevant.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    bank: Bank
    namespace: Namespace = ("default",)
    store: MemorySpec | str = "episodic"
    k: int = 10
    filter: str | None = None
    entity: str | None = None
    scope: str = "own"
    floor: bool = True

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **options: Any
    ) -> list[Document]:
        asked = Query.model_validate(
            {
                "text": query,
                "k": self.k,
                "filter": self.filter,
                "entity": self.entity,
                "scope": self.scope,
                "floor": self.floor,
            }
            | options
        )
        found = []
        for hit in self.bank.store(self.store, self.namespace).recall(asked):
            document = document_of(hit.record)
            document.metadata["score"] = hit.score
            found.append(document)
        return found


class AgentMemIndex(DocumentIndex):
    """Documents by id, found by meaning and words.

    Attributes:
        bank: The bank.
        namespace: Where its documents are kept.
        k: How many are found at most.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    bank: Bank
    namespace: Namespace = ("documents",)
    k: int = 10

    @property
    def _documents(self) -> Documents:
        return Documents(self.bank, self.namespace)

    def upsert(self, items: Sequence[Document], /, **options: Any) -> UpsertResponse:
        """Keep documents, each in the place of an older one of its id."""
        return UpsertResponse(succeeded=self._documents.put(items), failed=[])

    def delete(self, ids: list[str] | None = None, **options: Any) -> DeleteResponse:
        """Forget documents for good.

        Raises:
            ValueError: no ids are named: all are forgotten by `delete` of the vector store.
        """
        if ids is None:
            raise ValueError("name the ids of documents to delete")
        there = [str(document.id) for document in self._documents.get(ids)]
        gone = self._documents.forget(there)
        return DeleteResponse(num_deleted=gone, succeeded=there, num_failed=0, failed=[])

    def get(self, ids: Sequence[str], /, **options: Any) -> list[Document]:
        """The documents of `ids` that there are."""
        return self._documents.get(ids)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **options: Any
    ) -> list[Document]:
        hits = self.bank.store(KEYED, self.namespace).recall(query, k=options.get("k", self.k))
        return [document_of(hit.record) for hit in hits]
