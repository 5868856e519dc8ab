"""The benchmark of concept memory: which concepts are chosen for a problem that the memory has not seen."""
