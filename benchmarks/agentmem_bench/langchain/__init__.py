"""What memory costs an agent of LangChain, its store beside others, and many agents at once."""
