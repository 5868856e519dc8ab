"""Memory for the OpenAI Agents SDK, and for plain OpenAI and Anthropic clients.

Neither `agents` nor `openai` nor `anthropic` is imported here.
"""

from openai_agentmem.conversation import Conversation
from openai_agentmem.session import AgentMemSession
from openai_agentmem.wrapping import remembering

__all__ = ["AgentMemSession", "Conversation", "remembering"]
