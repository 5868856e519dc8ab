"""Worlds: environments to act in, from planning domains to a long errand."""
