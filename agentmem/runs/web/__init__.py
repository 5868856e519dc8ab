"""Pages of runs: one file each, without anything from outside."""
