"""Long errands, measured: whether memory carries the facts that an agent needs."""
