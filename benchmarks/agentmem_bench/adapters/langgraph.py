"""LangGraph's stores with an index, and LangMem's tools on one; all embed by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agentmem.embedders.base import Embedder, Matrix
from agentmem.extras import needed
from agentmem_bench.adapters.base import ReadablePeer
from agentmem_bench.adapters.embedding import whole

if TYPE_CHECKING:
    from langgraph.store.base import BaseStore

NAMESPACE = ("bench",)


class LangGraphStore(ReadablePeer):
    """InMemoryStore."""

    package = "langgraph-checkpoint"

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        from langgraph.store.memory import InMemoryStore

        self._held = 0
        self._store: BaseStore = InMemoryStore(index=_index(embedder, "text"))

    def add(self, first: int, texts: Sequence[str], vectors: Matrix) -> None:
        """One batch of puts."""
        from langgraph.store.base import PutOp

        self._store.batch(
            [PutOp(NAMESPACE, str(first + place), {"text": text}) for place, text in enumerate(texts)]
        )
        self._held = first + len(texts)

    def search(self, text: str, vector: Matrix, k: int) -> list[int]:
        """A search of the namespace."""
        return [int(item.key) for item in self._store.search(NAMESPACE, query=text, limit=k)]

    def texts(self) -> dict[int, str]:
        """A search without a question."""
        found = self._store.search(NAMESPACE, limit=max(self._held, 1))
        return {int(item.key): item.value["text"] for item in found}


class LangGraphSQLite(LangGraphStore):
    """SqliteStore, which needs an SQLite that loads extensions.

    Raises:
        Unavailable: there is none.
    """

    package = "langgraph-checkpoint-sqlite"

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        from langgraph.store.sqlite import SqliteStore

        self._held = 0
        self._connection = _sqlite().connect(
            str(folder / "store.db"), check_same_thread=False, isolation_level=None
        )
        store = SqliteStore(self._connection, index=_index(embedder, "text"))
        store.setup()
        self._store = store

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class LangMem(ReadablePeer):
    """LangMem's tools to manage and to search memories, on an InMemoryStore; its managers need a model."""

    package = "langmem"

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        from langgraph.store.memory import InMemoryStore
        from langmem import create_manage_memory_tool, create_search_memory_tool

        self._store = InMemoryStore(index=_index(embedder, "content"))
        self._keep = create_manage_memory_tool(NAMESPACE, store=self._store)
        self._find = create_search_memory_tool(
            NAMESPACE, store=self._store, response_format="content_and_artifact"
        )
        self._numbers: dict[str, int] = {}

    def add(self, first: int, texts: Sequence[str], vectors: Matrix) -> None:
        """One call of the tool a text; it answers with the memory's id."""
        for number, text in enumerate(texts, first):
            told = self._keep.invoke({"content": text, "action": "create"})
            self._numbers[str(told).split()[-1]] = number

    def search(self, text: str, vector: Matrix, k: int) -> list[int]:
        """One call of the tool."""
        call = {"name": self._find.name, "args": {"query": text, "limit": k}, "id": "0", "type": "tool_call"}
        return [self._numbers[item.key] for item in self._find.invoke(call).artifact]

    def texts(self) -> dict[int, str]:
        """A search of the store without a question."""
        found = self._store.search(NAMESPACE, limit=max(len(self._numbers), 1))
        return {self._numbers[item.key]: item.value["content"] for item in found}


def _sqlite() -> Any:
    """A module of SQLite that loads extensions."""
    from langgraph.store.sqlite.base import sqlite3

    if hasattr(sqlite3.Connection, "enable_load_extension"):
        return sqlite3
    with needed("LangGraph's SqliteStore, as the SQLite of this Python loads no extensions", "peers"):
        import pysqlite3
    return pysqlite3


def _index(embedder: Embedder, field: str) -> Any:
    return {
        "dims": embedder.dimensions,
        "embed": lambda texts: whole(embedder, texts).tolist(),
        "fields": [field],
        "text_fields": [field],  # what SqliteStore calls them: else it embeds the value as JSON
    }
