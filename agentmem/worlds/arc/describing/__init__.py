"""Describing a task: what is seen in its grids, and questions on what may be going on between them."""
