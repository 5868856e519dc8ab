"""Memory for LangChain and LangGraph."""
