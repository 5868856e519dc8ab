"""A vector store of LangChain on a bank: exact or nearly so, durable, and what is deleted is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import VectorStore

from agentmem.bank import Bank
from agentmem.filters import Filter
from agentmem.records import Namespace, Query, Record
from langchain_agentmem.documents import KEYED, Documents, document_of
from langchain_agentmem.embeddings import AgentMemEmbeddings, LangChainEmbedder
from langchain_agentmem.filters import ALL, passes, sql_of

Wanted = Mapping[str, Any] | Filter | str | None
"""A filter on metadata by key (`{"lang": "en", "year": {"$gte": 2020}}`), or of agentmem's own language."""


class AgentMemVectorStore(VectorStore):
    """Documents by id, found by meaning with the bank's embedder. Safe for threads and processes.

    Args:
        bank: The bank; closing it is up to whoever opened it.
        namespace: Where its documents are kept.
    """

    def __init__(self, bank: Bank, *, namespace: Namespace = ("documents",)) -> None:
        self.documents = Documents(bank, namespace)

    @classmethod
    def from_texts(
        cls,
        texts: list[str],
        embedding: Embeddings,
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        bank: Bank | str | Path = "sqlite://",
        namespace: Namespace = ("documents",),
        **options: Any,
    ) -> AgentMemVectorStore:
        """A store of texts: in `bank`, or in one opened at that path, in memory where none is named."""
        if not isinstance(bank, Bank):
            bank = Bank(bank, embedder=LangChainEmbedder(embedding))
        store = cls(bank, namespace=namespace)
        store.add_texts(texts, metadatas, ids=ids)
        return store

    @property
    def embeddings(self) -> Embeddings:
        """The bank's embedder."""
        return AgentMemEmbeddings(self.documents.bank)

    def add_texts(
        self,
        texts: Iterable[str],
        metadatas: list[dict[str, Any]] | None = None,
        *,
        ids: list[str] | None = None,
        **options: Any,
    ) -> list[str]:
        """Keep texts, each in the place of an older one of its id; their ids."""
        given = list(texts)
        of = metadatas or [{} for _ in given]
        named: Sequence[str | None] = ids or [None for _ in given]
        return self.documents.put(
            [
                Document(id=id, page_content=text, metadata=metadata)
                for text, metadata, id in zip(given, of, named, strict=True)
            ]
        )

    def delete(self, ids: list[str] | None = None, **options: Any) -> bool:
        """Forget documents for good, or all where none are named."""
        self.documents.forget(ids)
        return True

    def get_by_ids(self, ids: Sequence[str], /) -> list[Document]:
        """The documents of `ids` that there are."""
        return self.documents.get(ids)

    def similarity_search(
        self, query: str, k: int = 4, *, filter: Wanted = None, **options: Any
    ) -> list[Document]:
        """The `k` documents nearest in meaning."""
        return [document for document, _ in self.similarity_search_with_score(query, k, filter=filter)]

    def similarity_search_with_score(
        self, query: str, k: int = 4, *, filter: Wanted = None, **options: Any
    ) -> list[tuple[Document, float]]:
        """The `k` documents nearest in meaning, each with its cosine."""
        view = self.documents.bank.view(self.documents.namespace, store=KEYED)
        return self._found(lambda most, wanted: view.search(query, "text", most, wanted), k, filter)

    def similarity_search_by_vector(
        self, embedding: list[float], k: int = 4, *, filter: Wanted = None, **options: Any
    ) -> list[Document]:
        """The `k` documents nearest to a vector, which need not have the length 1."""
        vector = np.asarray(embedding, np.float32)
        length = float(np.linalg.norm(vector))
        unit = vector / length if length else None
        view = self.documents.bank.view(self.documents.namespace, store=KEYED)
        found = self._found(lambda most, wanted: view.nearest(unit, "text", most, wanted), k, filter)
        return [document for document, _ in found]

    def max_marginal_relevance_search(
        self,
        query: str,
        k: int = 4,
        fetch_k: int = 20,
        lambda_mult: float = 0.5,
        *,
        filter: Wanted = None,
        **options: Any,
    ) -> list[Document]:
        """`k` documents that are near, and unlike one another (`lambda_mult` 0) or not (1).

        They are chosen among the best of the whole store: `fetch_k` plays no part.
        """
        wanted, check = _filter_of(filter)
        asked = Query(
            text=query,
            k=ALL if check else k,
            filter=wanted,
            steps=("dense",),
            floor=False,
            mmr=lambda_mult,
        )
        records = [hit.record for hit in self.documents.memory.recall(asked)]
        return [document_of(record) for record in records if not check or _passes(record, filter)][:k]

    def _select_relevance_score_fn(self) -> Callable[[float], float]:
        return lambda cosine: max(0.0, cosine)

    def _found(
        self, search: Callable[[int, Filter | str | None], list[tuple[Record, float]]], k: int, filter: Wanted
    ) -> list[tuple[Document, float]]:
        wanted, check = _filter_of(filter)
        found = search(ALL if check else k, wanted)
        return [
            (document_of(record), score) for record, score in found if not check or _passes(record, filter)
        ][:k]


def _filter_of(filter: Wanted) -> tuple[Filter | str | None, bool]:
    return sql_of(filter, "metadata") if isinstance(filter, Mapping) else (filter, False)


def _passes(record: Record, filter: Wanted) -> bool:
    return passes(record.metadata, filter) if isinstance(filter, Mapping) else True
