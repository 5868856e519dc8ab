"""Formats: readers of conversations in JSON lines, plain text, and the exports of others."""

from agentmem.formats.conversation import Conversation, Correction, Format, Question, Source, Turn
from agentmem.formats.reading import FORMATS, parse_conversations, read_conversation, read_conversations

__all__ = [
    "FORMATS",
    "Conversation",
    "Correction",
    "Format",
    "Question",
    "Source",
    "Turn",
    "parse_conversations",
    "read_conversation",
    "read_conversations",
]
