"""Transfer, measured: tasks solved by a search that the programs of other tasks guide."""
