"""The continual loop over ARC tasks: read the memory, solve, feedback from visible pairs, write."""
