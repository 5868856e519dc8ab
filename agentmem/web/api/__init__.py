"""The JSON API of `agentmem serve`: what all stores share, over HTTP, for the namespaces of tokens."""
