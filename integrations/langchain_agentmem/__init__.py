"""Memory for LangChain and LangGraph."""

from langchain_agentmem.caching import AgentMemByteStore, AgentMemCache
from langchain_agentmem.embeddings import AgentMemEmbeddings, LangChainEmbedder
from langchain_agentmem.history import AgentMemChatMessageHistory
from langchain_agentmem.middleware import MemoryMiddleware
from langchain_agentmem.retriever import AgentMemIndex, AgentMemRetriever
from langchain_agentmem.store import AgentMemStore
from langchain_agentmem.tools import memory_tools
from langchain_agentmem.vectorstore import AgentMemVectorStore

__all__ = [
    "AgentMemByteStore",
    "AgentMemCache",
    "AgentMemChatMessageHistory",
    "AgentMemEmbeddings",
    "AgentMemIndex",
    "AgentMemRetriever",
    "AgentMemStore",
    "AgentMemVectorStore",
    "LangChainEmbedder",
    "MemoryMiddleware",
    "memory_tools",
]
