"""Chroma, on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentmem.embedders.base import Embedder, Matrix
from agentmem_bench.adapters.base import ReadablePeer


class Chroma(ReadablePeer):
    """Chroma's PersistentClient on a folder of its own, given the vectors; its telemetry is off."""

    package = "chromadb"
    embeds = False

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
        self._collection = client.create_collection(
            "bench", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def add(self, first: int, texts: Sequence[str], vectors: Matrix) -> None:
        """One call of `add`."""
        ids = [str(first + place) for place in range(len(texts))]
        self._collection.add(ids=ids, documents=list(texts), embeddings=vectors)

    def search(self, text: str, vector: Matrix, k: int) -> list[int]:
        """A query by vector that returns documents too."""
        found: Any = self._collection.query(query_embeddings=vector[None], n_results=k)
        return [int(id) for id in found["ids"][0]]

    def texts(self) -> dict[int, str]:
        """One `get` of everything."""
        found: Any = self._collection.get(include=["documents"])
        return dict(zip(map(int, found["ids"]), found["documents"], strict=True))
