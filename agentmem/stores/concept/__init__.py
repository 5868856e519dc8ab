"""Concept memory (ArcMemo): ideas with parameters, abstracted from solved problems, selected for the next."""
