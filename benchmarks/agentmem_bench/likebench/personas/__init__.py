"""Who the simulated users are: schema, reading, checks, and a seeded generator."""
