"""Synthesis: recalled hits into fenced prompt text within a token budget."""

from agentmem.fence import clean, fence
from agentmem.synthesis.duplicates import near_duplicates
from agentmem.synthesis.pack import pack
from agentmem.synthesis.policy import PackPolicy
from agentmem.synthesis.tokens import FunctionTokens, MiniLMTokens, TokenCounter

__all__ = [
    "FunctionTokens",
    "MiniLMTokens",
    "PackPolicy",
    "TokenCounter",
    "clean",
    "fence",
    "near_duplicates",
    "pack",
]
