"""Memory for LangChain and LangGraph."""

from langchain_agentmem.embeddings import AgentMemEmbeddings, LangChainEmbedder
from langchain_agentmem.middleware import MemoryMiddleware
from langchain_agentmem.store import AgentMemStore

__all__ = ["AgentMemEmbeddings", "AgentMemStore", "LangChainEmbedder", "MemoryMiddleware"]
