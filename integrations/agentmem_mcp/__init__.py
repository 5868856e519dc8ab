"""Memory as an MCP server, and for the hooks of coding assistants."""
