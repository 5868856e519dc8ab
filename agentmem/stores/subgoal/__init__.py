"""Subgoal working memory (HiAgent): closed subgoals in a line, the open one in full."""
