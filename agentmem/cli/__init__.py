"""The `agentmem` command: one module a command group; `main` puts them together."""
