"""LongMemEval: of the sessions and turns that answer a question, how many come back; a memory a question."""
