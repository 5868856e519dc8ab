"""MemPalace: live turns filed as its integrations file them, found by its search."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agentmem.embedders.base import Embedder, Matrix
from agentmem_bench.adapters.base import ReadablePeer
from agentmem_bench.adapters.embedding import whole

WING, ROOM, SOURCE = "bench", "talk", "talk"


class MemPalace(ReadablePeer):
    """A palace in a folder of its own, on its default backend; its search is told that the texts are English.

    Its own embedding function is the same model, fetched from a hub: ours stands in its place.
    """

    package = "mempalace"
    strategy = "vector"
    """Where the candidates that it ranks come from."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        # At its import it takes the folders of PYTHONPATH off the path, where ours may lie.
        path = sys.path[:]
        from mempalace import embedding

        sys.path[:] = path
        embedding.get_embedding_function = lambda *_, **__: _Function(embedder)
        from mempalace.convo_miner import file_conversation_exchange
        from mempalace.palace import get_collection
        from mempalace.searcher import search_memories

        self._file: Any = file_conversation_exchange
        self._find: Any = search_memories
        self._folder = str(folder / "palace")
        self._collection: Any = get_collection(self._folder)
        self._numbers: dict[str, int] = {}

    def add(self, first: int, texts: Sequence[str], vectors: Matrix) -> None:
        """One exchange a text."""
        for number, text in enumerate(texts, first):
            drawer = self._file(
                self._collection, wing=WING, room=ROOM, text=text, source_file=SOURCE, agent="bench"
            )
            self._numbers[drawer] = number

    def search(self, text: str, vector: Matrix, k: int) -> list[int]:
        """Its search, without a distance above which nothing is returned."""
        found = self._find(text, self._folder, n_results=k, candidate_strategy=self.strategy, lang="en")
        return [self._numbers[hit["drawer_id"]] for hit in found["results"]]

    def texts(self) -> dict[int, str]:
        """One `get` of everything."""
        found = self._collection.get(limit=max(len(self._numbers), 1), include=["documents"])
        return {self._numbers[id]: text for id, text in zip(found.ids, found.documents, strict=True)}


class MemPalaceUnion(MemPalace):
    """The same, with candidates by words beside those by meaning: an option of its search."""

    strategy = "union"


class _Function:
    """Our embedder by Chroma's interface, under the name of MemPalace's own."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @staticmethod
    def name() -> str:
        return "default"

    def __call__(self, input: Sequence[str]) -> list[Matrix]:
        return list(whole(self._embedder, list(input)))

    embed_query = __call__
