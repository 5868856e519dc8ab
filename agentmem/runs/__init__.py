"""Runs of agents in worlds: what is played, in folders of their own, gone on with where they were cut off."""
