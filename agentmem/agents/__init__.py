"""Agents: environments they act in, policies that decide, and the loop that gives them a memory."""
