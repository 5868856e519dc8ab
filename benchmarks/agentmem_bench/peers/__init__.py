"""agentmem beside the memories of others: the same data, embedder, k, token budget and tokenizer."""
