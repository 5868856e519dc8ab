"""A solver without a language model: enumeration over the routines, guided by a memory."""
