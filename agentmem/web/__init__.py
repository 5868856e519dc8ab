"""What stands before memory that is served over HTTP, the same for all that serve it."""
