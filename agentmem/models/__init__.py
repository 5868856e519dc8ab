"""Language models behind one protocol: `open_model(settings, "llama")`, then `complete`."""

from agentmem.models.base import (
    Cancellation,
    ChatModel,
    Completion,
    Message,
    Usage,
    assistant,
    system,
    user,
)
from agentmem.models.registry import open_model

__all__ = [
    "Cancellation",
    "ChatModel",
    "Completion",
    "Message",
    "Usage",
    "assistant",
    "open_model",
    "system",
    "user",
]
