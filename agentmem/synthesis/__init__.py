"""Synthesis: recalled hits into fenced prompt text within a token budget."""

from agentmem.synthesis.duplicates import near_duplicates
from agentmem.synthesis.fence import clean, fence, holds_fence
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
    "holds_fence",
    "near_duplicates",
    "pack",
]
