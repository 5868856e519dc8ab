"""Memory for LangChain and LangGraph."""

from langchain_agentmem.middleware import MemoryMiddleware

__all__ = ["MemoryMiddleware"]
