"""All benchmarks in one run, and the tables that the documents hold of their results."""
