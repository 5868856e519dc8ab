"""Answers from a memory, judged by a judge who was measured first; shared by the benchmarks of dialogues."""
