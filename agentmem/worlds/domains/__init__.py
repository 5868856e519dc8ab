"""Planning worlds of our own: their PDDL, their sentences, and problems drawn from a seed."""
