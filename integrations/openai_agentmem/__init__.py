"""Memory for the OpenAI Agents SDK, and for plain OpenAI and Anthropic clients."""
