"""LangChain's own standard tests, unmodified, for every class of ours that they are about."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from langchain_core.caches import BaseCache
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.indexing.base import DocumentIndex
from langchain_core.retrievers import BaseRetriever
from langchain_core.stores import BaseStore
from langchain_core.tools import BaseTool
from langchain_core.vectorstores import VectorStore
from langchain_tests.integration_tests import (
    AsyncCacheTestSuite,
    BaseStoreAsyncTests,
    BaseStoreSyncTests,
    EmbeddingsIntegrationTests,
    RetrieversIntegrationTests,
    SyncCacheTestSuite,
    ToolsIntegrationTests,
    VectorStoreIntegrationTests,
)
from langchain_tests.integration_tests.indexer import AsyncDocumentIndexTestSuite, DocumentIndexerTestSuite
from langchain_tests.unit_tests import EmbeddingsUnitTests, ToolsUnitTests

from agentmem.bank import Bank
from agentmem.config import Settings
from langchain_agentmem import (
    AgentMemByteStore,
    AgentMemCache,
    AgentMemEmbeddings,
    AgentMemIndex,
    AgentMemRetriever,
    AgentMemVectorStore,
    LangChainEmbedder,
    memory_tools,
)

HASHING = Settings(embedder="hashing")


class TestVectorStore(VectorStoreIntegrationTests):
    @pytest.fixture
    def vectorstore(self, tmp_path) -> Generator[VectorStore, None, None]:
        with Bank(tmp_path / "m.db", embedder=LangChainEmbedder(self.get_embeddings())) as bank:
            yield AgentMemVectorStore(bank)


class TestByteStore(BaseStoreSyncTests[bytes]):
    @pytest.fixture
    def kv_store(self, bank) -> BaseStore[str, bytes]:
        return AgentMemByteStore(bank)

    @pytest.fixture
    def three_values(self) -> tuple[bytes, bytes, bytes]:
        return b"one", b"\x00two", b""


class TestByteStoreAsync(BaseStoreAsyncTests[bytes]):
    @pytest.fixture
    async def kv_store(self, bank) -> BaseStore[str, bytes]:
        return AgentMemByteStore(bank)

    @pytest.fixture
    def three_values(self) -> tuple[bytes, bytes, bytes]:
        return b"one", b"\x00two", b""


class TestCache(SyncCacheTestSuite):
    @pytest.fixture
    def cache(self, bank) -> BaseCache:
        return AgentMemCache(bank)


class TestCacheAsync(AsyncCacheTestSuite):
    @pytest.fixture
    async def cache(self, bank) -> BaseCache:
        return AgentMemCache(bank)


class TestEmbeddingsUnit(EmbeddingsUnitTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return AgentMemEmbeddings


class TestEmbeddings(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return AgentMemEmbeddings


class TestRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _filled(self, bank) -> None:
        type(self).bank = bank
        bank.store().observe(*(f"Memory {n} is about tea." for n in range(5)))

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return AgentMemRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"bank": self.bank, "floor": False}

    @property
    def retriever_query_example(self) -> str:
        return "tea"


@pytest.mark.filterwarnings("ignore:The class `AgentMemIndex`", "ignore:.*is in beta")
class TestIndex(DocumentIndexerTestSuite):
    @pytest.fixture
    def index(self, bank) -> DocumentIndex:
        return AgentMemIndex(bank=bank)


@pytest.mark.filterwarnings("ignore:The class `AgentMemIndex`", "ignore:.*is in beta")
class TestIndexAsync(AsyncDocumentIndexTestSuite):
    @pytest.fixture
    async def index(self, bank) -> DocumentIndex:
        return AgentMemIndex(bank=bank)


def _tools_of(suite: type, tool_name: str, **given: Any) -> type:
    """The standard tests of tools, for one of ours."""

    class OfTool(suite):  # type: ignore[valid-type, misc]
        @pytest.fixture(autouse=True)
        def _opened(self, bank) -> None:
            type(self).bank = bank
            self.known = bank.store().observe("Maya likes coffee.")[0].event_id

        @property
        def tool_constructor(self) -> BaseTool:
            if not hasattr(self, "bank"):  # asked for while tests are collected
                type(self).bank = Bank("sqlite://", settings=HASHING)
            return next(tool for tool in memory_tools(self.bank) if tool.name == tool_name)

        @property
        def tool_invoke_params_example(self) -> dict[str, Any]:
            return {name: self.known if value == "KNOWN" else value for name, value in given.items()}

    OfTool.__name__ = OfTool.__qualname__ = f"Test{suite.__name__}{tool_name.title()}"
    return OfTool


CALLS: dict[str, dict[str, Any]] = {
    "remember": {"text": "Maya likes tea."},
    "recall": {"question": "What does Maya like?"},
    "correct": {"id": "KNOWN", "text": "Maya likes tea."},
    "forget": {"id": "KNOWN"},
}
for _suite in (ToolsUnitTests, ToolsIntegrationTests):
    for _name, _given in CALLS.items():
        _made = _tools_of(_suite, _name, **_given)
        globals()[_made.__name__] = _made


def test_a_document_is_what_it_was(bank):
    store = AgentMemVectorStore(bank)
    document = Document(id="1", page_content="tea", metadata={"deep": {"n": [1, None]}})
    store.add_documents([document])
    assert store.get_by_ids(["1"]) == [document]
