"""Task memory, measured: scenarios with a written-down truth, and the scoring of an engine against it."""
