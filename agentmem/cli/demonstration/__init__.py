"""The demonstration: a chat is read, asked about from another process, corrected, and partly forgotten."""
