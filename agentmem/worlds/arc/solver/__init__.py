"""A solver without a language model: enumeration over the routines, guided by a memory."""

from agentmem.worlds.arc.solver.solve import SIGNATURE, Attempt, Attempts, solve

__all__ = ["SIGNATURE", "Attempt", "Attempts", "solve"]
