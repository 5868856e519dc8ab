"""ARC: small grids, and programs that turn one into another."""
