"""Task memory: a forest of steps with values, corrections, dependencies and rollback (Task Memory Engine)."""
