"""Other stores and the bare limits, each with the same three methods."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from timeit import timeit
from typing import Any

from agentmem.embedders.base import Embedder, Matrix
from agentmem_bench.adapters.base import Peer
from agentmem_bench.adapters.chroma import Chroma
from agentmem_bench.adapters.embedding import langchain
from agentmem_bench.adapters.langgraph import LangGraphStore
from agentmem_bench.speed import bare

LOADED = 20
"""Rows of one load by primary key."""


class LangChainStore(Peer):
    """LangChain's InMemoryVectorStore; it embeds by itself."""

    package = "langchain-core"

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        from langchain_core.vectorstores import InMemoryVectorStore

        self._store = InMemoryVectorStore(langchain(embedder))

    def add(self, first: int, texts: Sequence[str], vectors: Matrix) -> None:
        """One call of `add_texts`."""
        self._store.add_texts(list(texts), ids=[str(first + place) for place in range(len(texts))])

    def search(self, text: str, vector: Matrix, k: int) -> list[int]:
        """A similarity search."""
        return [int(found.id) for found in self._store.similarity_search(text, k=k) if found.id is not None]


class FlatIndex(Peer):
    """FAISS's IndexFlatIP: the vectors alone, all of them scored.

    On one thread or on all, whichever the first search finds faster: waking threads costs more than it
    brings where there are few vectors, or much else to do.
    """

    package = "faiss-cpu"

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        import faiss

        self._faiss: Any = faiss
        self._index: Any = faiss.IndexFlatIP(embedder.dimensions)
        self._tried = False

    def add(self, first: int, texts: Sequence[str], vectors: Matrix) -> None:
        """Append vectors."""
        self._index.add(vectors)

    def search(self, text: str, vector: Matrix, k: int) -> list[int]:
        """Score everything."""
        if not self._tried:
            self._try(vector, k)
        found: list[int] = self._index.search(vector[None], k)[1][0].tolist()
        return found

    def _try(self, vector: Matrix, k: int) -> None:
        every = self._faiss.omp_get_max_threads()
        took = {}
        for threads in (every, 1):
            self._faiss.omp_set_num_threads(threads)
            took[threads] = median(
                timeit(lambda: self._index.search(vector[None], k), number=1) for _ in range(9)
            )
        self._faiss.omp_set_num_threads(min(took, key=took.__getitem__))
        self._tried = True


class SQLiteRows(Peer):
    """Bare SQLite: a search is a load of rows by primary key, spread over the table."""

    package = "sqlite"
    finds = False

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._table = bare.KeyedTexts(folder / "rows.db")
        self._size = 0

    @classmethod
    def version(cls) -> str:
        """Of the library that Python uses."""
        return bare.VERSION

    def add(self, first: int, texts: Sequence[str], vectors: Matrix) -> None:
        """Insert rows, the vectors in float16, in one durable transaction."""
        import numpy as np

        self._table.add(first, texts, [vector.tobytes() for vector in vectors.astype(np.float16)])
        self._size = first + len(texts)

    def search(self, text: str, vector: Matrix, k: int) -> list[int]:
        """Load rows whose numbers follow from the text."""
        from random import Random

        chosen = Random(text).sample(range(self._size), min(LOADED, self._size))  # noqa: S311 - no secret
        return [id for id, _ in self._table.load(chosen)]


PEERS: dict[str, type[Peer]] = {
    "LangGraph InMemoryStore": LangGraphStore,
    "LangChain InMemoryVectorStore": LangChainStore,
    "Chroma": Chroma,
    "FAISS IndexFlatIP": FlatIndex,
    "SQLite, 20 rows by key": SQLiteRows,
}
"""By the name under which they are told."""
